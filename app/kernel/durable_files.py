"""Write files so that a power cut leaves the old content or the new one, never half of it."""

import os
from pathlib import Path
from typing import IO


def open_private(path: Path) -> IO[bytes]:
    """Open a file for writing that only this user can read; its old content is lost."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to disk."""
    if os.name != "posix":  # Windows opens no folder, and needs none opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
