"""Close and reopen events, and ask coordinators after a deadline, under the lock of the event's row."""

from datetime import datetime
from uuid import UUID

from app.access.policy import Role, Scope
from app.access.targets import Target
from app.db.session import db, record
from app.identity.queries import roles as accounts
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.workshops.domain import events, scoring
from app.workshops.domain.events import ACTIVE, EnrolmentMode, HistoryKind, WorkshopState, WorkshopStep
from app.workshops.events import CoordinatorAsked, WorkshopReopened, WorkshopStateChanged
from app.workshops.models import Workshop, WorkshopHistory
from app.workshops.queries import participants, workshops
from app.workshops.service import nomination_outcomes
from app.workshops.service.store import content, locking
from app.workshops.shapes import WorkshopFacts


def take_step(workshop: Workshop, step: WorkshopStep, *, by: UUID, now: datetime) -> None:
    """Take a step of an event and record it; raise IllegalMoveError for one that is not in the table."""
    workshop.state = events.after(workshop.state, step)
    record(WorkshopStateChanged(at=now, actor_id=by, workshop_id=workshop.id, state=str(workshop.state)))


def close(workshop_id: UUID, *, by: UUID, now: datetime, reason: str = "") -> None:
    """Close an event after its last session; it is read-only from now on. A repeated request changes nothing.

    Raises DomainError before the end of the last session, and without a reason while marks or scores are missing.
    """
    workshop = locking.lock_workshop(workshop_id)
    if workshop.state is WorkshopState.CLOSED:
        return
    if now < max(session.ends_at for session in locking.sessions(workshop_id)):
        raise DomainError("An event is closed after its last session.")
    missing = participants.missing_results(workshops.get(workshop_id))
    if missing and not reason.strip():
        raise DomainError("Attendance or scores are missing. Say why the event is closed without them.")
    workshop.closed_at = now
    take_step(workshop, WorkshopStep.CLOSE, by=by, now=now)
    content.remove_from_search(workshop_id)
    entry = _entry(workshop_id, HistoryKind.CLOSED, by, now, reason)
    if workshop.enrolment is EnrolmentMode.NOMINATED:
        nomination_outcomes.record_outcomes(workshop, now)
    entry.missing_marks, entry.missing_scores = missing.all_marks, missing.scores


def reopen(workshop_id: UUID, *, by: UUID, now: datetime, reason: str) -> None:
    """Reopen an event for attendance and scores, and notify its staff.

    Raises DomainError if the actor is no coordinator, without a reason, and if the event is still open.
    """
    workshop = locking.lock_workshop(workshop_id)
    if Role.COORDINATOR not in accounts.roles_of(by, now.date()):
        raise DomainError("Only a coordinator reopens an event.")
    if not reason.strip():
        raise DomainError("Say why the event is reopened.")
    facts = workshops.get(workshop_id)
    if not may_reopen(facts, now):
        raise DomainError("This event does not have to be reopened: it is open.")
    workshop.state = events.after(workshop.state, WorkshopStep.REOPEN)
    workshop.closed_at, workshop.reopened_at = None, now
    content.index_for_search(workshop)
    _entry(workshop_id, HistoryKind.REOPENED, by, now, reason)
    record(WorkshopReopened(at=now, actor_id=by, workshop_id=workshop_id))
    _notify(facts, (facts.trainers | facts.assessors) - {by}, NoticeKind.WORKSHOP_REOPENED, now)


def may_reopen(workshop: WorkshopFacts, now: datetime) -> bool:
    """Return whether reopening has an effect: the event is closed, or the deadline for scores has passed."""
    if workshop.state is WorkshopState.CLOSED:
        return True
    is_over = now >= scoring.open_until(workshop.last_day, workshop.time_zone, workshop.reopened_at)
    return workshop.state in ACTIVE and is_over


def ask_coordinator(workshop_id: UUID, about: HistoryKind, *, by: UUID, now: datetime) -> bool:
    """Notify the coordinators that attendance or scores are missing after the deadline; return whether it is new.

    Raises DomainError while the staff can still enter them.
    """
    locking.lock_workshop(workshop_id)
    workshop = workshops.get(workshop_id)
    if not may_reopen(workshop, now):
        raise DomainError("The time is not over yet. You can still enter this.")
    if about in participants.open_coordinator_questions([workshop_id])[workshop_id]:
        return False
    _entry(workshop_id, about, by, now)
    record(CoordinatorAsked(at=now, actor_id=by, workshop_id=workshop_id))
    staff = accounts.holders(Scope.ALL, "", now.date())
    _notify(
        workshop,
        {person_id for role, person_id in staff if role is Role.COORDINATOR} - {by},
        NoticeKind.WORKSHOP_ASKED,
        now,
    )
    return True


def _entry(workshop_id: UUID, kind: HistoryKind, by: UUID, now: datetime, reason: str = "") -> WorkshopHistory:
    entry = WorkshopHistory(
        workshop_id=workshop_id,
        kind=kind,
        person_id=by,
        at=now,
        reason=reason.strip(),
        missing_marks=0,
        missing_scores=0,
    )
    db.session.add(entry)
    return entry


def _notify(workshop: WorkshopFacts, people: frozenset[UUID] | set[UUID], kind: NoticeKind, now: datetime) -> None:
    messages.tell_all(
        sorted(people),
        kind,
        occasion=f"workshop:{workshop.id}:{kind}:{now.isoformat()}",
        facts={"workshop": workshop.code},
        path=ports().path_to(Target.TEACHING_WORKSHOP, workshop.id),
        now=now,
    )
