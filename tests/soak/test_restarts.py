"""`flask start` as a whole: which processes are replaced when some of them are killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import stamp

from tests.support import databases, forked_commands, live
from tests.support.forked_commands import ForkedProcess
from tests.support.polling import look_until

pytestmark = pytest.mark.soak


class Site:
    """The processes of `flask start`, found by the command lines of its children."""

    def __init__(self, process: ForkedProcess, port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self.log = log

    def look(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        return live.answers(self.port) and len(self.workers()) == 2

    def child(self, command: str) -> int | None:
        found = [pid for pid in live.children(self.process.pid) if command in _words(pid)]
        return found[0] if found else None

    def workers(self) -> list[int]:
        server = self.child("serve")
        return live.children(server) if server else []


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    port, url = live.free_port(), databases.sqlite_url(tmp_path)
    settings = live.environment(tmp_path, url, port, {})
    with live.database(url) as app, app.app_context():
        stamp()  # as if all migrations had run
    log = tmp_path / "start.log"
    made = Site(forked_commands.begin(settings, log, "start", "--port", str(port)), port, log)
    look_until(made.look)
    yield made
    made.process.terminate()
    made.process.wait()


def test_killed_processes_are_replaced_and_jobs_continue(site: Site) -> None:
    look_until(lambda: site.child("jobs"))
    server, jobs = site.child("serve"), site.child("jobs")
    for _ in range(2):  # the same worker again and again, as soon as it is replaced
        first = site.workers()[0]
        os.kill(first, signal.SIGKILL)
        look_until(lambda first=first: first not in site.workers() and site.look())
    for worker in site.workers():
        os.kill(worker, signal.SIGKILL)
    look_until(site.look)
    assert (site.child("serve"), site.child("jobs")) == (server, jobs)

    orphans = site.workers()
    assert server is not None
    os.kill(server, signal.SIGKILL)
    look_until(lambda: site.child("serve") not in {None, server} and site.look())
    look_until(lambda: not any(_words(pid) for pid in orphans))
    assert site.child("jobs") == jobs

    everything = [site.child("serve"), jobs, *site.workers()]
    os.kill(site.process.pid, signal.SIGINT)
    assert site.process.wait() == 0
    look_until(lambda: not any(_words(pid) for pid in everything if pid))
    assert not live.answers(site.port)


def test_start_that_cannot_succeed_ends_with_its_message(tmp_path: Path) -> None:
    port = live.free_port()
    settings = live.environment(tmp_path, databases.sqlite_url(tmp_path), port, {"LANGUAGE_DEFAULT": "xx"})
    code, output = forked_commands.run(settings, "start", "--port", str(port))
    assert code == 1
    assert "LANGUAGE_DEFAULT" in output
