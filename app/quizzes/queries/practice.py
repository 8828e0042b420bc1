"""Read practice sittings: when a person last met the items of a course, sittings that counted, the open one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, Select, bindparam, func, select, union_all

from app.db.session import db
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import Attempt, PracticeAnswer, PracticeSitting, QuestionMark
from app.quizzes.shapes import AttemptLine


@dataclass(frozen=True, slots=True)
class SittingSummary:
    """The competencies that a sitting asked about, and those for which it counts as a review."""

    asked: tuple[str, ...]
    counted: tuple[str, ...]


def last_met(person_id: UUID) -> Mapping[UUID, Mapping[str, datetime]]:
    """Return when a person last met each item, in an attempt or in a lesson, by course and item."""
    met: dict[UUID, dict[str, datetime]] = {}
    for course_id, item, at in db.session.execute(_LAST_MET, {"person_id": person_id}):
        items = met.setdefault(course_id, {})
        items[item] = max(at, items.get(item, at))
    return met


def items_met(person_id: UUID, line: AttemptLine, *, since: datetime) -> frozenset[str]:
    """Return the items of a course that a person answered in lessons from `since` until an attempt began."""
    query = select(PracticeAnswer.item).where(
        PracticeAnswer.person_id == person_id,
        PracticeAnswer.course_id == line.course_id,
        PracticeAnswer.answered_at > since,
        PracticeAnswer.answered_at <= line.started_at,
    )
    return frozenset(db.session.scalars(query.distinct()))


def review_days(person_id: UUID) -> list[date]:
    """Return the days on which a person began a practice sitting that counts as a review."""
    query = (
        select(Attempt.started_at)
        .join(PracticeSitting, PracticeSitting.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id, PracticeSitting.counted != "[]")
    )
    return [started_at.date() for started_at in db.session.scalars(query)]


def open_sitting(person_id: UUID) -> UUID | None:
    """Return a person's newest practice sitting that is open, or None."""
    query = select(Attempt.public_id).where(
        Attempt.person_id == person_id, Attempt.purpose == Purpose.PRACTICE, Attempt.state == AttemptState.OPEN
    )
    return db.session.scalar(query.order_by(Attempt.started_at.desc()).limit(1))


def sitting(attempt: UUID) -> SittingSummary:
    """Return what a practice sitting asked about and counts for; raise NoResultFound for another attempt."""
    query = (
        select(PracticeSitting.asked, PracticeSitting.counted)
        .join(Attempt, Attempt.id == PracticeSitting.attempt_id)
        .where(Attempt.public_id == attempt)
    )
    row = db.session.execute(query).one()
    return SittingSummary(_names(row.asked), _names(row.counted))


def _names(text: str) -> tuple[str, ...]:
    return msgspec.json.decode(text, type=tuple[str, ...])


def _last_met() -> Select[Any]:
    person_id: BindParameter[UUID] = bindparam("person_id")
    in_attempts = (
        select(Attempt.course_id, QuestionMark.item, Attempt.ended_at.label("met_at"))
        .join(Attempt, Attempt.id == QuestionMark.attempt_id)
        .where(Attempt.person_id == person_id)
    )
    in_lessons = select(PracticeAnswer.course_id, PracticeAnswer.item, PracticeAnswer.answered_at).where(
        PracticeAnswer.person_id == person_id
    )
    met = union_all(in_attempts, in_lessons).subquery()
    return select(met.c.course_id, met.c.item, func.max(met.c.met_at, type_=met.c.met_at.type)).group_by(
        met.c.course_id, met.c.item
    )


_LAST_MET = _last_met()
