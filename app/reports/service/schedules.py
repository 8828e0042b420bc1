"""Use cases of schedules: create, end, request the reports that are due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.db.session import db, record
from app.kernel.errors import DomainError
from app.reports.domain import schedules as rules
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.domain.schedules import SchedulePeriod
from app.reports.events import ReportScheduled
from app.reports.models import ReportRecipient, ReportSchedule
from app.reports.queries.runs import stored_forms
from app.reports.service import runs
from app.reports.shapes import ScheduleLine


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """A schedule to create; `subject` and `country` as in a report."""

    kind: ReportKind
    period: SchedulePeriod
    forms: frozenset[ReportFormat]
    languages: tuple[str, ...]
    recipients: frozenset[UUID]
    subject: str = ""
    country: str = ""


def create(new: NewSchedule, *, possible: Collection[UUID], by: UUID, now: datetime) -> UUID:
    """Create a schedule and return its id.

    Raises DomainError without a subject, form or language, and for recipients who may not open reports or over 20.
    """
    rules.check_recipients(len(new.recipients))
    if not new.recipients <= set(possible):
        raise DomainError("Choose recipients from the list.")
    if not new.forms or not new.languages:
        raise DomainError("Choose at least one form and one language.")
    if (new.kind is ReportKind.QUARTERLY) == bool(new.subject):
        raise DomainError("Choose the country, workshop or donor of the report.")
    schedule = ReportSchedule(
        id=uuid4(),
        kind=new.kind,
        subject=new.subject,
        country=new.country,
        period=new.period,
        forms=stored_forms(new.forms),
        languages=" ".join(new.languages),
        next_on=rules.next_day(new.period, now.date()),
        created_by=by,
        created_at=now,
    )
    db.session.add(schedule)
    db.session.flush()
    db.session.add_all(ReportRecipient(schedule_id=schedule.id, person_id=person) for person in sorted(new.recipients))
    record(ReportScheduled(at=now, schedule_id=schedule.id, report=new.kind.value, state="created"))
    return schedule.id


def end(schedule_id: UUID, now: datetime) -> None:
    """End a schedule; do nothing if it has ended."""
    schedule = _locked(schedule_id)
    if schedule.ended_at is None:
        schedule.ended_at = now
        record(ReportScheduled(at=now, schedule_id=schedule.id, report=schedule.kind.value, state="ended"))


def request_due(line: ScheduleLine, now: datetime) -> int:
    """Request the reports of a schedule that is due, once; return how many were requested."""
    schedule = _locked(line.id)
    if schedule.ended_at is not None or schedule.next_on > now.date():
        return 0
    for language in line.languages:
        runs.request(_request(line, language, schedule.next_on), by=None, now=now, schedule_id=line.id)
    schedule.next_on = rules.next_day(line.period, now.date())
    return len(line.languages)


def _request(line: ScheduleLine, language: str, day: date) -> ReportRequest:
    period_end = rules.report_period(day)
    return ReportRequest(
        kind=line.kind,
        period_end=period_end,
        compared_end=rules.report_period(period_end),
        language=language,
        forms=line.forms,
        subject=line.subject,
        country=line.country,
    )


def _locked(schedule_id: UUID) -> ReportSchedule:
    query = select(ReportSchedule).where(ReportSchedule.id == schedule_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
