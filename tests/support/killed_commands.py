"""Run a `flask` command or a job in a process that kills itself at a given call, as a power cut would."""

import os
import signal
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Any

from tests.support import forked_commands

KILLED = -signal.SIGKILL
JOB = "job"


def run(environment: Mapping[str, str], *command: str, kill_at: str = "", after: bool = False) -> tuple[int, str]:
    """Run a command and return its exit code and output; `kill_at` is "module:name" of the call, or of a method.

    The process dies before the call, or `after` it. The command `JOB` runs a function: "module:name".
    """
    prepare = partial(_kill_at, kill_at, after=after) if kill_at else None
    if command[0] == JOB:
        return forked_commands.call(environment, partial(_call, command[1]), prepare=prepare)
    return forked_commands.run(environment, *command, prepare=prepare)


def _named(place: str) -> tuple[Any, str]:
    module, _, names = place.partition(":")
    owner: Any = import_module(module)
    *outer, name = names.split(".")
    for part in outer:
        owner = getattr(owner, part)
    return owner, name


def _call(place: str) -> None:
    owner, name = _named(place)
    getattr(owner, name)()


def _kill_at(place: str, *, after: bool) -> None:
    owner, name = _named(place)
    call = getattr(owner, name)

    def dying(*args: Any, **kwargs: Any) -> None:
        if after:
            call(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)
