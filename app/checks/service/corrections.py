"""Replace the evidence of a watched check after the key of one of its questions was corrected."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.checks.domain.sittings import Way, WorkState
from app.checks.models import EvidenceWatcher, SeatWork, SittingSeat, SittingTask
from app.checks.service import closing, watchers
from app.checks.service.closing import CheckedWork
from app.competence.queries import rule_inputs
from app.competence.service import evidence_records as competence
from app.db.session import db
from app.quizzes.queries import watched as watched_queries

KEY_CORRECTED = "The key of a question was corrected."


def replace_evidence(attempt_id: UUID, number: int, now: datetime) -> None:
    """Void the evidence of an attempt that counts, and record it again; `number` counts its corrections.

    The watchers of the old evidence are those of the new one.
    """
    checked = _checked(attempt_id)
    if checked is None:
        return
    before = closing.new_evidence(checked, suffix=_suffix(number - 1))
    voided = list(rule_inputs.in_force(checked.seat.person_id, before.source))
    if not voided:
        return
    for evidence_id in voided:
        competence.void(evidence_id, by=None, reason=KEY_CORRECTED, now=now)
    new_id = competence.add_evidence(closing.new_evidence(checked, suffix=_suffix(number)), now)
    query = select(EvidenceWatcher.person_id).where(EvidenceWatcher.evidence_id.in_(voided))
    watched_by = list(db.session.scalars(query))
    if new_id is not None:
        watchers.record(new_id, checked.seat.person_id, watched_by, before.day)


def _checked(attempt_id: UUID) -> CheckedWork | None:
    """Return the counted work of an attempt at questions, or None."""
    query = (
        select(SeatWork, SittingSeat, SittingTask)
        .join(SittingSeat, SittingSeat.id == SeatWork.seat_id)
        .join(
            SittingTask,
            (SittingTask.sitting_id == SittingSeat.sitting_id) & (SittingTask.position == SeatWork.position),
        )
        .where(SeatWork.attempt_id == attempt_id, SeatWork.state == WorkState.COUNTED, SittingTask.way == Way.QUESTIONS)
    )
    row = db.session.execute(query).one_or_none()
    result = watched_queries.results([attempt_id]).get(attempt_id)
    if row is None or result is None or not result.scores:
        return None
    return CheckedWork(row[0], row[1], row[2], result)


def _suffix(number: int) -> str:
    return f":{number}" if number else ""
