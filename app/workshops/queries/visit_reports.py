"""Read the report of a study visit: all of it for participants, the approved summary for practitioners."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Scope, allows
from app.access.workshop_rules import runs_every_workshop
from app.db.session import db
from app.identity.queries import roles
from app.kernel import clock
from app.workshops.domain.events import WorkshopKind
from app.workshops.models import VisitReport
from app.workshops.queries import bookings, workshops
from app.workshops.queries.afterwards import FINISHED
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReportText:
    """The report of a visit; `approved_at` is None until another person approved the summary."""

    report: str = ""
    summary: str = ""
    written_by: UUID | None = None  # None: not written yet
    written_at: datetime | None = None
    approved_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Return whether the summary waits for a second person."""
        return bool(self.summary) and self.approved_at is None


NOTHING = VisitReportText()


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyVisit:
    """A study visit for the policy: participants and hosts write its report."""

    workshop: WorkshopFacts
    participants: frozenset[UUID]
    trainers: frozenset[UUID]
    text: VisitReportText | None


def visit(actor: Actor, workshop_id: UUID) -> StudyVisit:
    """Return a study visit whose report the actor may read, or raise NoResultFound."""
    workshop = workshops.get(workshop_id)
    if workshop.kind is not WorkshopKind.STUDY_VISIT or workshop.state not in FINISHED:
        raise NoResultFound
    seated = {booking.person_id for booking in bookings.seated(workshop_id)}
    # the guard passes no time, and roles end by the day
    staff = roles.holders(Scope.EVENT, str(workshop_id), clock.today())
    hosts = {person_id for role, person_id in staff if role is Role.HOST}
    report = StudyVisit(
        workshop=workshop,
        participants=frozenset(seated | hosts),
        trainers=workshop.trainers,
        text=text_of(workshop_id),
    )
    if not allows(actor, Action.READ_VISIT_REPORT, report):
        raise NoResultFound
    return report


def text_of(workshop_id: UUID) -> VisitReportText | None:
    """Return the report of a visit, or None."""
    row = db.session.get(VisitReport, workshop_id)
    if row is None:
        return None
    return VisitReportText(
        report=row.report,
        summary=row.summary,
        written_by=row.written_by,
        written_at=row.written_at,
        approved_at=row.approved_at,
    )


def approved_summary(workshop_id: UUID) -> str:
    """Return the approved summary of a visit, "" if there is none."""
    query = select(VisitReport.summary).where(
        VisitReport.workshop_id == workshop_id, VisitReport.approved_by.is_not(None)
    )
    return db.session.scalar(query) or ""


def approval_task(actor: Actor) -> Select[Any] | None:
    """Return the query that counts the summaries that a coordinator may approve, None for other users."""
    if not runs_every_workshop(actor):
        return None
    return select(func.count()).select_from(VisitReport).where(*_unapproved(actor))


def first(actor: Actor) -> Select[Any]:
    """Return the query for the event of the oldest summary that the actor may approve."""
    return select(VisitReport.workshop_id).where(*_unapproved(actor)).order_by(VisitReport.written_at).limit(1)


def _unapproved(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return VisitReport.summary != "", VisitReport.approved_by.is_(None), VisitReport.written_by != actor.id
