"""Use cases of completions elsewhere: record, change and end; the officer is recalculated at the end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.access.policy import Actor
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.learning.domain import recorded_completions as rules
from app.learning.domain.recorded_completions import NewRecordedCompletion
from app.learning.events import CompletionRecorded, CompletionRecordEnded
from app.learning.models.completion import RecordedCompletion


def record_completion(new: NewRecordedCompletion, *, country: str, by: Actor, now: datetime) -> UUID:
    """Record a completion from today on and return its id; it replaces the valid record of officer and course.

    The caller locks the person. Raises DomainError for an invalid day or note, and for a record of the actor.
    """
    rules.check(new, now.date())
    if new.person_id == by.id:
        raise DomainError("Another contact point must record your own completions.")
    existing = _valid(new.person_id, new.course_id)
    if existing is not None:
        _end(existing, by=by.id, now=now)
    row = RecordedCompletion(
        person_id=new.person_id, course_id=new.course_id, country=country, completed_on=new.completed_on,
        proof=new.proof, note=new.note.strip(), recorded_on=now.date(), recorded_by=by.id, recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        CompletionRecorded(at=now, person_id=row.person_id, record_id=row.id, course_id=row.course_id, country=country)
    )
    return row.id


def end_record(record_id: UUID, *, by: UUID, now: datetime) -> bool:
    """End a record from today on; return False if it has ended already."""
    query = select(RecordedCompletion).where(RecordedCompletion.id == record_id).with_for_update()
    row = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    if row.ended_on is not None:
        return False
    _end(row, by=by, now=now)
    return True


def restore_record(record_id: UUID, *, by: UUID, now: datetime) -> None:
    """Record a completion again from today on that another record replaced and that ended since."""
    old = db.session.get_one(RecordedCompletion, record_id)
    if _valid(old.person_id, old.course_id) is not None:
        return
    row = RecordedCompletion(
        person_id=old.person_id, course_id=old.course_id, country=old.country, completed_on=old.completed_on,
        proof=old.proof, note=old.note, recorded_on=now.date(), recorded_by=by, recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        CompletionRecorded(
            at=now, person_id=row.person_id, record_id=row.id, course_id=row.course_id, country=row.country
        )
    )


def delete_notes(person_id: UUID) -> None:
    """Delete the notes on records of a person whose identity was deleted."""
    db.session.execute(update(RecordedCompletion).where(RecordedCompletion.person_id == person_id).values(note=""))


def _valid(person_id: UUID, course_id: UUID) -> RecordedCompletion | None:
    query = select(RecordedCompletion).where(
        RecordedCompletion.person_id == person_id,
        RecordedCompletion.course_id == course_id,
        RecordedCompletion.ended_on.is_(None),
    )
    return db.session.scalars(query.with_for_update()).one_or_none()


def _end(row: RecordedCompletion, *, by: UUID, now: datetime) -> None:
    row.ended_on, row.ended_by = now.date(), by
    db.session.flush()
    record(
        CompletionRecordEnded(
            at=now, person_id=row.person_id, record_id=row.id, course_id=row.course_id, country=row.country
        )
    )
