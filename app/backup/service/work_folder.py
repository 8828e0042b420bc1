"""The folder for plain copies: for one process at a time, readable by this user alone, emptied before and after."""

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.backup.domain.manifest import BackupError


@contextmanager
def work_folder(root: Path) -> Iterator[Path]:
    """Yield an empty folder and delete it at the end; delete what a killed process left behind first.

    Raises BackupError while another process makes, checks or restores a backup.
    """
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    with (root / "lock").open("ab") as lock:
        if not _is_locked(lock):
            raise BackupError("Another process makes, checks or restores a backup. Wait until it has ended.")
        for left in root.glob("work-*"):
            shutil.rmtree(left)
        folder = root / f"work-{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _is_locked(file: IO[bytes]) -> bool:
    """Lock a file until it is closed, also by the death of the process; return False if another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
