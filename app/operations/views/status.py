"""The operations page: state of jobs, mail, database and disk."""

import platform
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import VERSION
from app.access.guard import requires
from app.access.policy import Action
from app.audit import queries as audit
from app.db.migration_files import migrations_folder
from app.db.session import transaction
from app.i18n.languages import direction
from app.identity.queries import people as identity_people
from app.kernel import clock
from app.messages import queries as messages
from app.messages.service import letters as messages_letters
from app.operations import domain, queries
from app.operations.labels.jobs import job_name
from app.operations.pages.planned_jobs import planned_jobs
from app.operations.service import job_runs
from app.operations.views._blueprint import bp
from app.sign_in.queries import sessions
from app.web.settings import settings
from config import Mode

LETTERS = 12
PACKAGES = ("flask", "sqlalchemy", "granian")


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that a live site would have sent; the demonstration shows it instead."""

    alias: str
    language: str
    dir: str
    subject: str
    lines: tuple[str, ...]
    at: datetime


@bp.get("/operations")
@requires(Action.SEE_OPERATIONS)
def show_status() -> str:
    """Show the state of jobs, mail, database, disk and audit log."""
    real_now = clock.real_now()
    disks = queries.disks(settings().media_path)
    signed, (verified, fault) = audit.last_checkpoints(1), audit.verifications()
    return render_template(
        "operations/show.html",
        jobs=queries.lines(planned_jobs(), real_now),
        job_name=job_name,
        mails=messages.counts(),
        mail_host=bool(settings().mail.host),
        demo=settings().mode is Mode.DEMO,
        letters=_letters() if settings().mode is Mode.DEMO else [],
        test=messages.last_test(current_user.id),
        disks=disks,
        disk_short=any(domain.short_of_space(disk.free, disk.total) for disk in disks.values()),
        database=queries.database(),
        failed=sessions.failed_sign_ins(real_now - timedelta(hours=1)),
        failed_by_hour=audit.by_hour("SignInFailed", clock.now() - timedelta(days=1)),
        verified=verified,
        fault=fault,
        signed=signed[0] if signed else None,
        versions=[("Academy", VERSION), ("Python", platform.python_version()), *((n, version(n)) for n in PACKAGES)],
        tables=_tables(),
    )


@bp.post("/operations/test-mail")
@requires(Action.SEE_OPERATIONS)
def send_test_mail() -> ResponseReturnValue:
    """Queue a test mail to the current user."""
    with transaction():
        job_runs.ask_test_mail(current_user.id, clock.now())
    flash(_("The test mail is in the outbox. Look into your mailbox in a minute."))
    return redirect(url_for("operations.show_status"))


def _tables() -> str:
    """Return the newest migration of this version."""
    return (migrations_folder() / ".head").read_text("ascii").strip()


def _letters() -> list[Sent]:
    sent = messages.last_sent(LETTERS)
    people = identity_people.addressees({mail.recipient_id for mail in sent if mail.recipient_id})
    letters = []
    for mail in sent:
        if mail.recipient_id is None or (to := people.get(mail.recipient_id)) is None or mail.sent_at is None:
            continue
        letter = messages_letters.letter(mail.kind, mail.facts, to.language)
        dir_ = direction(to.language)
        letters.append(Sent(to.alias, to.language, dir_, letter.subject, letter.lines, mail.sent_at))
    return letters
