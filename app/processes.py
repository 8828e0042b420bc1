"""Run the processes of a site, web server and jobs: start them, replace those that end, stop all at a signal."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Any

import click
from granian.server.mp import MPServer

PATIENCE = 10.0  # seconds that a process gets to end by itself
STARTER = "ACADEMY_STARTER"  # environment variable of the started processes: process id of the supervisor
POLL = 0.1  # seconds
STEADY = 5.0  # seconds that a program without an address must run to count as started
PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0)  # seconds before the next start, by the number of failed starts in a row
CRASHES = 20  # deaths of workers within `CRASH_SECONDS` after which the web server process is replaced as a whole
CRASH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Program:
    """A `flask` command that runs until a signal; if it has an address, it has started when it responds there."""

    command: tuple[str, ...]
    address: tuple[str, int] | None = None


JOBS = Program(("jobs",))
METRICS = Program(("metrics",))


class WebServer(MPServer):
    """Granian that replaces killed workers, also when the same worker dies twice within seconds."""

    def __init__(self, target: str, **options: Any) -> None:
        super().__init__(target, **options)
        self._deaths: list[float] = []

    def _respawn_workers(self, workers, spawn_target, target_loader, delay=0):  # type: ignore[no-untyped-def]
        """Replace workers. Granian gives up when a worker it replaced dies within 5.5 s: clear what it compares."""
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        now = time.monotonic()
        recent = [death for death in self._deaths if now - death < CRASH_SECONDS]
        self._deaths = [*recent, *(now for _worker in workers)]
        if len(self._deaths) < CRASHES:
            self.respawned_wrks.clear()


class _Running:
    """A program, its current process, and the failed starts in a row."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.failures = 0
        self.ever_started = False
        self.due_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self._begin()

    def check(self) -> int | None:
        """Replace an ended process when due; return its exit code if the program cannot be started."""
        if self.process is None:
            if time.monotonic() >= self.due_at:
                self._begin()
            return None
        code = self.process.poll()
        if code is None:
            self._note_start()
            return None
        self._end_group(self.process.pid)
        self.process = None
        self.failures = 0 if self.started else self.failures + 1
        if not self.ever_started or self.failures >= len(PAUSES):
            return code
        self.due_at = time.monotonic() + PAUSES[self.failures]
        click.echo(f"`flask {self.program.command[0]}` ended (exit code {code}). Starting it again.", err=True)
        return None

    def terminate(self) -> None:
        """Tell the process to end; it ends what it started."""
        if self.process is not None:
            self.process.terminate()

    def wait(self) -> None:
        """Wait until the process has ended; kill it, and what it started, after `PATIENCE`."""
        if self.process is None:
            return
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._end_group(self.process.pid, kill=True)
            self.process.wait()

    def _begin(self) -> None:
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        environment = os.environ | {STARTER: str(os.getpid())}
        # a group of its own: the workers of a killed server are found by it
        group = {"process_group": 0} if hasattr(os, "killpg") else {}
        self.started = False
        self.began_at = time.monotonic()
        self.process = subprocess.Popen([*flask, *self.program.command], env=environment, **group)  # type: ignore[call-overload]  # noqa: S603 - our own program

    def _note_start(self) -> None:
        if self.started:
            return
        if self.program.address is None:
            self.started = time.monotonic() - self.began_at >= STEADY
        else:
            self.started = _answers(*self.program.address)
        self.ever_started = self.ever_started or self.started

    def _end_group(self, pid: int, *, kill: bool = False) -> None:
        """Send SIGTERM or SIGKILL to the process and all that it started."""
        if not hasattr(os, "killpg"):
            if self.process is not None:
                (self.process.kill if kill else self.process.terminate)()
            return
        try:
            os.killpg(pid, signal.SIGKILL if kill else signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            return  # all of them have ended


def web(host: str, port: int, *options: str) -> Program:
    """Return the web server's program."""
    return Program(("serve", "--host", host, "--port", str(port), *options), (host, port))


def run_together(programs: Sequence[Program]) -> int:
    """Run programs side by side and replace those that end, until SIGTERM or SIGINT, or until one cannot be started.

    A program cannot be started if it ends before its first start has succeeded, or after `PAUSES` failed starts in a
    row. Returns its exit code, 0 after a signal.
    """
    signals = _collect_signals()
    running: list[_Running] = []
    try:
        running.extend(_Running(program) for program in programs)
        while not signals:
            codes = [code for entry in running if (code := entry.check()) is not None]
            if codes:
                return codes[0]
            time.sleep(POLL)
        return 0
    finally:
        for entry in running:
            entry.terminate()
        for entry in running:
            entry.wait()


def refuse_taken(host: str, port: int) -> None:
    """Raise ClickException if another server listens on the port: the system would share requests between both.

    A server that was told to end, or lost its supervisor, gets `PATIENCE` seconds to free the port.
    """
    until = time.monotonic() + PATIENCE + 2
    while True:
        try:
            socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(POLL)
                continue
            reason = (error.strerror or "").partition(" (")[0]
            hint = "Does another `flask start` run? End it first, or choose another address: --host, --port."
            raise click.ClickException(f"{host}:{port} cannot be listened at ({reason}). {hint}") from error
        return


def follow(parent: int) -> None:
    """End this process soon after its parent has ended: a killed parent cannot end it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def follow_starter() -> None:
    """End this process soon after `run_together` that started it has ended."""
    if os.environ.get(STARTER) == str(os.getppid()):
        follow(os.getppid())


def _collect_signals() -> list[int]:
    """Return a list to which each SIGTERM and SIGINT is added from now on."""
    received: list[int] = []

    def receive(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, receive)
    return received


def _answers(host: str, port: int) -> bool:
    """Return whether a server answers a request at the address, with whatever status."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - it is compared, not listened at
    connection = HTTPConnection(local, port, timeout=2)
    try:
        connection.request("GET", "/health")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
