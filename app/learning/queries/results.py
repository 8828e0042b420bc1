"""Counts of a course over all its learners, for its trainers: enrolments, and each lesson. No row names a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select

from app.db.session import db
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment, LessonProgress

IDLE = timedelta(days=21)  # without a step: stopped at the lesson read last
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class CourseCounts:
    """How many people began a course, and how many of them finished it."""

    begun: int
    completed: int


@dataclass(frozen=True, slots=True)
class LessonCounts:
    """How many people opened a lesson, finished it, skimmed it, and stopped there; `minutes` counts people by minutes.

    Minutes are those spent by people who finished or skimmed the lesson since time is measured.
    """

    opened: int
    finished: int
    skimmed: int
    stopped: int
    minutes: Mapping[int, int]


def course_counts(course_id: UUID, *, without: Collection[UUID] = ()) -> CourseCounts:
    """Return the counts of a course; people in `without` do not count."""
    query = select(func.count(), func.count(Enrolment.completed_at)).where(*_of_course(course_id, without))
    return CourseCounts(*db.session.execute(query).one())


def course_counts_by_country(
    course_id: UUID, serving: Subquery, until: datetime, *, without: Collection[UUID] = ()
) -> Mapping[str, CourseCounts]:
    """Return the counts before a time by country; `serving` has the columns person_id and country."""
    completed = func.count(case((Enrolment.completed_at < until, 1)))
    query = (
        select(serving.c.country, func.count(), completed)
        .join(serving, serving.c.person_id == Enrolment.person_id)
        .where(*_of_course(course_id, without), Enrolment.begun_at < until)
        .group_by(serving.c.country)
    )
    return {row[0]: CourseCounts(row[1], row[2]) for row in db.session.execute(query)}


def lesson_counts(course_id: UUID, now: datetime, *, without: Collection[UUID] = ()) -> Mapping[str, LessonCounts]:
    """Return the counts of each lesson that was opened, by slug, in two statements."""
    minutes = _minutes(course_id, without)
    done = LessonProgress.done_at.is_not(None)
    is_stopped = and_(
        LessonProgress.done_at.is_(None),
        Enrolment.last_lesson == LessonProgress.lesson,
        Enrolment.last_at < now - IDLE,
        Enrolment.state == EnrolmentState.BEGUN,
    )
    columns = (
        func.count(),
        _count(and_(done, LessonProgress.skipped.is_(False), LessonProgress.looked_through.is_(False))),
        _count(LessonProgress.looked_through.is_(True)),
        _count(is_stopped),
    )
    query = _progress(course_id, without, LessonProgress.lesson, *columns).group_by(LessonProgress.lesson)
    return {
        lesson: LessonCounts(opened, finished, skimmed, stopped, minutes.get(lesson, {}))
        for lesson, opened, finished, skimmed, stopped in db.session.execute(query)
    }


def _minutes(course_id: UUID, without: Collection[UUID]) -> dict[str, dict[int, int]]:
    """Return for each lesson how many people spent how many minutes."""
    spent = (LessonProgress.spent_seconds + _SECONDS // 2) // _SECONDS
    query = (
        _progress(course_id, without, LessonProgress.lesson, spent, func.count())
        .where(LessonProgress.spent_seconds.is_not(None), LessonProgress.done_at.is_not(None))
        .group_by(LessonProgress.lesson, spent)
    )
    minutes: dict[str, dict[int, int]] = {}
    for lesson, number, count in db.session.execute(query):
        minutes.setdefault(lesson, {})[number] = count
    return minutes


def _progress(course_id: UUID, without: Collection[UUID], *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(LessonProgress)
        .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
        .where(*_of_course(course_id, without))
    )


def _of_course(course_id: UUID, without: Collection[UUID]) -> tuple[ColumnElement[bool], ...]:
    return Enrolment.course_id == course_id, Enrolment.person_id.not_in(without)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
