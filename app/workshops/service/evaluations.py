"""Open evaluations for those who attended, save anonymous answers, and close evaluations."""

from datetime import datetime
from uuid import UUID

from app.access.targets import Target
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.workshops.domain import evaluation, times
from app.workshops.domain.evaluation import EvaluationAnswers
from app.workshops.events.afterwards import EvaluationClosed, EvaluationOpened
from app.workshops.models import Workshop
from app.workshops.queries import afterwards as queries, report_figures
from app.workshops.service.store import afterwards as store, locking


def open_evaluation(workshop_id: UUID, now: datetime) -> int:
    """Ask those who attended a finished event and are not asked yet; return how many people are new.

    Attendance may be recorded later: who is added to the list is asked then.
    """
    workshop = locking.lock_workshop(workshop_id)
    row = store.afterwards(workshop_id)
    closes_on = evaluation.closes_on(workshop.last_day)
    if row.evaluation_closed_on is not None or now >= times.end_of(closes_on, workshop.time_zone):
        return 0
    present = report_figures.present([workshop_id]).get(workshop_id, set())
    new = [person_id for person_id in sorted(present) if queries.has_answered(workshop_id, person_id) is None]
    if not new:
        return 0
    store.ask(workshop_id, new)
    row.asked += len(new)
    if row.evaluation_opened_on is None:
        row.evaluation_opened_on, row.evaluation_closes_on = now.date(), closes_on
    messages.tell_all(
        new,
        NoticeKind.EVALUATION_OPEN,
        occasion=_occasion(workshop_id),
        facts={"workshop": workshop.code},
        path=ports().path_to(Target.EVALUATION, workshop_id),
        now=now,
    )
    record(EvaluationOpened(at=now, workshop_id=workshop_id, asked=row.asked))
    return len(new)


def answer(workshop_id: UUID, person_id: UUID, answers: EvaluationAnswers, now: datetime) -> bool:
    """Save the anonymous answers of a participant; return False if the participant has answered before.

    Nothing about it is recorded: the time of an entry in the audit log would identify the writer. Raises
    DomainError if the evaluation is not open for the person.
    """
    workshop = locking.lock_workshop(workshop_id)
    answered = queries.has_answered(workshop_id, person_id)
    if answered is None or not _is_open(workshop, now):
        raise DomainError("The evaluation of this event is not open for you.")
    if answered:
        return False
    store.save_evaluation(workshop_id, person_id, answers)
    return True


def close_evaluation(workshop_id: UUID, now: datetime) -> bool:
    """Close an evaluation after its last day, and delete who has answered; return whether it is closed now."""
    workshop = locking.lock_workshop(workshop_id)
    row = store.afterwards(workshop_id)
    is_due = row.evaluation_closes_on is not None and now >= times.end_of(row.evaluation_closes_on, workshop.time_zone)
    if row.evaluation_closed_on is not None or not is_due:
        return False
    row.evaluation_closed_on = now.date()
    store.delete_requests(workshop_id)
    db.session.flush()
    messages.delete_notices([_occasion(workshop_id)])
    record(EvaluationClosed(at=now, workshop_id=workshop_id))
    return True


def _is_open(workshop: Workshop, now: datetime) -> bool:
    row = store.afterwards(workshop.id)
    if row.evaluation_closed_on is not None or row.evaluation_closes_on is None:
        return False
    return now < times.end_of(row.evaluation_closes_on, workshop.time_zone)


def _occasion(workshop_id: UUID) -> str:
    return f"evaluation:{workshop_id}"
