"""`flask` commands that run processes, `translations`, and the registration of all commands of packages."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate.cli import db as migrations
from granian.constants import Interfaces
from sqlalchemy.exc import DBAPIError

from app import schedule
from app.audit.commands import audit
from app.backup.commands.backups import backup, backup_checked, backup_key, restore
from app.backup.commands.upgrade import refuse_other_tables, upgrade, upgrade_tables
from app.backup.domain.manifest import BackupError
from app.catalogue.commands import courses
from app.checks.commands import coverage
from app.competence.commands import competence
from app.credentials.commands import credentials
from app.db.keyring import LostKeyError
from app.db.session import db, durability_faults
from app.demo import commands as demo
from app.demo.truth.command import simulate
from app.directory.commands import people
from app.i18n import catalogues, extraction
from app.i18n.babel import TRANSLATIONS
from app.i18n.languages import INTERFACE
from app.learning.commands import completion
from app.operations.commands.doctor import doctor
from app.operations.commands.incident import incident
from app.operations.commands.keys import keys
from app.operations.commands.settings import show_settings
from app.operations.commands.setup import first_admin, running_role
from app.operations.pages import planned_jobs
from app.plan.commands import plan
from app.processes import JOBS, METRICS, PATIENCE, WebServer, follow, follow_starter, refuse_taken, run_together, web
from app.reports.commands import reports
from app.studio.commands import media_back, media_claim
from app.web.http.logs import SERVER_LOG
from app.web.settings import settings
from config import SettingError, Settings, from_environment

SOURCES = Path(__file__).resolve().parent
TRANSLATED = [code for code in INTERFACE if code != "en"]
# fewer threads than database connections of a worker, so that no thread waits for a connection
THREADS = 8
REPLACE_AUDIT = "replace-audit"
# limits for pages that wait for PostgreSQL: its client library reads them, in the web server only
WAITING = {"PGOPTIONS": "-c statement_timeout=25000", "PGCONNECT_TIMEOUT": "5"}

translations = AppGroup("translations", help="Catalogues of the interface.")


@click.command
@with_appcontext
def jobs() -> None:
    """Run the jobs until stopped; one such process for each site."""
    follow_starter()
    _refuse_other_tables()
    # the process outlives any context: each job opens its own
    schedule.run_forever(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


@click.command
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Number of processes.")
@with_appcontext
def serve(host: str, port: int, workers: int) -> None:
    """Run the web server until stopped; refuse a database that could lose acknowledged writes."""
    follow_starter()
    refuse_taken(host, port)
    os.environ.update(WAITING | os.environ)
    _refuse_other_tables()
    if faults := _faults():
        raise click.ClickException("The database could lose answers: " + "; ".join(faults))
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: follow(os.getppid()))  # the workers
    server = WebServer(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=int(PATIENCE),
        log_dictconfig=dict(SERVER_LOG),
    )
    server.serve()


@click.command
@with_appcontext
def metrics() -> None:
    """Answer Prometheus at METRICS_PORT on this machine until stopped."""
    if not settings().metrics.port:
        raise click.ClickException("METRICS_PORT is 0: set the port of this machine at which Prometheus asks.")
    # the library looks for the folder of counts when it is imported: after the settings were read
    from app.operations.commands.metrics import serve_metrics

    follow_starter()
    serve_metrics(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


@click.command
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@with_appcontext
def start(host: str, port: int) -> None:
    """Migrate the tables, then run web server and jobs; restart each one that ends."""
    refuse_taken(host, port)
    _upgrade_tables()
    programs = [web(host, port), JOBS, METRICS] if settings().metrics.port else [web(host, port), JOBS]
    raise click.exceptions.Exit(run_together(programs))


@translations.command("update")
def update_translations() -> None:
    """Collect the texts of code and templates, and update the catalogues."""
    for path in extraction.update(TRANSLATIONS, extraction.extract(SOURCES), TRANSLATED):
        click.echo(path.relative_to(SOURCES.parent))


@translations.command("compile")
def compile_translations() -> None:
    """Compile the catalogues: once for each installed version, by the owner of the program folder."""
    if unwritten := catalogues.make_all(TRANSLATIONS):
        languages = ", ".join(sorted(unwritten))
        raise click.ClickException(f"{TRANSLATIONS}: this user may not write the catalogues of {languages}.")


@translations.command("check")
def check_translations() -> None:
    """Show missing, outdated, unchecked and broken translations; exit with 1 if there are any."""
    faults = translation_faults(TRANSLATIONS)
    for fault in faults:
        click.echo(fault)
    click.echo(f"{len(faults)} faults")
    if faults:
        raise click.exceptions.Exit(1)


def init_app(app: Flask) -> None:
    """Register all commands, and the planned jobs for the operations page."""
    if _is_command():
        sys.excepthook = say_why
    planned_jobs.init_app(app, schedule.planned(settings(app).mode))
    for command in COMMANDS:
        app.cli.add_command(command)


def without_settings(error: SettingError, create: Callable[[Settings], Flask]) -> Flask:
    """Return an application without settings for help and for a command that needs none.

    Raises the error itself for the web server, a ClickException for another command.
    """
    if not _is_command():
        raise error
    if not _needs_no_settings(sys.argv[1:]):
        raise click.ClickException(str(error))
    if REPLACE_AUDIT in sys.argv[1:]:  # needs the database, but not the lost key
        with suppress(SettingError):
            return create(from_environment(audit_key_lost=True))
    app = Flask(__name__, static_folder=None)
    for command in (*COMMANDS, migrations):  # with settings, Flask-Migrate adds its own
        app.cli.add_command(command)
    return app


def translation_faults(folder: Path) -> list[str]:
    """Return a message for each fault of the catalogues in a folder."""
    wanted = extraction.extract(SOURCES)
    template = folder / extraction.TEMPLATE
    faults = []
    if not template.exists() or template.read_bytes() != extraction.template(wanted):
        faults.append(f"{extraction.TEMPLATE} is not what code and templates say: run `flask translations update`")
    for locale in TRANSLATED:
        po = folder / locale / "LC_MESSAGES" / "messages.po"
        if po.exists():
            faults += catalogues.faults(wanted, catalogues.read(po))
        else:
            faults.append(f"{locale}: no catalogue: run `flask translations update`")
    return faults


def say_why(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a message for an expected error of a command, without values; a traceback for any other error."""
    match error:
        case DBAPIError():
            asked = "Is it there? Was `flask upgrade` run? May this role or user write to it? See `flask doctor`."
            text = f"The database did not take it ({kind.__name__}, {type(error.orig).__name__}). {asked}"
        case LostKeyError():
            text = f"Something stored under {error} cannot be read. Nothing was changed: see `flask doctor --keys`."
        case OSError() if error.filename:
            text = f"{error.filename}: {error.strerror}. `config.py` names the settings by which each place is chosen."
        case _:
            sys.__excepthook__(kind, error, trace)
            return
    click.echo(f"Error: {text}", err=True)


