"""Read completions elsewhere that contact points recorded."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, func, select

from app.db.session import db
from app.learning.domain.assignments import RecordedDays
from app.learning.models.completion import RecordedCompletion
from app.learning.shapes import RecordedLine

_OF_PEOPLE = (
    select(RecordedCompletion)
    .where(RecordedCompletion.person_id.in_(bindparam("people")))
    .order_by(RecordedCompletion.recorded_at, RecordedCompletion.id)
)


def days(people: Collection[UUID], courses: Collection[UUID] | None) -> dict[tuple[UUID, UUID], list[RecordedDays]]:
    """Return the records of these people by person and course, with those that ended."""
    by_key: dict[tuple[UUID, UUID], list[RecordedDays]] = defaultdict(list)
    for row in db.session.scalars(_OF_PEOPLE, {"people": list(people)}):
        if courses is None or row.course_id in courses:
            by_key[row.person_id, row.course_id].append(RecordedDays(row.completed_on, row.recorded_on, row.ended_on))
    return dict(by_key)


def of_country(country: str, *, size: int | None = None) -> list[RecordedLine]:
    """Return the valid records of a country, the newest first."""
    query = select(*_LINE).where(RecordedCompletion.country == country, RecordedCompletion.ended_on.is_(None))
    ordered = query.order_by(RecordedCompletion.recorded_at.desc(), RecordedCompletion.id).limit(size)
    return [RecordedLine(*row) for row in db.session.execute(ordered)]


def count_of_country(country: str) -> int:
    """Return the number of valid records of a country."""
    query = select(func.count()).select_from(RecordedCompletion)
    valid = (RecordedCompletion.country == country, RecordedCompletion.ended_on.is_(None))
    return db.session.execute(query.where(*valid)).scalar_one()


def of_people(people: Collection[UUID]) -> list[RecordedLine]:
    """Return the valid records of these people."""
    query = select(*_LINE).where(RecordedCompletion.person_id.in_(people), RecordedCompletion.ended_on.is_(None))
    return [RecordedLine(*row) for row in db.session.execute(query)]


def line(record_id: UUID) -> RecordedLine | None:
    """Return a valid record, or None."""
    query = select(*_LINE).where(RecordedCompletion.id == record_id, RecordedCompletion.ended_on.is_(None))
    row = db.session.execute(query).first()
    return None if row is None else RecordedLine(*row)


_LINE = (
    RecordedCompletion.id, RecordedCompletion.person_id, RecordedCompletion.course_id, RecordedCompletion.completed_on,
    RecordedCompletion.proof, RecordedCompletion.note,
)  # fmt: skip
