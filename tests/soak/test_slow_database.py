import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest

from tests import databases
from tests.conftest import POSTGRES
from tests.courses_for_tests import SLUG
from tests.live import Server
from tests.relay import Line, relay
from tests.soak import learners
from tests.soak.conftest import Ground
from tests.visits import Answer, Visit

SLOW = 0.5  # seconds more for each message to the database
PATIENT = 5.0
LONGEST = 30.0
EXHAUSTED = 6.0
AT_ONCE = 20  # more than the connections and threads of one worker together

pytestmark = [pytest.mark.soak, pytest.mark.parametrize("ground", [POSTGRES], indirect=True)]


@pytest.fixture
def line(ground: Ground) -> Iterator[Line]:
    """A line to PostgreSQL that can be made slow."""
    port = int(databases.SERVER.rpartition("@")[2].partition(":")[2] or 5432)
    with relay(port) as made:
        yield made


def through(ground: Ground, line: Line) -> str:
    host = databases.SERVER.rpartition("@")[2]
    return ground.url.replace(host, f"127.0.0.1:{line.port}")


def test_pages_come_within_five_seconds_over_a_slow_line_to_the_database(ground: Ground, line: Line) -> None:
    with Server(ground.folder, through(ground, line), workers=1) as server:
        learner = learners.settle(ground, 1, server.port)[0]
        lesson = f"/courses/{SLUG}/lessons/the-list"
        paths = ["/", "/courses", f"/courses/{SLUG}", lesson, f"/attempts/{learner.attempt}/1", "/record", "/notices"]
        for path in paths:
            learner.visit.get(path)  # texts of courses are kept in memory from here on
        line.delay = SLOW
        took = {path: _timed(learner.visit, path) for path in paths}
        began = time.monotonic()
        assert all(learner.save(one) for one in islice(learner.saves(), 1))
        took["save"] = time.monotonic() - began
        line.delay = 0
        learner.visit.close()
    late = {path: round(seconds, 1) for path, seconds in took.items() if seconds > PATIENT}
    assert late == {}


def test_who_waits_too_long_for_a_connection_is_told_when_to_come_again(ground: Ground, line: Line) -> None:
    with Server(ground.folder, through(ground, line), workers=1, settings={"POOL_SIZE": "1"}) as server:
        visit = Visit(server.port)
        assert visit.get("/health").status == 200
        line.open.clear()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = [pool.submit(_health, server.port) for _ in range(AT_ONCE)]
            time.sleep(EXHAUSTED)
            first = [one.result() for one in asked if one.done()]
            line.open.set()
            rest = [one.result(LONGEST) for one in asked]
        assert first, "nobody was told anything"
        assert {answer.status for answer in first} == {503}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in first)
        assert {answer.status for answer in rest} <= {200, 503}
        assert visit.get("/health").status == 200
        visit.close()


def _timed(visit: Visit, path: str) -> float:
    began = time.monotonic()
    assert visit.get(path).status == 200, path
    return time.monotonic() - began


def _health(port: int) -> Answer:
    visit = Visit(port, timeout=LONGEST)
    try:
        return visit.get("/health")
    finally:
        visit.close()
