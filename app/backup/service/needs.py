"""What backups need of their destination, of the server of PostgreSQL and of this machine, for `flask doctor`."""

import os
from pathlib import Path

from app.backup.domain.manifest import BackupError
from app.backup.service.destinations import destination_of
from app.backup.service.store import postgresql_copies
from config import Settings, StorePath


def destination_fault(settings: Settings, path: Path | StorePath) -> str:
    """Return a message if backups cannot be written to a folder, or not be listed in a store; else ""."""
    if isinstance(path, Path):
        is_closed = path.exists() and not os.access(path, os.W_OK | os.X_OK)
        return f"{path} cannot be written to. Let this user write there." if is_closed else ""
    try:
        destination_of(path, settings).names()
    except BackupError as error:
        return str(error)
    return ""


def faults(url: str) -> list[str]:
    """Return a message for each thing that is missing for backups of this PostgreSQL database."""
    try:
        may_create = postgresql_copies.may_create(url)
    except BackupError as error:
        return [str(error)]
    result = [f"{name} is not installed." for name in postgresql_copies.missing_programs()]
    if not may_create:
        result.append("the role may not create the database for the check: `ALTER ROLE ... CREATEDB`.")
    return result
