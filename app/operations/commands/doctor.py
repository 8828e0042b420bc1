"""`flask doctor` finds faults of this site and how to fix them."""

import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError

from app.audit import queries as audit
from app.audit.service import public_keys
from app.backup.domain import status as backup_rules
from app.backup.domain.status import BackupState, BackupSummary, HolderCheck
from app.backup.queries import runs as backup_runs
from app.backup.service import needs as backup_needs
from app.db import reencryption
from app.db.base import EncryptedText
from app.db.keyring import LostKeyError
from app.db.migration_files import TableState, table_state
from app.db.server import database_info, privileges, replica
from app.db.session import db, durability_faults
from app.db.stores import media_contents, media_owner, media_store
from app.db.stores.media_store import MediaStore
from app.db.stores.object_store import StoreError
from app.directory.service import reindexing
from app.kernel import clock, disks, pdf_library
from app.messages import queries as messages
from app.messages.domain import MailState
from app.operations import domain, queries
from app.operations.commands.setup import role_faults
from app.operations.domain import JobLine, JobState
from app.operations.labels.jobs import job_name
from app.operations.pages.planned_jobs import planned_jobs
from app.sign_in.service import incident
from app.web.settings import settings
from config import Mode, Settings

GIB = 1024**3
SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check, and whether it is a fault."""

    text: str
    fault: bool = False


@click.command
@click.option("--keys", "keys_alone", is_flag=True, help="Check only the keys, with every identity.")
@with_appcontext
def doctor(*, keys_alone: bool) -> None:
    """Check settings, keys, clock, database, disk, media, jobs, backups, mail and PDF files; exit with 1 on a fault."""
    has_fault = False
    for check in (_keys(), _audit_log(settings()), _indexes()) if keys_alone else _all_checks():
        for finding in _readable(check):
            click.echo(f"{'FAULT' if finding.fault else 'good '}  {finding.text}")
            has_fault |= finding.fault
    if has_fault:
        raise click.exceptions.Exit(1)


def _all_checks() -> tuple[Iterator[Finding], ...]:
    if _has_other_tables():
        return (_settings(settings()), _database(settings()), _disk(settings()), _pdf())
    return (
        _settings(settings()),
        _incident(),
        _keys(),
        _audit_log(settings()),
        _database(settings()),
        _disk(settings()),
        _media(settings()),
        _media_use(settings()),
        _jobs(),
        _backups(settings()),
        _mail(settings()),
        _pdf(),
    )


def _readable(check: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from check
    except SQLAlchemyError as error:
        db.session.rollback()
        kind = type(error).__name__
        yield Finding(f"Database: cannot be read ({kind}). Is it there? Was `flask upgrade` run?", fault=True)


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding(f"Settings: read. The academy answers at {settings.site_url} in mode {settings.mode}.")
    if settings.secure and not settings.proxies:
        text = "Settings: PROXIES is 0. Put a web server that takes requests in whole before it, and set PROXIES=1."
        yield Finding(text, fault=True)
    for folder in settings.courses_paths:
        if not folder.is_dir():
            yield Finding(f"Settings: the course folder {folder} does not exist.", fault=True)


def _incident() -> Iterator[Finding]:
    last = incident.last_incident()
    if last is not None and last.lasts:
        since = f"{last.begun_at:%Y-%m-%d %H:%M} UTC"
        yield Finding(f"Incident: one lasts since {since}. When it is over: `flask incident end`.", fault=True)


def _keys() -> Iterator[Finding]:
    """Decrypt one text of each column under each key; write nothing."""
    newest, keys = EncryptedText.ring.newest[0], EncryptedText.ring.all
    yield Finding(f"Keys: what is written now is encrypted under {newest}.")
    for key_id, count in sorted(reencryption.by_key().items()):
        if key_id not in keys:
            cure = "Put its line back into identity.key from your copy: nothing was written over."
            yield Finding(f"Keys: {count} texts are under the key {key_id}, which is not there. {cure}", fault=True)
        elif not reencryption.can_decrypt(key_id):
            cure = "Put the right line into identity.key from your copy: nothing was written over."
            yield Finding(
                f"Keys: texts under {key_id} do not open. The key is wrong, or they were changed. {cure}", fault=True
            )
        else:
            older = "" if key_id == newest else " `flask keys reencrypt` brings them under the newest."
            yield Finding(f"Keys: {count} texts under {key_id} open.{older}")


def _audit_log(settings: Settings) -> Iterator[Finding]:
    folder = settings.audit_path.absolute()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not (existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)):
        cure = "Let this user write there, or set AUDIT_PATH."
        yield Finding(f"Audit log: signed files cannot be written to {folder}. {cure}", fault=True)
    last = audit.last_checkpoints(1)
    if last and not public_keys.can_follow(last[0].key_id, settings.keys):
        cure = (
            "Put its line back into audit.key from your copy and restart the jobs: until then nothing is signed. "
            "If it is lost for good: `flask keys replace-audit`."
        )
        yield Finding(f"Audit log: it is signed with the key {last[0].key_id}, which is not there. {cure}", fault=True)


def _indexes() -> Iterator[Finding]:
    try:
        lost = reindexing.unindexed()
    except LostKeyError:
        return  # _keys() has reported the key
    if lost:
        cure = "`flask keys reindex` mends it after a rotation; else rows were changed behind the academy's back."
        yield Finding(f"Keys: {lost} identities are not found by their mail address. {cure}", fault=True)
    else:
        yield Finding("Keys: every identity is found by its mail address.")


def _database(settings: Settings) -> Iterator[Finding]:
    database = database_info.database()
    yield Finding(f"Database: {database.kind} {database.version}, {database.size / 1024**2:.1f} MB.")
    for fault in durability_faults():
        yield Finding(f"Database: an answer could be lost after a power cut: {fault}.", fault=True)
    apart = domain.clocks_differ(queries.database_clock(), clock.machine_now())
    verdict = "differs from this machine's by over 2 seconds. Set both by a time server." if apart else "agrees."
    yield Finding(f"Clock: the database's clock {verdict}", fault=apart)
    yield _tables()
    if settings.mode is Mode.LIVE and db.engine.dialect.name == "postgresql":
        yield from _rights()
    if settings.replica_url:
        yield _replica(settings.replica_url)


def _replica(url: str) -> Finding:
    """Check the replica as a report would: with the same patience."""
    state = replica.state(url, replica.PATIENCE)
    if not state.fault:
        return Finding("Read replica: up to date. Reports read from it.")
    return Finding(f"Read replica: {state.fault}. Reports read from the primary database.", fault=True)


def _has_other_tables() -> bool:
    """Return whether the tables cannot be read: there are none, or they are those of another version."""
    try:
        return table_state() in {TableState.EMPTY, TableState.OLDER, TableState.NEWER}
    except SQLAlchemyError:
        db.session.rollback()
        return True


def _tables() -> Finding:
    match table_state():
        case TableState.CURRENT:
            return Finding("Tables: up to date.")
        case TableState.NEWER:
            return Finding("Tables: made by a newer version of the academy. Install that version.", fault=True)
        case TableState.EMPTY | TableState.UNVERSIONED | TableState.OLDER:
            return Finding("Tables: not those of this program. Run `flask upgrade`.", fault=True)
        case state:
            assert_never(state)


def _rights() -> Iterator[Finding]:
    """Check the privileges of the database role of this process; SQLite has no roles."""
    rights = privileges.privileges_of()
    for fault in (faults := role_faults(rights)):
        yield Finding(f"Rights: {fault}", fault=True)
    if not faults:
        yield Finding(f"Rights: the role {rights.role} owns no table and can only append to the audit log.")


def _disk(settings: Settings) -> Iterator[Finding]:
    space = disks.disk(settings.files_path)
    short = domain.short_of_space(space.free, space.total)
    advice = " Free some space, or answers can no longer be saved." if short else ""
    yield Finding(f"Disk: {space.free / GIB:.1f} of {space.total / GIB:.1f} GB free.{advice}", fault=short)


def _media(settings: Settings) -> Iterator[Finding]:
    """Check that the media that were moved out of the database are where MEDIA_PATH says."""
    moved = media_contents.moved_sizes()
    try:
        store = media_store.patient_store(settings)
        stored = _own_media(store) if store else {}
    except StoreError as error:
        yield Finding(f"Media: {error}", fault=True)
        return
    missing = [digest for digest, size in moved.items() if stored.get(digest) != size]
    if store is None:
        advice = f"{len(missing)} were moved out of the database. Set MEDIA_PATH as before."
        yield Finding(f"Media: {advice if missing else 'in the database.'}", fault=bool(missing))
    elif missing:
        counts = f"{len(missing)} of {len(moved)} are missing, such as {min(missing)}"
        yield Finding(f"Media: {counts}. Restore them from a backup to {settings.media_path}.", fault=True)
    else:
        yield Finding(f"Media: {len(moved)} are in {settings.media_path}.")


def _media_use(settings: Settings) -> Iterator[Finding]:
    """Check that no other copy of this database has used MEDIA_PATH since."""
    try:
        store = media_store.patient_store(settings)
    except StoreError:
        return  # _media() has reported it
    if store is not None and media_owner.has_other_user(store, audit.site_id(), audit.has_entry):
        text = "another copy of this database has used MEDIA_PATH, or this one was restored. Nothing is deleted there."
        cure = "Give every other copy a path of its own, then run `flask media-claim`."
        yield Finding(f"Media: {text} {cure}", fault=True)


def _own_media(store: MediaStore) -> dict[str, int]:
    """Return the media of a store with their sizes. Raises StoreError if it belongs to another site."""
    media_owner.refuse_other(media_owner.owner(store), audit.site_id())
    return media_store.media_names(store)


def _jobs() -> Iterator[Finding]:
    """Report each job that failed; list the others, one line for each state."""
    lines = queries.lines(planned_jobs(), clock.real_now())
    with force_locale("en"):
        for line in lines:
            if error := _error(line):
                yield Finding(f"Jobs: “{job_name(line.planned.name)}” failed. Its error: {error}.", fault=True)
        for state in (JobState.NEVER, JobState.LATE, JobState.GOOD):
            names = [job_name(line.planned.name) for line in lines if line.state is state and not _error(line)]
            if names:
                yield _jobs_in_state(state, names, are_all=len(names) == len(lines))


def _error(line: JobLine) -> str:
    return line.run.error if line.run else ""


def _jobs_in_state(state: JobState, names: Sequence[str], *, are_all: bool) -> Finding:
    if state is JobState.GOOD:
        return Finding(f"Jobs: {len(names)} run.")
    count = f"all {len(names)}" if are_all else f"{len(names)}"
    which = "" if are_all else f" {'; '.join(names)}."
    if state is JobState.LATE:
        verb = "is" if len(names) == 1 else "are"
        return Finding(f"Jobs: {count} {verb} late. Look whether `flask jobs` runs.{which}", fault=True)
    verb = "has" if len(names) == 1 else "have"
    return Finding(f"Jobs: {count} {verb} never run. Start `flask jobs`.{which}", fault=True)


def _backups(settings: Settings) -> Iterator[Finding]:
    """Check when the last backup was made and proved, and when a holder checked one."""
    if settings.mode is Mode.DEMO:
        return
    summary, real_now = backup_runs.summary(), clock.real_now()
    yield from _backup_setup(settings, has_backup=summary.good is not None)
    yield _last_backup(summary, backup_rules.backup_state(summary, settings.backups.every, real_now))
    yield _holder_check(summary.check, backup_rules.check_state(summary.check, real_now))


def _backup_setup(settings: Settings, *, has_backup: bool) -> Iterator[Finding]:
    if settings.backups.path is None:
        text = "Backups: none are made by the jobs. Set BACKUP_PATH and BACKUP_HOLDERS."
        yield Finding(text, fault=not has_backup)  # another scheduler may run `flask backup`
        return
    if fault := backup_needs.destination_fault(settings, settings.backups.path):
        yield Finding(f"Backups: {fault}", fault=True)
    if db.engine.dialect.name == "postgresql":
        yield from (Finding(f"Backups: {fault}", fault=True) for fault in backup_needs.faults(settings.database_url))


def _last_backup(summary: BackupSummary, state: BackupState) -> Finding:
    last = f"The last one is of {_day(summary.good.started_at)}." if summary.good else "There is none."
    match state:
        case BackupState.GOOD:
            return Finding(f"Backups: {last} All rows of its restored copy were equal to those of the site.")
        case BackupState.FAILED:
            error = summary.last.error if summary.last else ""
            return Finding(f"Backups: the last attempt failed. {error} {last}", fault=True)
        case BackupState.OLD | BackupState.NEVER:
            return Finding(f"Backups: {last} Look whether `flask jobs` runs, or run `flask backup`.", fault=True)
        case _:
            assert_never(state)


def _holder_check(check: HolderCheck | None, state: BackupState) -> Finding:
    if check is not None and state is BackupState.GOOD:
        return Finding(f"Backups: a holder checked {check.name} on {_day(check.at)}.")
    since = f"since {_day(check.at)}" if check else "so far"
    cure = "Let one run `flask restore --check`, then type its code: `flask backup-checked CODE`."
    return Finding(f"Backups: no holder has checked one {since}. {cure}", fault=True)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _mail(settings: Settings) -> Iterator[Finding]:
    counts = messages.counts()
    waiting = counts[MailState.QUEUED] + counts[MailState.FAILED]
    yield Finding(f"Mail: {waiting} waiting, {counts[MailState.SENT]} sent.")
    if counts[MailState.GIVEN_UP]:
        yield Finding(f"Mail: {counts[MailState.GIVEN_UP]} given up.", fault=True)
    if settings.mode is Mode.DEMO:
        return
    if not settings.mail.host:
        yield Finding("Mail: no mail server is set (SMTP_HOST). Mails wait in the outbox.", fault=True)
        return
    try:
        socket.create_connection((settings.mail.host, settings.mail.port), timeout=SECONDS).close()
    except OSError as error:
        yield Finding(f"Mail: the mail server does not answer ({type(error).__name__}).", fault=True)
    else:
        yield Finding("Mail: the mail server answers.")


def _pdf() -> Iterator[Finding]:
    """Check the library of PDF files and its fonts; reports have other forms, so nothing is a fault."""
    if not pdf_library.is_available():
        cure = f"Print their pages, or install the packages {pdf_library.PACKAGES} {pdf_library.FONT_PACKAGE}."
        yield Finding(f"PDF: the library Pango is missing, so reports have no PDF. {cure}")
        return
    missing = pdf_library.missing_fonts()
    if missing:
        cure = f"Other fonts are used for their scripts. Install the package {pdf_library.FONT_PACKAGE}."
        yield Finding(f"PDF: Pango is installed. Fonts are missing: {', '.join(missing)}. {cure}")
    else:
        yield Finding("PDF: Pango and the fonts for Arabic, Urdu and Bengali are installed.")
