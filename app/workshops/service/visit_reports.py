"""Write the report of a study visit and its summary, and approve the summary as another person."""

from datetime import datetime
from uuid import UUID

from app.access.policy import Role, Scope
from app.access.targets import Target
from app.db.session import db, record
from app.identity.queries import roles
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.workshops.events.afterwards import VisitReportSaved, VisitSummaryApproved
from app.workshops.models import VisitReport, Workshop
from app.workshops.service.store import locking

MOST_CHARACTERS = 6000
MOST_OF_SUMMARY = 1500


def save_report(workshop_id: UUID, *, report: str, summary: str, by: UUID, now: datetime) -> bool:
    """Save the report of a visit; another summary must be approved again. Return whether anything changed.

    Raises DomainError before the end of the visit.
    """
    workshop = locking.lock_workshop(workshop_id)
    if now < max(session.ends_at for session in locking.sessions(workshop_id)):
        raise DomainError("The report is written after the visit.")
    row = _existing_or_new(workshop_id)
    report, summary = report.strip(), summary.strip()
    is_new_summary = row.summary != summary
    if row.report == report and not is_new_summary:
        return False
    _write(row, report, summary, by=by, now=now)
    record(VisitReportSaved(at=now, actor_id=by, workshop_id=workshop_id))
    if is_new_summary and summary:
        _ask(workshop, by, now)
    return True


def _existing_or_new(workshop_id: UUID) -> VisitReport:
    row = db.session.get(VisitReport, workshop_id, populate_existing=True)
    return row or VisitReport(workshop_id=workshop_id, report="", summary="")


def _write(row: VisitReport, report: str, summary: str, *, by: UUID, now: datetime) -> None:
    if row.summary != summary:
        row.approved_by = row.approved_at = None
    if row.approved_by != by:  # who approved the summary stays the second person
        row.written_by = by
    row.report, row.summary, row.written_at = report, summary, now
    db.session.add(row)


def approve_summary(workshop_id: UUID, *, summary: str, by: UUID, now: datetime) -> bool:
    """Approve the summary that the person read; return False if it is approved already.

    Raises DomainError for the writer, and if the summary has changed meanwhile.
    """
    locking.lock_workshop(workshop_id)
    row = db.session.get_one(VisitReport, workshop_id, populate_existing=True)
    if row.approved_by is not None:
        return False
    if row.written_by == by:
        raise DomainError("Another person approves the summary. You wrote it.")
    if not row.summary or row.summary != summary.strip():
        raise DomainError("The summary has changed. Read it again.")
    row.approved_by, row.approved_at = by, now
    record(VisitSummaryApproved(at=now, actor_id=by, workshop_id=workshop_id))
    return True


def _ask(workshop: Workshop, by: UUID, now: datetime) -> None:
    """Notify the trainers of the visit and the coordinators that a summary waits."""
    staff = roles.holders(Scope.EVENT, str(workshop.id), now.date())
    trainers = {person_id for role, person_id in staff if role is Role.TRAINER}
    everywhere = roles.holders(Scope.ALL, "", now.date())
    coordinators = {person_id for role, person_id in everywhere if role is Role.COORDINATOR}
    messages.tell_all(
        sorted((trainers | coordinators) - {by}),
        NoticeKind.VISIT_REPORT_WAITS,
        occasion=f"visit-report:{workshop.id}:{now.isoformat()}",
        facts={"workshop": workshop.code},
        path=ports().path_to(Target.VISIT_REPORT, workshop.id),
        now=now,
    )
