"""Files that one worker makes and all workers of a test run read."""

import fcntl
from collections.abc import Callable
from pathlib import Path


def make_once(folder: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Return the file `name` of the run's folder; the first worker that asks lets `make` write it, the others wait."""
    path = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = folder / f"{name}.unfinished"
            make(unfinished)
            unfinished.rename(path)
    return path
