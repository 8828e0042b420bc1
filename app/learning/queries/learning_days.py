"""The days on which people learned."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Date, bindparam, func, literal, select, union

from app.db.session import db
from app.learning.models import Enrolment, LessonProgress
from app.quizzes import queries as quizzes
from app.scenarios import queries as scenarios

_PEOPLE = Enrolment.person_id.in_(bindparam("people"))
# a lesson skipped or looked through is no learning
_LEARNED = (
    LessonProgress.done_at.is_not(None),
    LessonProgress.skipped.is_(False),
    LessonProgress.looked_through.is_(False),
)
_LEARNING_DAYS = union(
    select(Enrolment.person_id, Enrolment.course_id, func.date(Enrolment.begun_at, type_=Date), literal("begun")).where(
        _PEOPLE
    ),
    select(Enrolment.person_id, Enrolment.course_id, func.date(LessonProgress.done_at, type_=Date), literal("lesson"))
    .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
    .where(*_LEARNED, _PEOPLE),
)


@dataclass(frozen=True, slots=True)
class LearningActivity:
    """A UTC day on which a person learned in a course."""

    day: date
    kind: Literal["begun", "lesson", "test", "practice", "case"]
    course_id: UUID


def learning_days(people: Collection[UUID]) -> Mapping[UUID, list[LearningActivity]]:
    """Return the days on which these people began a course, did a lesson, a test or practice, or finished a case."""
    by_person: dict[UUID, list[LearningActivity]] = {}
    rows: Iterable[Any] = db.session.execute(_LEARNING_DAYS, {"people": list(people)})
    for person_id, course_id, day, kind in rows:
        by_person.setdefault(person_id, []).append(LearningActivity(day, kind, course_id))
    for person_id, course_id, day in quizzes.days(people):
        by_person.setdefault(person_id, []).append(LearningActivity(day, "test", course_id))
    for person_id, course_id, day in quizzes.practice_days(people):
        by_person.setdefault(person_id, []).append(LearningActivity(day, "practice", course_id))
    for person_id, course_id, day in scenarios.days(people):
        by_person.setdefault(person_id, []).append(LearningActivity(day, "case", course_id))
    return by_person
