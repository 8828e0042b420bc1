"""The space of the disk of a folder."""

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes free and in all."""

    free: int
    total: int


def disk(folder: Path) -> Disk:
    """Return the space of the disk of a folder, which need not exist."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(existing)
    return Disk(usage.free, usage.total)
