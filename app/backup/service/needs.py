"""What backups of PostgreSQL need of the server and of this machine, for `flask doctor`."""

from app.backup.domain.manifest import BackupError
from app.backup.store import postgresql_copies


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
