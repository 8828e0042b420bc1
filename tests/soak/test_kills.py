import random

import pytest

from tests.live import Server
from tests.soak import learners
from tests.soak.conftest import Ground

KILLS = 25
LEARNERS = 6

pytestmark = pytest.mark.soak


def test_no_acknowledged_answer_is_lost_when_the_web_server_is_killed(ground: Ground) -> None:
    chance = random.Random(25)
    with Server(ground.folder, ground.url) as server:
        people = learners.settle(ground, LEARNERS, server.port)

        def kill(number: int) -> None:
            # the same worker twice within six seconds is a crash loop for the server, and it gives up
            server.wait()
            if number % 3 == 2:
                server.kill()
                server.start()
            else:
                server.kill_worker(0 if number % 3 else chance.randrange(2))

        learners.write_while(people, KILLS, kill)
        assert all(learners.paper(ground.app, one.attempt) == one.slips for one in people)
    given = sum(len(one.acknowledged) for one in people)
    assert given >= KILLS * 12
    assert sum(one.repeats for one in people) > 0, "no learner noticed a kill"
    assert learners.lost(ground, people) == []
    assert [one.strange for one in people if one.strange] == []
