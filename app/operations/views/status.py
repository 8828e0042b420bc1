"""`/operations`: state of jobs, mail, database, disk and audit log, and a button for a test mail."""

import platform
from datetime import datetime, timedelta
from importlib.metadata import version

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from app import VERSION
from app.access.guard import requires
from app.access.policy import Action
from app.audit import queries as audit
from app.backup.queries import runs as backup_runs
from app.db.migration_files import applied_revision, head_revision, table_state
from app.db.server import database_info, replica
from app.db.session import transaction
from app.db.stores import media_owner, media_store
from app.kernel import clock
from app.messages import queries as messages
from app.messages.service import outbox
from app.operations import domain, queries
from app.operations.pages import audit_log, status as pages
from app.operations.pages.planned_jobs import planned_jobs
from app.operations.pages.status import (
    AuditLogStatus,
    BackupStatus,
    DiskRow,
    MediaStatus,
    ReplicaStatus,
    SiteState,
    StatusPage,
)
from app.operations.service import administrator_actions
from app.operations.views._blueprint import bp
from app.sign_in.queries import sessions
from app.sign_in.service import incident
from app.web.pages import render
from app.web.settings import settings
from config import Mode

PACKAGES = ("flask", "sqlalchemy", "granian")


@bp.get("/operations")
@requires(Action.SEE_OPERATIONS)
def show_status() -> str:
    """Show the state of jobs, mail, database, disk and audit log."""
    real_now, is_demo = clock.real_now(), settings().mode is Mode.DEMO
    disks = queries.disks(settings().files_path)
    outbox_groups = messages.outbox_groups()
    counts = pages.mail_counts(outbox_groups)
    lines = queries.lines(planned_jobs(), real_now)
    is_disk_short = any(domain.short_of_space(disk.free, disk.total) for disk in disks.values())
    last_incident = incident.last_incident()
    revision, media, site_replica = applied_revision(), _media(), _replica()
    site = SiteState(
        jobs=lines,
        mails_given_up=counts.given_up,
        is_disk_short=is_disk_short,
        media=media,
        replica=site_replica,
        table_state=table_state(revision),
        audit_log=_audit_log(),
        backups=_backups(real_now),
        has_incident=last_incident is not None and last_incident.lasts,
        is_demo=is_demo,
    )
    page = StatusPage(
        faults=pages.faults(site),
        jobs_with_faults=pages.job_rows(lines, with_fault=True),
        other_jobs=pages.job_rows(lines, with_fault=False),
        mails=counts,
        outbox=pages.outbox_rows(outbox_groups),
        has_mail_host=bool(settings().mail.host),
        is_demo=is_demo,
        demo_mails=pages.demo_mails() if is_demo else (),
        test_mail=messages.last_test(current_user.id),
        disks=tuple(DiskRow(name == "database", disk) for name, disk in disks.items()),
        is_disk_short=is_disk_short,
        media=media,
        replica=site_replica,
        database=database_info.database(),
        tables=revision or head_revision(),
        versions=_versions(),
        audit_log=site.audit_log,
        backups=site.backups,
        failed_sign_ins=sessions.failed_sign_ins(real_now - timedelta(hours=1)),
        failed_sign_ins_by_hour=tuple(audit.by_hour("SignInFailed", clock.now() - timedelta(days=1))),
    )
    return render(page)


@bp.post("/operations/test-mail")
@requires(Action.SEE_OPERATIONS)
def send_test_mail() -> ResponseReturnValue:
    """Queue a test mail to the current user."""
    with transaction():
        administrator_actions.ask_test_mail(current_user.id, clock.now())
    flash(_("The test mail is in the outbox. Check your mailbox in a minute."))
    return redirect(url_for("operations.show_status"))


@bp.post("/operations/outbox")
@requires(Action.SEE_OPERATIONS)
def retry_mails() -> ResponseReturnValue:
    """Queue all mails that were given up again."""
    with transaction():
        count = outbox.retry_given_up()
    flash(ngettext("%(num)s mail is queued again.", "%(num)s mails are queued again.", count))
    return redirect(url_for("operations.show_status", _anchor="mail"))


def _versions() -> tuple[str, ...]:
    packages = (f"{name} {version(name)}" for name in PACKAGES)
    return f"Academy {VERSION}", f"Python {platform.python_version()}", *packages


def _backups(real_now: datetime) -> BackupStatus:
    backups = settings().backups
    return pages.backup_status(backup_runs.summary(), backups.every, real_now, is_set_up=backups.path is not None)


def _media() -> MediaStatus:
    if settings().media_path is None:
        return MediaStatus("", "", has_other_user=False)
    store = media_store.web_store()
    site_id = audit.site_id()
    fault = media_owner.fault(store, site_id)
    has_other_user = not fault and media_owner.has_other_user(store, site_id, audit.has_entry)
    return MediaStatus(str(settings().media_path), fault, has_other_user=has_other_user)


def _replica() -> ReplicaStatus:
    url = settings().replica_url
    if not url:
        return ReplicaStatus(is_set_up=False)
    state = replica.state(url, replica.SHORT_PATIENCE)
    return ReplicaStatus(is_set_up=True, fault=state.fault, is_behind=state.missing_bytes > 0)


def _audit_log() -> AuditLogStatus:
    checks = audit_log.checks()
    verified = checks.verified
    is_damaged = verified is not None and verified.fault is not None
    return AuditLogStatus(
        verified_at=verified.at if verified else None,
        is_damaged=is_damaged,
        earlier_damage_at=checks.fault.at if checks.fault and not is_damaged else None,
        signed_at=checks.signed_at,
    )
