"""Read reports of mistakes: a person's own for a lesson, and those of a course for its trainers, without people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from app.db.session import db
from app.learning.domain.learner_posts import DAY, ReportState
from app.learning.models import MistakeReport


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as its author and the trainers see it."""

    id: UUID
    lesson: str
    language: str
    element: int
    passage: str
    body: str
    reported_at: datetime
    state: ReportState
    answer: str
    answered_at: datetime | None


_LINE = (
    MistakeReport.id, MistakeReport.lesson, MistakeReport.language, MistakeReport.element, MistakeReport.passage,
    MistakeReport.body, MistakeReport.reported_at, MistakeReport.state, MistakeReport.answer,
    MistakeReport.answered_at,
)  # fmt: skip


def own(person_id: UUID, course_id: UUID, lesson: str) -> list[ReportLine]:
    """Return a person's reports about a lesson, the newest first."""
    conditions = (
        MistakeReport.person_id == person_id,
        MistakeReport.course_id == course_id,
        MistakeReport.lesson == lesson,
    )
    return _lines(_newest(*conditions))


def of_course(course_id: UUID, *, is_open: bool, offset: int, size: int) -> list[ReportLine]:
    """Return a page of the open reports of a course, the oldest first, or of the others, the newest first."""
    if not is_open:
        return _lines(_newest(*_listed(course_id, is_open=False)).offset(offset).limit(size))
    query = select(*_LINE).where(*_listed(course_id, is_open=True))
    return _lines(query.order_by(MistakeReport.reported_at, MistakeReport.id).offset(offset).limit(size))


def count(course_id: UUID, *, is_open: bool) -> int:
    """Return how many reports of a course are open, or settled."""
    return db.session.scalar(select(func.count(MistakeReport.id)).where(*_listed(course_id, is_open=is_open))) or 0


def open_by_course(courses: Collection[UUID]) -> Mapping[UUID, tuple[int, datetime]]:
    """Return how many reports of these courses are open, with the time of the oldest; others are left out."""
    query = select(MistakeReport.course_id, func.count(), func.min(MistakeReport.reported_at)).where(
        MistakeReport.course_id.in_(courses), MistakeReport.state == ReportState.OPEN
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query.group_by(MistakeReport.course_id))}


def counts_by_lesson(course_id: UUID) -> Mapping[str, int]:
    """Return how many reports were written about each lesson of a course."""
    query = select(MistakeReport.lesson, func.count()).where(MistakeReport.course_id == course_id)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(MistakeReport.lesson))}


def written_today(person_id: UUID, now: datetime) -> int:
    """Return how many reports a person wrote within 24 hours."""
    query = select(func.count(MistakeReport.id)).where(
        MistakeReport.person_id == person_id, MistakeReport.reported_at > now - DAY
    )
    return db.session.scalar(query) or 0


def lock(course_id: UUID, report_id: UUID) -> MistakeReport:
    """Lock a report of this course and return it, or raise NoResultFound."""
    query = select(MistakeReport).where(MistakeReport.id == report_id, MistakeReport.course_id == course_id)
    return db.session.scalars(query.with_for_update()).one()


def _listed(course_id: UUID, *, is_open: bool) -> tuple[ColumnElement[bool], ...]:
    state = MistakeReport.state == ReportState.OPEN if is_open else MistakeReport.state != ReportState.OPEN
    return MistakeReport.course_id == course_id, state


def _newest(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(*_LINE).where(*conditions).order_by(MistakeReport.reported_at.desc(), MistakeReport.id)


def _lines(query: Select[*tuple[Any, ...]]) -> list[ReportLine]:
    rows: Sequence[Any] = db.session.execute(query).all()
    return [ReportLine(*row) for row in rows]
