import os
import random
import signal

import pytest

from tests.soak import learners
from tests.soak.ground import Ground
from tests.support.examples import FULL
from tests.support.forked_commands import ForkedServer, SupervisedServer
from tests.support.settings import LITE, POSTGRES

# `make soak` kills 1,000 times: 300 times on each database, 400 times at random moments; each change 25 times
KILLS = 300 if FULL else 12
KILLED = [LITE, POSTGRES] if FULL else [LITE]  # the random moments are those of PostgreSQL
ALL = 3 if FULL else 12  # each time of this number all processes are killed, else a worker
LEARNERS = 6
RANDOM_KILLS = 400 if FULL else 13
SERVER = 6 if FULL else 13  # each time of this number the server itself is killed
RANDOM_LEARNERS = 32 if FULL else 6

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("ground", KILLED, indirect=True)
def test_no_acknowledged_answer_is_lost_when_the_web_server_is_killed(ground: Ground) -> None:
    chance = random.Random(25)
    with ForkedServer(ground.folder, ground.url) as server:
        people = learners.settle(ground, LEARNERS, server.port)

        def kill(number: int) -> None:
            server.wait()
            if number % ALL == ALL - 1:
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


def test_no_acknowledged_answer_is_lost_at_kills_of_random_moments(pg_ground: Ground) -> None:
    chance = random.Random(100)
    with SupervisedServer(pg_ground.folder, pg_ground.url) as server:
        people = learners.settle(pg_ground, RANDOM_LEARNERS, server.port)

        def kill(number: int) -> None:
            """Kill a worker, all workers at once or, now and then, the server itself; wait for nothing."""
            workers = server.workers()
            chosen = chance.sample(workers, chance.randint(0, len(workers)))
            if number % SERVER == SERVER - 1:
                chosen = server.servers()
            for pid in chosen or workers[:1]:
                _kill(pid)

        learners.write_while(people, RANDOM_KILLS, kill, more=lambda: chance.randint(1, 3 * RANDOM_LEARNERS))
        server.wait()
    assert sum(one.repeats for one in people) > 0, "no learner noticed a kill"
    assert learners.lost(pg_ground, people) == []
    assert [one.strange for one in people if one.strange] == []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it has ended by itself
