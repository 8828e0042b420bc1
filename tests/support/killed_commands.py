"""Run a `flask` command or a job in a process that kills itself at a given call, as a power cut would."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from tests.support.settings import REPOSITORY

KILLED = -signal.SIGKILL
JOB = "job"


def run(environment: Mapping[str, str], *command: str, kill_at: str = "", after: bool = False) -> tuple[int, str]:
    """Run a command and return its exit code and output; `kill_at` is "module:name" of the call, or of a method.

    The process dies before the call, or `after` it. The command `JOB` runs a function: "module:name".
    """
    program = [sys.executable, "-m", "tests.support.killed_commands", kill_at, "after" if after else "", *command]
    done = subprocess.run(program, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def _named(place: str) -> tuple[Any, str]:
    module, _, names = place.partition(":")
    owner: Any = import_module(module)
    *outer, name = names.split(".")
    for part in outer:
        owner = getattr(owner, part)
    return owner, name


def _kill_at(place: str, *, after: bool) -> None:
    owner, name = _named(place)
    call = getattr(owner, name)

    def dying(*args: Any, **kwargs: Any) -> None:
        if after:
            call(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)


def main() -> None:
    place, after, *command = sys.argv[1:]
    if place:
        _kill_at(place, after=bool(after))
    from wsgi import app

    if command[0] == JOB:
        owner, name = _named(command[1])
        with app.app_context():
            getattr(owner, name)()
        return
    sys.exit(app.cli.main(command, "flask"))


if __name__ == "__main__":
    main()
