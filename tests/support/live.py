"""A real web server on a database of its own, for tests that kill it, load it and measure it."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Protocol

from flask import Flask

from app.db.session import db
from app.factory import create_app
from tests.support.settings import KEYS, REPOSITORY, settings_for

PATIENCE = 40.0  # seconds until a server has to answer on a busy machine
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def write_keys(folder: Path) -> None:
    """Write the keys that every test uses, so that this process and the server read each other's rows."""
    folder.mkdir(parents=True, exist_ok=True)
    rings = {"cookie": KEYS.cookie, "identity": KEYS.identity, "index": KEYS.index, "audit": KEYS.audit}
    for name, ((number, secret), *_older) in rings.items():
        path = folder / f"{name}.key"
        path.write_text(f"{number}:{base64.b64encode(secret).decode()}\n", "ascii")
        path.chmod(0o600)


def environment(folder: Path, url: str, port: int, more: Mapping[str, str]) -> dict[str, str]:
    write_keys(folder / "secrets")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SMTP_")},
        "ACADEMY_MODE": "live",
        "SECRETS_PATH": str(folder / "secrets"),
        "DATABASE_URL": url,
        "MEDIA_PATH": str(folder / "media"),
        "AUDIT_PATH": str(folder / "audit"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SHOW_DRAFTS": "yes",
        **more,
    }


@contextmanager
def database(url: str) -> Iterator[Flask]:
    """Make all tables of an empty database; the application looks at it from this process."""
    app = create_app(settings_for(url))
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Process(Protocol):
    """What a server needs of its process: `subprocess.Popen` has it."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def terminate(self) -> None: ...


class Server:
    """`flask serve` as its own group of processes."""

    def __init__(
        self,
        folder: Path,
        url: str,
        *,
        workers: int = 2,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.count = workers
        self.log = folder / "server.log"
        self.settings = environment(folder, url, self.port, settings or {})
        self.process: Process | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_what: object) -> None:
        self.stop()

    def start(self) -> None:
        self.process = self._begin("serve", "--port", str(self.port), "--workers", str(self.count))
        self.wait()

    def wait(self) -> None:
        """Wait until it answers, and all its workers are there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                raise AssertionError(f"the server ended by itself: {self.log.read_text()[-2000:]}")
            if len(self.workers()) >= self.count and answers(self.port):
                return
            time.sleep(0.05)
        raise AssertionError(f"the server did not answer: {self.log.read_text()[-2000:]}")

    def workers(self) -> list[int]:
        """Return the ids of the worker processes."""
        return [
            child for pid in self.servers() for child in children(pid) if b"resource_tracker" not in _command(child)
        ]

    def servers(self) -> list[int]:
        """Return the process ids of the web server."""
        return [self._pid()]

    def kill_worker(self, place: int) -> None:
        """Kill one worker as the system does when memory is short; the server starts another."""
        workers = self.workers()
        if workers:
            os.kill(workers[place % len(workers)], signal.SIGKILL)

    def kill(self) -> None:
        """Kill the whole group at once."""
        os.killpg(self._pid(), signal.SIGKILL)
        self._process().wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def cpu(self) -> float:
        """Return the seconds of processor time that the workers took so far (Linux)."""
        return sum(_cpu(worker) for worker in self.workers())

    def cpu_with_children(self) -> float:
        """Return the seconds of processor time of the workers and of the processes that they started (Linux)."""
        workers = self.workers()
        living = [child for worker in workers for child in children(worker)]
        return sum(_cpu(worker) + _cpu_of_ended(worker) for worker in workers) + sum(_cpu(child) for child in living)

    def memory(self) -> int:
        """Return the bytes that the largest worker holds (Linux)."""
        return max(_resident(worker) for worker in self.workers())

    def _begin(self, *words: str) -> Process:
        """Start a `flask` command."""
        command = ["-m", "flask", "--app", "wsgi", *words]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command], cwd=REPOSITORY, env=self.settings, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def _process(self) -> Process:
        assert self.process is not None
        return self.process

    def _pid(self) -> int:
        return self._process().pid


def answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def children(pid: int) -> list[int]:
    pids = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue  # it has ended meanwhile
        if int(parent) == pid and state != "Z":  # a killed one stays as a zombie until it is noticed
            pids.append(int(path.parent.name))
    return sorted(pids)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _cpu(pid: int) -> float:
    return _ticks(pid, 11) / TICKS


def _cpu_of_ended(pid: int) -> float:
    """Return the processor time of children that have ended."""
    return _ticks(pid, 13) / TICKS


def _ticks(pid: int, first: int) -> int:
    """Return the sum of two fields of a process: its time in user mode and in the kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[first]) + int(fields[first + 1])


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
