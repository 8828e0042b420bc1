"""`flask upgrade`: show, rehearse or carry out the migrations that a new version of the program needs."""

from collections.abc import Sequence
from typing import assert_never

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade as migrate

from app import VERSION
from app.backup.commands.backups import with_readable_errors
from app.backup.domain.manifest import BackupError
from app.backup.domain.upgrades import MIB, UpgradePlan
from app.backup.queries import tables_as_expected
from app.backup.service import making, upgrading
from app.backup.service.backups import MadeBackup, Versions
from app.backup.service.databases import copies_of
from app.backup.service.upgrading import UpgradeSteps
from app.db.migration_files import TableState, applied_revision, head_revision, table_state
from app.db.server import privileges
from app.db.server.database_info import database
from app.db.session import db, other_database
from app.kernel import clock
from app.web.settings import settings

NEWER = "The tables were made by a newer version of the academy (%s). Install that version, or restore a backup."
PAGES = ("/health", "/sign-in")  # must answer after an upgrade


@click.command("upgrade")
@click.option("--check", "is_check", is_flag=True, help="Only show migrations, estimated time and disk space.")
@click.option("--rehearse", "is_rehearsal", is_flag=True, help="Migrate a copy; the site may run meanwhile.")
@with_appcontext
@with_readable_errors
def upgrade(*, is_check: bool, is_rehearsal: bool) -> None:
    """Back up, migrate and check the tables of a stopped site; put the copy of before back if that fails."""
    plan = _plan()
    if is_check or is_rehearsal:
        _show(plan)
        if is_rehearsal and plan.pending and plan.has_data:
            _rehearse()
        return
    upgrade_tables(plan)


def upgrade_tables(plan: UpgradePlan | None = None) -> None:
    """Carry out an upgrade; nothing happens if the tables are up to date. Raises BackupError."""
    plan = plan or _plan()
    if not plan.pending:
        click.echo(f"The tables are up to date: {plan.head}.")
        return
    _refuse(plan)
    started, backup = clock.real_now(), _back_up(plan) if plan.has_data else None
    steps = UpgradeSteps(_migrate, _page_faults)
    upgrading.upgrade(settings(), plan, steps, clock.machine_now())
    if backup is not None:
        making.record_made(started, backup)
    took = (clock.real_now() - started).total_seconds()
    click.echo(f"Upgraded from {plan.applied or 'no tables'} to {plan.head} in {took:.0f} seconds, and checked.")


def refuse_other_tables() -> None:
    """Raise BackupError if the tables are not those of this program: processes of the site do not start then."""
    match table_state():
        case TableState.NEWER:
            raise BackupError(NEWER % applied_revision())
        case TableState.OLDER:
            raise BackupError("The tables are those of an earlier version. Run `flask upgrade`.")
        case TableState.EMPTY | TableState.UNVERSIONED | TableState.CURRENT:
            db.engine.dispose()  # forked workers must not share a connection
        case state:
            assert_never(state)


def _plan() -> UpgradePlan:
    state = table_state()
    if state is TableState.NEWER:
        raise BackupError(NEWER % applied_revision())
    if state is TableState.UNVERSIONED:
        raise BackupError("The tables were made without migrations. This database cannot be upgraded.")
    return upgrading.plan(settings(), database().size)


def _show(plan: UpgradePlan) -> None:
    click.echo(f"Tables: {plan.applied or 'none'}. This version needs {plan.head}.")
    if not plan.pending:
        click.echo("Nothing to migrate: restart the processes one after the other.")
        return
    click.echo(f"{len(plan.pending)} migrations:")
    for revision, title in plan.pending:
        click.echo(f"  {revision}  {title}")
    click.echo(f"Estimated time: {plan.estimated_seconds} seconds, for {plan.database_size / MIB:.1f} MB of database.")
    for folder, free in plan.free:
        click.echo(f"Disk of {folder}: {free / MIB:.0f} MB free, {plan.needed_space / MIB:.0f} MB needed.")
    _refuse_full_disks(plan)
    click.echo("Stop web server and jobs, then run `flask upgrade`. Browsers keep answers and send them afterwards.")


def _rehearse() -> None:
    started = clock.real_now()
    upgrading.rehearse(settings(), _migrate_copy)
    took = (clock.real_now() - started).total_seconds()
    click.echo(f"Rehearsed: a copy was migrated and checked in {took:.0f} seconds.")


def _migrate_copy(url: str) -> None:
    with other_database(url):
        _migrate()
        if faults := list(tables_as_expected.faults()):
            raise BackupError("The migrated copy has faults: " + "; ".join(faults[:5]))


def _refuse(plan: UpgradePlan) -> None:
    """Raise BackupError if the upgrade cannot be carried out; nothing was changed."""
    if plan.has_data and db.engine.dialect.name == "postgresql" and not privileges.privileges_of().owned:
        text = "The tables are not up to date, and belong to another role: run `flask upgrade` under that one."
        raise BackupError(text)
    _refuse_full_disks(plan)
    upgrading.leave_database()
    copies_of(settings().database_url).refuse_if_in_use(settings().database_url)


def _refuse_full_disks(plan: UpgradePlan) -> None:
    if folders := plan.full_disks():
        raise BackupError(f"Too little space on the disk of {', '.join(folders)}. Free some space first.")


def _back_up(plan: UpgradePlan) -> MadeBackup | None:
    """Make an encrypted backup, if the site has a folder and holders for it."""
    folder = settings().backups.path
    if folder is None:
        click.echo("BACKUP_PATH is not set: the copy of before is deleted after the upgrade.")
        return None
    versions = Versions(f"before {VERSION}", plan.applied, is_current=False)
    backup = making.make_before_upgrade(settings(), folder, versions)
    click.echo(f"Backup: {backup.path}, {backup.rows} rows.")
    return backup


def _migrate() -> None:
    migrate(revision=head_revision())


def _page_faults() -> Sequence[str]:
    """Return a message for each page that does not answer."""
    client = current_app.test_client()
    answers = {path: client.get(path, base_url=settings().site_url).status_code for path in PAGES}
    return [f"{path} answers {status}" for path, status in answers.items() if status != 200]
