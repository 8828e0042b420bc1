import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest

from tests.soak import learners
from tests.soak.ground import Ground
from tests.support import databases
from tests.support.courses import SLUG
from tests.support.forked_commands import ForkedServer
from tests.support.http_client import Answer, Visit
from tests.support.relay import Line, relay
from tests.support.settings import POSTGRES

SLOW = 0.5  # seconds more for each message to a far database
DELAY = 0.005  # seconds that each message waits here: messages are counted, not time
PATIENT = 5.0  # seconds of waiting for the line
WARM_UP = 6  # visits of each page before its messages are counted
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


def test_pages_load_within_five_seconds_with_slow_database(ground: Ground, line: Line) -> None:
    with ForkedServer(ground.folder, through(ground, line), workers=1) as server:
        learner = learners.settle(ground, 1, server.port)[0]
        lesson = f"/courses/{SLUG}/lessons/the-list"
        paths = ["/", "/courses", f"/courses/{SLUG}", lesson, f"/attempts/{learner.attempt}/1", "/record", "/notices"]
        # from here on texts of courses are kept in memory, and statements are prepared
        for path in WARM_UP * paths:
            learner.visit.get(path)
        line.delay = DELAY
        waited = {path: _waited(line, lambda path=path: _open(learner.visit, path)) for path in paths}
        waited["save"] = _waited(line, lambda: all(learner.save(one) for one in islice(learner.saves(), 1)))
        line.delay = 0
        learner.visit.close()
    assert {path: seconds for path, seconds in waited.items() if seconds > PATIENT} == {}
    assert min(waited.values()) > 0


def test_request_without_connection_gets_retry_after(ground: Ground, line: Line) -> None:
    with ForkedServer(ground.folder, through(ground, line), workers=1, settings={"POOL_SIZE": "1"}) as server:
        visit = Visit(server.port)
        assert visit.get("/health").status == 200
        line.open.clear()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = [pool.submit(_health, server.port) for _ in range(AT_ONCE)]
            time.sleep(EXHAUSTED)
            first = [one.result() for one in asked if one.done()]
            line.open.set()
            rest = [one.result(LONGEST) for one in asked]
        assert first, "no request was refused"
        assert {answer.status for answer in first} == {503}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in first)
        assert {answer.status for answer in rest} <= {200, 503}
        assert visit.get("/health").status == 200
        visit.close()


def _open(visit: Visit, path: str) -> bool:
    return visit.get(path).status == 200


def _waited(line: Line, done: Callable[[], bool]) -> float:
    """Return the seconds that something waits for the line, whatever else this machine does meanwhile."""
    before = line.messages
    assert done()
    return (line.messages - before) * SLOW


def _health(port: int) -> Answer:
    visit = Visit(port, timeout=LONGEST)
    try:
        return visit.get("/health")
    finally:
        visit.close()
