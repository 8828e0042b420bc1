"""Read sheets of assessors: incomplete scores, and the comments that officers read."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.db.session import db
from app.workshops.models import Assessment
from app.workshops.models.on_the_day import RubricSheet
from app.workshops.queries.participants import Scores


@dataclass(frozen=True, slots=True)
class SheetLine:
    """The saved scores by criterion, and the comment."""

    booking_id: UUID
    scores: Scores
    comment: str


@dataclass(frozen=True, slots=True)
class AssessorComment:
    """A comment of an assessor for the officer."""

    competency: str
    assessor_id: UUID
    text: str


def sheet(booking_id: UUID, competency: str, assessor_id: UUID) -> SheetLine | None:
    """Return an assessor's sheet for a participant, or None."""
    row = db.session.get(RubricSheet, (booking_id, competency, assessor_id))
    return None if row is None else _line(row)


def sheets(workshop_bookings: list[UUID], competency: str, assessor_id: UUID) -> Mapping[UUID, SheetLine]:
    """Return an assessor's sheets of a competency by booking."""
    query = select(RubricSheet).where(
        RubricSheet.booking_id.in_(workshop_bookings),
        RubricSheet.competency == competency,
        RubricSheet.assessor_id == assessor_id,
    )
    return {row.booking_id: _line(row) for row in db.session.scalars(query)}


def begun(workshop_bookings: list[UUID], assessor_id: UUID) -> frozenset[tuple[UUID, str]]:
    """Return the pairs of booking and competency for which an assessor saved incomplete scores."""
    query = select(RubricSheet.booking_id, RubricSheet.competency).where(
        RubricSheet.booking_id.in_(workshop_bookings),
        RubricSheet.assessor_id == assessor_id,
        RubricSheet.scores != "{}",
    )
    return frozenset((row[0], row[1]) for row in db.session.execute(query))


def scored_by(workshop_id: UUID, competency: str, assessor_id: UUID) -> Mapping[UUID, Scores]:
    """Return the newest scores that an assessor recorded in a competency, by booking."""
    query = (
        select(Assessment.booking_id, Assessment.scores)
        .where(
            Assessment.workshop_id == workshop_id,
            Assessment.competency == competency,
            Assessment.assessor_id == assessor_id,
        )
        .order_by(Assessment.number)
    )
    return {row[0]: msgspec.json.decode(row[1], type=Scores) for row in db.session.execute(query)}


def comments_for(booking_id: UUID) -> list[AssessorComment]:
    """Return the comments for an officer, of assessors who have saved their scores."""
    scored = select(Assessment.id).where(
        Assessment.booking_id == RubricSheet.booking_id,
        Assessment.competency == RubricSheet.competency,
        Assessment.assessor_id == RubricSheet.assessor_id,
    )
    query = (
        select(RubricSheet.competency, RubricSheet.assessor_id, RubricSheet.comment)
        .where(RubricSheet.booking_id == booking_id, RubricSheet.comment != "", scored.exists())
        .order_by(RubricSheet.competency, RubricSheet.saved_at)
    )
    return [AssessorComment(*row) for row in db.session.execute(query)]


def _line(row: RubricSheet) -> SheetLine:
    return SheetLine(row.booking_id, msgspec.json.decode(row.scores, type=Scores), row.comment)
