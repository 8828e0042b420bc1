"""The job that makes a backup when one is due."""

from app import VERSION
from app.backup.domain.status import is_due
from app.backup.queries import runs
from app.backup.service import making
from app.backup.service.backups import Versions
from app.db.migration_files import head_revision
from app.kernel import clock
from app.web.settings import settings


def back_up() -> None:
    """Make a backup into `BACKUP_PATH` if it is set and one is due, and delete old ones. Raises BackupError."""
    backups = settings().backups
    if backups.path is None or not is_due(runs.summary().last, backups.every, clock.real_now()):
        return
    making.make_backup(settings(), backups.path, Versions(VERSION, head_revision()))
    making.delete_old(settings(), backups.path)
