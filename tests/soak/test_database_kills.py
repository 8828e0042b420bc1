import pytest

from app.db.session import db, durability_faults
from tests.soak import learners
from tests.soak.ground import Ground
from tests.support.examples import FULL
from tests.support.forked_commands import ForkedServer
from tests.support.postgres import Cluster

KILLS = 50 if FULL else 5
LEARNERS = 6

pytestmark = pytest.mark.soak


def test_no_acknowledged_answer_is_lost_when_the_database_is_killed(cluster: Cluster, cluster_ground: Ground) -> None:
    with ForkedServer(cluster_ground.folder, cluster_ground.url) as server:
        people = learners.settle(cluster_ground, LEARNERS, server.port)

        def kill(_number: int) -> None:
            cluster.kill()
            cluster.start()

        learners.write_while(people, KILLS, kill)
    with cluster_ground.app.app_context():
        db.engine.dispose()  # this process's own connections were cut, too
        assert durability_faults() == []
    assert sum(len(one.acknowledged) for one in people) >= KILLS * 12
    assert learners.lost(cluster_ground, people) == []
    assert [one.strange for one in people if one.strange] == []