WITHOUT_SETTINGS: tuple[click.Command, ...] = (
    backup_key,
    credentials,
    demo.demo_command(run_together),
    keys,
    show_settings,
)
competence.add_command(simulate)  # defined above the package that it tests
competence.add_command(coverage)
ON_FOLDERS = {  # they read no database
    *(("courses", "check"), ("courses", "clues"), ("courses", "follow")),
    ("translations", "compile"),
}
COMMANDS: tuple[click.Command, ...] = (
    *WITHOUT_SETTINGS,
    *demo.COMMANDS,
    *(audit, backup, backup_checked, media_back, media_claim, restore, upgrade),
    *(competence, completion, courses, doctor, first_admin, incident, people, plan, reports, running_role),
    *(jobs, metrics, serve, start, translations),
)


def _needs_no_settings(arguments: list[str]) -> bool:
    parts = arguments[2:] if arguments[:1] in (["--app"], ["-A"]) else arguments
    names = {command.name for command in WITHOUT_SETTINGS}
    return not parts or "--help" in parts or parts[0] in names or tuple(parts[:2]) in ON_FOLDERS


def _is_command() -> bool:
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true"


def _upgrade_tables() -> None:
    """Upgrade the tables as `flask upgrade` does. Raises ClickException if that fails."""
    try:
        upgrade_tables()
    except BackupError as error:
        raise click.ClickException(str(error)) from error


def _refuse_other_tables() -> None:
    """Raise ClickException if the tables are those of another version of the program."""
    try:
        refuse_other_tables()
    except BackupError as error:
        raise click.ClickException(str(error)) from error


def _faults() -> list[str]:
    """Return the faults of the database settings. The connection is closed: forked workers must not share it."""
    faults = durability_faults()
    db.engine.dispose()
    return faults
