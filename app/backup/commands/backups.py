"""`flask backup`, `backup-key`, `backup-checked` and `restore`."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from flask.cli import with_appcontext

from app import VERSION
from app.backup.domain.manifest import BackupError
from app.backup.service import encryption, making, reading, restoring
from app.backup.service.backups import Versions
from app.backup.service.databases import copies_of
from app.backup.service.reading import OpenedBackup
from app.backup.service.restoring import RestoredSite
from app.backup.service.upgrading import leave_database
from app.db.migration_files import TableState, head_revision, known_revisions, table_state
from app.db.session import db
from app.kernel import clock
from app.web.settings import settings
from config import STORE, StorePath, read_store_path

P = ParamSpec("P")
MIB = 1024**2
SHOWN_FAULTS = 5
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


class PathOrStore(click.ParamType[Path | StorePath]):
    """A path on this machine, or `s3://bucket/path`."""

    name = "path"

    def __init__(self, local: click.Path) -> None:
        self.local = local

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Path | StorePath:
        """Read an argument."""
        if not value.startswith(STORE):
            return Path(str(self.local.convert(value, param, ctx)))
        try:
            return read_store_path(value)
        except ValueError:
            self.fail("s3://bucket/path in letters, digits, `-`, `_`, `.`.", param, ctx)


def with_readable_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Report expected errors of a command as one message."""

    @wraps(command)
    def command_with_errors(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except BackupError as error:
            raise click.ClickException(str(error)) from error

    return command_with_errors


@click.command("backup-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """Create the private key of a holder of backups in FILE, and print the public key for BACKUP_HOLDERS.

    Run this command on the machine of the holder. The file never belongs on the server.
    """
    try:
        public = encryption.create_key(file)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}.") from error
    click.echo(public)
    click.echo(f"{file} opens all backups for this key: keep it, and a copy, where the server is not.", err=True)


@click.command("backup")
@click.argument("folder", required=False, type=PathOrStore(FOLDER))
@with_appcontext
@with_readable_errors
def backup(folder: Path | StorePath | None) -> None:
    """Make an encrypted backup into FOLDER, by default into BACKUP_PATH, after it was restored and compared.

    FOLDER may be a path of an object store, s3://bucket/path.
    """
    target = folder or settings().backups.path
    if target is None:
        raise click.ClickException("Name a folder, or set BACKUP_PATH.")
    refuse_other_tables()
    result = making.make_backup(settings(), target, Versions(VERSION, head_revision()), by_hand=True)
    click.echo(f"{result.path}: {result.sealed.size / MIB:.1f} MB in {result.took_ms / 1000:.1f} seconds.")
    click.echo(f"Proved: {result.rows} rows of the restored copy are equal to those of the site.")
    _report_faults(result.faults)
    for name in making.delete_old(settings(), target):
        click.echo(f"Deleted: {name}")


@click.command("backup-checked")
@click.argument("code")
@with_appcontext
def backup_checked(code: str) -> None:
    """Record that a holder checked a backup; `flask restore --check` printed the CODE."""
    name = making.record_check(code, clock.real_now())
    if name is None:
        raise click.ClickException("No backup of this site has this code.")
    click.echo(f"The check of {name} by a holder is recorded.")


@click.command("restore")
@click.argument("archive", type=PathOrStore(FILE))
@click.option("--key", "key_file", required=True, type=FILE, help="File with the private key of a holder.")
@click.option("--check", "is_check", is_flag=True, help="Only check the backup in a scratch database.")
@click.option("--yes", "is_confirmed", is_flag=True, help="Restore without asking.")
@with_appcontext
@with_readable_errors
def restore(archive: Path | StorePath, key_file: Path, *, is_check: bool, is_confirmed: bool) -> None:
    """Restore the site from an encrypted backup, or only check the backup; stop web server and jobs first.

    ARCHIVE is a file, or a backup in an object store: s3://bucket/path/academy-TIME.age.
    """
    leave_database()
    if not is_check:
        copies_of(settings().database_url).refuse_if_in_use(settings().database_url)
    with reading.opened(archive, key_file, settings(), revisions=known_revisions()) as opened:
        leave_database()
        _report(opened)
        if is_check:
            click.echo(f"Tell the operator the code of this check: {opened.manifest.check_code}")
            click.echo("The operator types it on the server: flask backup-checked CODE")
            return
        if not is_confirmed:
            click.confirm(f"Put it in the place of {_target()}?", abort=True)
        done = restoring.restore(opened, archive.name, settings(), clock.machine_now())
    _report_restored(done)


def refuse_other_tables() -> None:
    """Raise BackupError unless the tables are those of this program: a backup of others could not be checked."""
    if table_state() is not TableState.CURRENT:
        raise BackupError("The tables are not those of this program. Run `flask upgrade`.")


def _target() -> str:
    return db.engine.url.render_as_string()


def _report(opened: OpenedBackup) -> None:
    manifest = opened.manifest
    click.echo(f"Backup of {manifest.made_at}, version {manifest.program}, {manifest.database}.")
    click.echo(f"Equal to the site at that time: {manifest.rows} rows, {len(manifest.files)} files.")
    click.echo(f"Names and mail addresses were read of: {', '.join(opened.people) or 'there are no people'}.")
    _report_faults(opened.copy.faults)


def _report_faults(faults: object) -> None:
    texts = list(faults) if isinstance(faults, (list, tuple)) else []
    if not texts:
        click.echo("Rules between rows hold, and the audit log is intact.")
        return
    click.echo(f"The site itself has {len(texts)} faults (`flask check-invariants`, `flask audit verify`):")
    for text in texts[:SHOWN_FAULTS]:
        click.echo(f"  {text}")


def _report_restored(done: RestoredSite) -> None:
    click.echo("Restored. All sessions were ended: everybody signs in again.")
    click.echo(f"Files: {done.added_files} added, {done.replaced_files} replaced; newer ones stay.")
    if done.old_database:
        click.echo(f"The database of before is {done.old_database}. Delete it when all is well.")
    if done.newer_audit_files:
        folder = settings().audit_path
        aside = folder.with_name(f"{folder.name}-newer")
        click.echo(f"{len(done.newer_audit_files)} signed files of the audit log are newer than the backup.")
        click.echo("They prove how many entries were lost. Keep them, but move them aside before `flask audit verify`:")
        click.echo(f"  mkdir -p {aside}")
        for path in done.newer_audit_files:
            click.echo(f"  mv {path} {aside}/")
    if db.engine.dialect.name == "postgresql":
        click.echo("With two roles: run `flask running-role ROLE` now.")
    if settings().media_path is not None:
        click.echo("If no other copy of this database uses MEDIA_PATH any more: run `flask media-claim` now.")
    click.echo("Next: `flask doctor --keys`, `flask audit verify`, `flask start`.")
