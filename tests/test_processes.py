import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from app import processes
from app.processes import Program, WebServer, run_together
from tests.support.live import free_port
from tests.support.polling import look_until

FLASK = """
import os, sys, time
with open("started", "a") as file:
    file.write(f"{os.getpid()} {sys.argv[-1]}\\n")
if os.path.exists("broken") or sys.argv[-1] == "fail":
    sys.exit(3)
time.sleep(600)
"""


@dataclass
class Supervised:
    """`run_together` in a thread, with programs that write down their process ids."""

    folder: Path
    signals: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    def begin(self, *programs: Program) -> threading.Thread:
        thread = threading.Thread(target=lambda: self.codes.append(run_together(programs)))
        thread.start()
        return thread

    def pids(self, name: str) -> list[int]:
        path = self.folder / "started"
        lines = path.read_text().splitlines() if path.exists() else []
        return [int(line.split()[0]) for line in lines if line.split()[1] == name]


@pytest.fixture
def supervised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Supervised:
    (tmp_path / "flask.py").write_text(FLASK)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = Supervised(tmp_path)
    monkeypatch.setattr(processes, "_collect_signals", lambda: made.signals)
    monkeypatch.setattr(processes, "STEADY", 0.0)
    monkeypatch.setattr(processes, "PAUSES", (0.0, 0.0, 0.0))
    return made


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_killed_program_is_started_again_and_the_other_goes_on(supervised: Supervised) -> None:
    thread = supervised.begin(Program(("web",)), Program(("jobs",)))
    for number in range(1, 4):
        look_until(lambda number=number: len(supervised.pids("web")) == number)
        look_until(lambda: len(supervised.pids("jobs")) == 1)
        os.kill(supervised.pids("web")[-1], signal.SIGKILL)
    look_until(lambda: len(supervised.pids("web")) == 4)
    supervised.signals.append(signal.SIGTERM)
    thread.join()
    assert supervised.codes == [0]
    assert len(supervised.pids("jobs")) == 1
    assert [pid for pid in supervised.pids("web") + supervised.pids("jobs") if _exists(pid)] == []


def test_all_ends_when_the_first_start_of_a_program_fails(
    supervised: Supervised, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STEADY", 600.0)
    thread = supervised.begin(Program(("web",)), Program(("fail",)))
    thread.join()
    assert supervised.codes == [3]
    assert len(supervised.pids("fail")) == 1
    assert [pid for pid in supervised.pids("web") if _exists(pid)] == []


def test_all_ends_when_a_program_fails_to_start_again_and_again(supervised: Supervised) -> None:
    thread = supervised.begin(Program(("web",)))
    look_until(lambda: len(supervised.pids("web")) == 1)
    processes.STEADY = 600.0  # the fixture restores it
    (supervised.folder / "broken").touch()
    os.kill(supervised.pids("web")[0], signal.SIGKILL)
    thread.join()
    assert supervised.codes == [3]
    assert len(supervised.pids("web")) == 1 + len(processes.PAUSES)


def test_program_with_an_address_has_started_when_it_answers() -> None:
    port = free_port()
    assert not processes._answers("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)) as server:

        def reply() -> None:
            connection = server.accept()[0]
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=reply)
        thread.start()
        assert processes._answers("0.0.0.0", port)
        thread.join()


def test_signals_are_collected_and_end_nothing_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: dict[int, Callable[[int, None], None]] = {}
    monkeypatch.setattr(processes.signal, "signal", handlers.__setitem__)
    received = processes._collect_signals()
    for number in (signal.SIGTERM, signal.SIGINT):
        handlers[number](number, None)
    assert received == [signal.SIGTERM, signal.SIGINT]


def test_web_server_goes_on_when_a_worker_dies_twice_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    server = WebServer("wsgi:app")

    def respawn(server: WebServer, workers: list[int], *_loaders: object) -> None:
        server.respawned_wrks.update(dict.fromkeys(workers, 1.0))

    monkeypatch.setattr(processes.MPServer, "_respawn_workers", respawn)
    for _ in range(processes.CRASHES - 1):
        server._respawn_workers([0], None, None)
        assert server.respawned_wrks == {}
    server._respawn_workers([0], None, None)
    assert server.respawned_wrks == {0: 1.0}, "a worker that always dies is left to the supervisor"


def test_two_servers_do_not_share_a_port(monkeypatch: pytest.MonkeyPatch, lite_app: Flask) -> None:
    monkeypatch.setattr(processes, "PATIENCE", -2)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does for its workers
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for command in ("start", "serve"):
            result = lite_app.test_cli_runner().invoke(args=[command, "--port", port])
            assert (result.exit_code, "Does another `flask start` run?" in result.output) == (1, True)
    processes.refuse_taken("127.0.0.1", int(port))


def test_process_ends_when_its_parent_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    ended = threading.Event()
    parents = iter([7, 7, 1])
    monkeypatch.setattr(processes.os, "getppid", lambda: next(parents, 1))
    monkeypatch.setattr(processes.os, "kill", lambda *given: sent.append(given))
    monkeypatch.setattr(processes.os, "_exit", lambda _code: ended.set())
    monkeypatch.setattr(processes, "time", SimpleNamespace(sleep=lambda _seconds: None))
    processes.follow(7)
    assert ended.wait(5)
    assert sent == [(os.getpid(), signal.SIGTERM)]
