"""Counts of a course over all its learners, for its trainers: enrolments, and each lesson. No row names a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Subquery, and_, case, func, select

from app.catalogue.domain.result_filters import ResultFilter
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


def course_counts(selected: ResultFilter) -> CourseCounts:
    """Return the counts of a course."""
    query = select(func.count(), func.count(Enrolment.completed_at)).where(*_enrolments(selected))
    return CourseCounts(*db.session.execute(query).one())


def days_to_complete(selected: ResultFilter) -> Mapping[int, int]:
    """Return how many people completed a course, by the number of days from their first one."""
    begun, completed = func.date(Enrolment.begun_at, type_=Date), func.date(Enrolment.completed_at, type_=Date)
    query = select(begun, completed, func.count()).where(*_enrolments(selected), Enrolment.completed_at.is_not(None))
    days: dict[int, int] = {}
    for first, last, count in db.session.execute(query.group_by(begun, completed)):
        number = _days_between(first, last)
        days[number] = days.get(number, 0) + count
    return days


def _days_between(first: date, last: date) -> int:
    return max(0, (last - first).days)


def first_lesson_times(course_id: UUID, people: Select[UUID]) -> Subquery:
    """Return the query for when each of these people did a first lesson: columns person_id, first_lesson_at."""
    return (
        select(Enrolment.person_id, func.min(LessonProgress.done_at).label("first_lesson_at"))
        .join(LessonProgress, LessonProgress.enrolment_id == Enrolment.id)
        .where(
            Enrolment.course_id == course_id,
            Enrolment.person_id.in_(people),
            LessonProgress.done_at.is_not(None),
            LessonProgress.skipped.is_(False),
            LessonProgress.looked_through.is_(False),
        )
        .group_by(Enrolment.person_id)
        .subquery()
    )


def course_counts_by_country(
    course_id: UUID, serving: Subquery, until: datetime, *, without: Collection[UUID] = ()
) -> Mapping[str, CourseCounts]:
    """Return the counts before a time by country, of all versions; `serving` has the columns person_id and country."""
    completed = func.count(case((Enrolment.completed_at < until, 1)))
    query = (
        select(serving.c.country, func.count(), completed)
        .join(serving, serving.c.person_id == Enrolment.person_id)
        .where(*_of_course(course_id, without), Enrolment.begun_at < until)
        .group_by(serving.c.country)
    )
    return {row[0]: CourseCounts(row[1], row[2]) for row in db.session.execute(query)}


def lesson_counts(selected: ResultFilter, now: datetime) -> Mapping[str, LessonCounts]:
    """Return the counts of each lesson that was opened, by slug, in one statement."""
    done = LessonProgress.done_at.is_not(None)
    spent = case((done, (LessonProgress.spent_seconds + _SECONDS // 2) // _SECONDS)).label("spent")
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
    query = _progress(selected, LessonProgress.lesson, spent, *columns).group_by(LessonProgress.lesson, "spent")
    sums: dict[str, list[int]] = {}
    minutes: dict[str, dict[int, int]] = {}
    for lesson, number, *counts in db.session.execute(query):
        sums[lesson] = [total + count for total, count in zip(sums.get(lesson, [0] * 4), counts, strict=True)]
        of_lesson = minutes.setdefault(lesson, {})
        if number is not None:
            of_lesson[number] = counts[0]
    return {
        lesson: LessonCounts(opened, finished, skimmed, stopped, minutes[lesson])
        for lesson, (opened, finished, skimmed, stopped) in sums.items()
    }


def _progress(selected: ResultFilter, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(LessonProgress)
        .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
        .where(*_enrolments(selected))
    )


def _enrolments(selected: ResultFilter) -> list[ColumnElement[bool]]:
    """Return the conditions for enrolments; a language does not limit them, because learners change it."""
    conditions = list(_of_course(selected.course_id, selected.without))
    if selected.version_id is not None:
        conditions.append(Enrolment.version_id == selected.version_id)
    if selected.begins is not None:
        conditions.append(Enrolment.begun_at >= selected.begins)
    if selected.ends is not None:
        conditions.append(Enrolment.begun_at < selected.ends)
    return conditions


def _of_course(course_id: UUID, without: Collection[UUID]) -> tuple[ColumnElement[bool], ...]:
    return Enrolment.course_id == course_id, Enrolment.person_id.not_in(without)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
