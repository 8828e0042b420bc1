"""Save incomplete scores and comments of assessors; complete scores are recorded by `results`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import update

from app.db.session import db, record
from app.kernel.errors import DomainError
from app.workshops.domain import scoring
from app.workshops.events import RubricSheetSaved
from app.workshops.models import Booking
from app.workshops.models.on_the_day import RubricSheet
from app.workshops.queries import participants, workshops
from app.workshops.queries.participants import Scores
from app.workshops.service import results
from app.workshops.service.store import locking


@dataclass(frozen=True, slots=True)
class SheetOf:
    """The participant, the competency and the assessor of a sheet."""

    booking_id: UUID
    competency: str
    assessor_id: UUID


def save_sheet(
    workshop_id: UUID, key: SheetOf, *, scores: Mapping[str, int], comment: str | None, now: datetime
) -> bool:
    """Save scores that may be incomplete, and the comment (None: it does not change); return whether anything is new.

    Raises NoResultFound for a participant or competency of another event, DomainError for the own booking, for a
    criterion of another rubric, and when scores cannot be saved now.
    """
    locking.lock_workshop(workshop_id)
    workshop = workshops.get(workshop_id)
    person_id = participants.participant(workshop_id, key.booking_id)
    rubric = results.rubric_of(workshop, key.competency)
    if person_id == key.assessor_id:
        raise DomainError("You cannot score yourself.")
    if not results.can_score(workshop, now):
        raise DomainError("Scores are taken from the first session until 14 days after the last day.")
    if not scoring.is_possible(scores, rubric.criteria):
        raise DomainError("Score each criterion from 0 to 3.")
    return _store(workshop_id, key, person_id, scores, comment, now)


def clear_scores(key: SheetOf) -> None:
    """Delete the incomplete scores of a sheet after the complete ones were recorded; the comment stays."""
    statement = update(RubricSheet).where(
        RubricSheet.booking_id == key.booking_id,
        RubricSheet.competency == key.competency,
        RubricSheet.assessor_id == key.assessor_id,
    )
    db.session.execute(statement.values(scores="{}"))


def save_criterion(
    workshop_id: UUID, competency: str, criterion: str, scores: Mapping[UUID, int], *, by: UUID, now: datetime
) -> list[UUID]:
    """Save the scores of one criterion for many participants (by booking); return the bookings that are complete now.

    The complete ones are recorded as `results.score` does. Participants whom the assessor has scored are left out.
    """
    locking.lock_workshop(workshop_id)
    workshop = workshops.get(workshop_id)
    rubric = results.rubric_of(workshop, competency)
    scored = {
        line.booking_id
        for line in participants.assessments(workshop_id)
        if line.competency == competency and line.assessor_id == by
    }
    complete = []
    for booking_id, score in scores.items():
        if booking_id in scored:
            continue
        key = SheetOf(booking_id, competency, by)
        saved = {**_saved_scores(key), criterion: score}
        save_sheet(workshop_id, key, scores=saved, comment=None, now=now)
        if scoring.is_complete(saved, rubric.criteria):
            results.record_scores(workshop, booking_id, competency=competency, scores=saved, by=by, now=now)
            clear_scores(key)
            complete.append(booking_id)
    return complete


def delete_comments(person_id: UUID) -> None:
    """Delete the comments about a person whose identity was removed."""
    about = RubricSheet.booking_id.in_(db.session.query(Booking.id).filter_by(person_id=person_id))
    db.session.execute(
        update(RubricSheet).where(about).values(comment=""), execution_options={"synchronize_session": False}
    )


def _saved_scores(key: SheetOf) -> dict[str, int]:
    row = db.session.get(RubricSheet, (key.booking_id, key.competency, key.assessor_id))
    return msgspec.json.decode(row.scores, type=Scores) if row else {}


def _store(
    workshop_id: UUID, key: SheetOf, person_id: UUID, scores: Mapping[str, int], comment: str | None, now: datetime
) -> bool:
    row = db.session.get(RubricSheet, (key.booking_id, key.competency, key.assessor_id))
    if row is None:
        row = RubricSheet(
            booking_id=key.booking_id,
            competency=key.competency,
            assessor_id=key.assessor_id,
            scores="{}",
            comment="",
            saved_at=now,
        )
        db.session.add(row)
    text = row.comment if comment is None else comment.strip()
    encoded = msgspec.json.encode(dict(sorted(scores.items()))).decode()
    if (row.scores, row.comment) == (encoded, text):
        return False
    row.scores, row.comment, row.saved_at = encoded, text, now
    db.session.flush()
    record(
        RubricSheetSaved(
            at=now, actor_id=key.assessor_id, workshop_id=workshop_id, person_id=person_id, competency=key.competency
        )
    )
    return True
