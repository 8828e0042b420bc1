"""A PostgreSQL cluster in a temporary folder, for tests that kill the database, slow it down or read from a replica."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from tests.support.live import free_port

USER = "postgres"
PATIENCE = 30.0


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs."""
    paths = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return paths[-1].parent if paths else None


def why_not() -> str:
    """Return why no cluster can be made here; empty when one can."""
    if programs() is None:
        return "no initdb under /usr/lib/postgresql"
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return f"no user {USER}, and PostgreSQL does not run as root" if os.geteuid() == 0 else ""
    return ""


class Cluster:
    """One database server, or a read replica of another one; `kill` stops it as a power cut of its process would."""

    def __init__(self, primary: "Cluster | None" = None) -> None:
        self._primary = primary
        self.folder = Path(tempfile.mkdtemp(prefix="academy-postgres-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> "Cluster":
        made = self.folder / "data"
        if self._primary is None:
            self._run("initdb", "-D", str(made), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        else:
            address = f"host=127.0.0.1 port={self._primary.port} user={USER}"
            self._run("pg_basebackup", "-D", str(made), "-d", address, "-R", "--checkpoint=fast", "--no-sync")
        self.start()
        return self

    def __exit__(self, *_what: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)  # at once: its files are deleted
            self.process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start it and wait until it answers; after a kill its children need a moment to notice."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                self.process = self._begin()
            try:
                psycopg.connect(host="127.0.0.1", port=self.port, user=USER, dbname=USER, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """Kill its first process; the others end with it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def execute(self, statement: LiteralString) -> list[tuple[Any, ...]]:
        """Execute a statement as the superuser and return its rows, if it has any."""
        with psycopg.connect(host="127.0.0.1", port=self.port, user=USER, dbname=USER, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _begin(self) -> subprocess.Popen[bytes]:
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60", "-c", "autovacuum=off"]
        command = [*_program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), "-k", ""]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen([*command, *options], stdout=log, stderr=log, start_new_session=True, **_as_user())

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run([*_program(name), *arguments], check=True, stdout=subprocess.DEVNULL, **_as_user())


def _program(name: str) -> list[str]:
    folder = programs()
    assert folder is not None
    return [str(folder / name)]


def _as_user() -> dict[str, Any]:
    """Return how a program runs as the database's user: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    return {"user": USER, "group": pwd.getpwnam(USER).pw_gid, "extra_groups": [], "cwd": "/"}
