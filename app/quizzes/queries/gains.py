"""Compare the pre-tests and tests of a course in the database: the gain of its learners, in one statement."""

from dataclasses import dataclass
from math import sqrt
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.catalogue.domain.result_filters import ResultFilter
from app.db.session import db
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import Attempt, QuestionMark
from app.quizzes.queries.statistics import within


@dataclass(frozen=True, slots=True)
class CourseGain:
    """The pairs of a pre-test and a first test: mean scores from 0 to 1, and the spread of the gains."""

    pairs: int
    before: float
    after: float
    spread: float

    @property
    def gain(self) -> float:
        """Return the mean gain, from -1 to 1."""
        return self.after - self.before


def course_gain(selected: ResultFilter, first_lessons: Subquery, *, fewest: int) -> CourseGain:
    """Return the gain of the officers whose pre-test can be compared with their first test handed in.

    The pre-test began before the first lesson was done (`first_lessons`: person_id, first_lesson_at) and ended before
    the test. Both have at least `fewest` questions, none in common. Results without stored answers do not count.
    The version, the days and the language of `selected` are those of the test.
    """
    ranked = _ranked(selected)
    before, test = ranked.alias("before"), ranked.alias("test")
    questions = _questions(selected)
    asked_before, asked = questions.alias("asked_before"), questions.alias("asked")
    gain = test.c.share - before.c.share
    query = (
        select(
            func.count(), func.avg(before.c.share), func.avg(test.c.share), func.avg(gain), func.avg(gain * gain)
        )
        .select_from(before)
        .join(test, and_(test.c.person_id == before.c.person_id, test.c.ended_at >= before.c.ended_at))
        .join(asked_before, asked_before.c.attempt_id == before.c.id)
        .join(asked, asked.c.attempt_id == test.c.id)
        .outerjoin(first_lessons, first_lessons.c.person_id == before.c.person_id)
        .where(
            *_first_of(before, Purpose.PRETEST),
            *_first_of(test, Purpose.TEST),
            *within(selected, test.c),
            or_(first_lessons.c.first_lesson_at.is_(None), before.c.started_at < first_lessons.c.first_lesson_at),
            asked_before.c.questions >= fewest,
            asked.c.questions >= fewest,
            ~_common_items(before, test),
        )
    )  # fmt: skip
    pairs, mean_before, mean_after, mean, squares = db.session.execute(query).one()
    if not pairs:
        return CourseGain(0, 0.0, 0.0, 0.0)
    return CourseGain(pairs, mean_before, mean_after, sqrt(max(0.0, squares - mean * mean)))


def _ranked(selected: ResultFilter) -> Any:
    """Return the attempts handed in, with their number by person and purpose in the order of their ends."""
    number = func.row_number().over(
        partition_by=(Attempt.person_id, Attempt.purpose), order_by=(Attempt.ended_at, Attempt.id)
    )
    return (
        select(
            Attempt.id, Attempt.person_id, Attempt.purpose, Attempt.version_id, Attempt.language, Attempt.started_at,
            Attempt.ended_at, Attempt.share, number.label("number"),
        )
        .where(*_of_course(selected))
        .cte("ranked")
    )  # fmt: skip


def people_with_pretest(course_id: UUID) -> Select[UUID]:
    """Return the query of the people who began the pre-test of a course."""
    other = aliased(Attempt)
    return select(other.person_id).where(other.course_id == course_id, other.purpose == Purpose.PRETEST)


def _of_course(selected: ResultFilter) -> tuple[ColumnElement[bool], ...]:
    return (
        Attempt.course_id == selected.course_id,
        Attempt.state == AttemptState.HANDED_IN,
        Attempt.purpose.in_((Purpose.PRETEST, Purpose.TEST)),
        Attempt.person_id.in_(people_with_pretest(selected.course_id)),
        Attempt.person_id.not_in(selected.without),
    )


def _questions(selected: ResultFilter) -> Any:
    """Return the number of questions of each attempt whose answers are stored."""
    attempts = select(Attempt.id).where(*_of_course(selected))
    return (
        select(QuestionMark.attempt_id, func.count().label("questions"))
        .where(QuestionMark.attempt_id.in_(attempts))
        .group_by(QuestionMark.attempt_id)
        .cte("questions")
    )


def _first_of(ranked: Any, purpose: Purpose) -> tuple[ColumnElement[bool], ...]:
    return ranked.c.purpose == purpose, ranked.c.number == 1


def _common_items(before: Any, test: Any) -> ColumnElement[bool]:
    earlier, later = aliased(QuestionMark), aliased(QuestionMark)
    return (
        select(earlier.item)
        .join(later, later.item == earlier.item)
        .where(earlier.attempt_id == before.c.id, later.attempt_id == test.c.id)
        .exists()
    )
