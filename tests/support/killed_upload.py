"""Write a folder as a backup into a store, in a process that kills itself after the first object."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.backup.service.destinations import Sealing, destination_of
from app.db.stores.object_store import ObjectStore
from config import StoreAccess, StorePath
from tests.support.settings import REPOSITORY, settings_for


def run(access: StoreAccess, path: StorePath, name: str, sealing: Sealing) -> int:
    """Run the process and return its exit code."""
    words = [access.endpoint, access.region, access.key_id, access.secret, path.bucket, path.prefix, name]
    folders = [str(sealing.snapshot), str(sealing.work)]
    program = [sys.executable, "-m", "tests.support.killed_upload", *words, *folders, *sealing.holders]
    return subprocess.run(program, cwd=REPOSITORY, check=False).returncode


def main() -> None:
    put = ObjectStore.put

    def dying(*args: Any, **kwargs: Any) -> None:
        put(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(ObjectStore, "put", dying)  # noqa: B010 - mypy knows the type of a method
    endpoint, region, key_id, secret, bucket, prefix, name, snapshot, work, *holders = sys.argv[1:]
    settings = settings_for("sqlite://", store=StoreAccess(endpoint, region, key_id, secret))
    destination_of(StorePath(bucket, prefix), settings).seal(name, Sealing(Path(snapshot), holders, Path(work)))


if __name__ == "__main__":
    main()
