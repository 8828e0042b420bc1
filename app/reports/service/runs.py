"""Use cases of runs: request a report, take the next run, store what was frozen and drawn, fail, delete old ones."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from app.access.targets import Target
from app.coordination.domain.working_days import next_working_time
from app.db.locks import lock_key
from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.identity.queries import people, postings
from app.messages.domain import MailKind, NoticeKind
from app.messages.service import outbox
from app.ports import ports
from app.reports.domain import document, runs as rules
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import LEASE, MOST_TRIES, ReportRequest, RunState
from app.reports.events import ReportDownloaded, ReportEnded, ReportFrozen, ReportRequested
from app.reports.models import ReportFile, ReportRun
from app.reports.queries import runs as queries, schedules
from app.reports.shapes import RunLine

QUEUE = hashlib.sha256(b"report runs").hexdigest()


def request(
    new: ReportRequest, *, by: UUID | None, now: datetime, submission: str = "", schedule_id: UUID | None = None
) -> UUID:
    """Queue a report and return its run; the same form sent again returns the same run.

    Raises DomainError for a period that has not ended, a later compared period, or a missing subject or form.
    """
    rules.check(new, now.date())
    row = {
        "id": uuid4(),
        "kind": new.kind,
        "period_end": new.period_end,
        "compared_end": new.compared_end,
        "subject": new.subject,
        "country": new.country,
        "is_exact": new.is_exact,
        "language": new.language,
        "forms": queries.stored_forms(rules.ordered_forms(new.forms)),
        "state": RunState.QUEUED,
        "steps": len(rules.ordered_forms(new.forms)),
        "requested_by": by,
        "schedule_id": schedule_id,
        "requested_at": now,
        "submission": _digest(submission, by, new) if submission else None,
    }
    once = insert_ignore(ReportRun, ["submission"]).returning(ReportRun.id)
    if db.session.execute(once, row).first() is None:
        query = select(ReportRun.id).where(ReportRun.submission == row["submission"])
        return db.session.execute(query).scalar_one()
    run_id = UUID(str(row["id"]))
    record(ReportRequested(at=now, run_id=run_id, country=new.country, report=new.kind.value, day=new.period_end))
    return run_id


def take_next(now: datetime, real_now: datetime) -> RunLine | None:
    """Lease the next run for this process, or return None if the queue is empty or another process works on a run.

    A run that was begun too often has failed. Leases follow the real time.
    """
    lock_key(QUEUE)
    run_id = None if queries.is_leased(real_now) else queries.next_open()
    if run_id is None:
        return None
    run = _locked(run_id)
    if run.tries >= MOST_TRIES:
        _fail(run, "too many tries", now)
        return take_next(now, real_now)
    run.tries += 1
    run.leased_until = real_now + LEASE
    if run.state is RunState.QUEUED:
        run.state = RunState.FREEZING
    db.session.flush()
    return queries.line(run_id)


def store_frozen(run_id: UUID, content: bytes, now: datetime) -> bytes:
    """Store the canonical JSON of a run, once, and return the stored one."""
    run = _locked(run_id)
    if run.frozen is None:
        run.frozen, run.sha256, run.frozen_at = content, document.digest(content), now
        record(ReportFrozen(at=now, run_id=run.id, country=run.country, report=run.kind.value, sha256=run.sha256))
    if run.state is RunState.FREEZING:
        run.state = RunState.DRAWING
    return run.frozen


def store_file(run_id: UUID, form: ReportFormat, content: bytes, real_now: datetime) -> None:
    """Store a drawn file and renew the lease; a file that is stored already remains."""
    run = _locked(run_id)
    row = {"run_id": run_id, "form": form, "content": content, "sha256": hashlib.sha256(content).hexdigest()}
    db.session.execute(insert_ignore(ReportFile), row)
    run.step, run.leased_until = len(queries.files(run_id)), real_now + LEASE


def finish(run_id: UUID, now: datetime) -> None:
    """Mark a report as ready, note which report it replaces, and notify the requester and the recipients."""
    run = _locked(run_id)
    if run.state in rules.ENDED:
        return
    run.state, run.leased_until, run.ended_at, run.step = RunState.READY, None, now, run.steps
    db.session.flush()
    _replace_earlier(run)
    _record_end(run, now)
    _notify(run, now)


def fail(run_id: UUID, error: str, now: datetime) -> None:
    """Release a run after an error; after the last try it has failed. `error` is a position in the code."""
    run = _locked(run_id)
    if run.tries >= MOST_TRIES:
        _fail(run, error, now)
    else:
        run.leased_until, run.error = None, error[:64]


def record_download(run: RunLine, form: ReportFormat, now: datetime) -> None:
    """Record that a file of a report is downloaded."""
    record(ReportDownloaded(at=now, run_id=run.id, country=run.country, report=run.kind.value, form=form.value))


def delete_some(ids: Sequence[UUID]) -> int:
    """Delete runs with their files; return how many."""
    db.session.execute(update(ReportRun).where(ReportRun.replaced_by.in_(ids)).values(replaced_by=None))
    db.session.execute(delete(ReportFile).where(ReportFile.run_id.in_(ids)))
    deleted = db.session.scalars(delete(ReportRun).where(ReportRun.id.in_(ids)).returning(ReportRun.id))
    return len(deleted.all())


def _locked(run_id: UUID) -> ReportRun:
    query = select(ReportRun).where(ReportRun.id == run_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _fail(run: ReportRun, error: str, now: datetime) -> None:
    run.state, run.leased_until, run.ended_at, run.error = RunState.FAILED, None, now, error[:64]
    db.session.flush()
    _record_end(run, now)


def _record_end(run: ReportRun, now: datetime) -> None:
    record(ReportEnded(at=now, run_id=run.id, country=run.country, report=run.kind.value, state=run.state.value))


def _replace_earlier(run: ReportRun) -> None:
    """Point earlier reports of the same content to this one."""
    same = (
        ReportRun.kind == run.kind,
        ReportRun.period_end == run.period_end,
        ReportRun.subject == run.subject,
        ReportRun.language == run.language,
        ReportRun.is_exact == run.is_exact,
        ReportRun.state == RunState.READY,
        ReportRun.replaced_by.is_(None),
        ReportRun.id != run.id,
    )
    db.session.execute(update(ReportRun).where(*same).values(replaced_by=run.id))


def _notify(run: ReportRun, now: datetime) -> None:
    """Notify the requester in the academy, and the recipients of a schedule also by mail with a neutral text."""
    path, occasion = ports().path_to(Target.REPORT, run.id), f"report {run.id}"
    recipients = [] if run.schedule_id is None else schedules.recipients_of(run.schedule_id, run.country, now.date())
    informed = {*recipients, *([run.requested_by] if run.requested_by else [])}
    outbox.tell_all(sorted(informed), NoticeKind.REPORT_READY, occasion=occasion, path=path, now=now)
    _mail(run, recipients, now)


def _mail(run: ReportRun, recipients: Sequence[UUID], now: datetime) -> None:
    """Queue a mail for the recipients who want mails, to leave in the working time of each."""
    zones, countries = people.reminder_time_zones(recipients), postings.countries(recipients, now.date())
    for person_id, zone in sorted(zones.items()):
        due_at = next_working_time(now.astimezone(ZoneInfo(zone)), countries.get(person_id, ""))
        occasion = _mail_occasion(run)
        outbox.mail(person_id, MailKind.REPORT_READY, occasion=occasion, due_at=due_at.astimezone(now.tzinfo), now=now)


def _mail_occasion(run: ReportRun) -> str:
    """Return the occasion of the mail: one for all languages and forms that a schedule made on a day."""
    return f"reports {run.schedule_id} {run.requested_at:%Y-%m-%d}"


def _digest(submission: str, by: UUID | None, new: ReportRequest) -> str:
    return hashlib.sha256(repr((submission, by, new.kind, new.period_end, new.subject)).encode()).hexdigest()
