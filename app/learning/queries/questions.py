"""Read questions to trainers: a person's own, the help entries of a course, and the questions for its trainers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from app.db.session import db
from app.learning.domain.learner_posts import DAY, QuestionState
from app.learning.models import LearnerQuestion

MOST_SHOWN = 100  # own questions, and help entries


@dataclass(frozen=True, slots=True)
class LearnerQuestionLine:
    """A question with its answer and, if it was proposed, its help entry."""

    id: UUID
    person_id: UUID | None
    lesson: str
    item: str
    language: str
    body: str
    asked_at: datetime
    state: QuestionState
    answer: str
    answered_at: datetime | None
    help_question: str
    help_answer: str
    proposed_by: UUID | None


_LINE = (
    LearnerQuestion.id, LearnerQuestion.person_id, LearnerQuestion.lesson, LearnerQuestion.item,
    LearnerQuestion.language, LearnerQuestion.body, LearnerQuestion.asked_at, LearnerQuestion.state,
    LearnerQuestion.answer, LearnerQuestion.answered_at, LearnerQuestion.help_question, LearnerQuestion.help_answer,
    LearnerQuestion.proposed_by,
)  # fmt: skip


def own(person_id: UUID, course_id: UUID) -> list[LearnerQuestionLine]:
    """Return a person's questions about a course, the newest first."""
    query = _of_course(course_id).where(LearnerQuestion.person_id == person_id)
    return _lines(query.order_by(LearnerQuestion.asked_at.desc(), LearnerQuestion.id).limit(MOST_SHOWN))


def help_entries(course_id: UUID) -> list[LearnerQuestionLine]:
    """Return the published help entries of a course, the newest first."""
    query = _of_course(course_id).where(LearnerQuestion.state == QuestionState.PUBLISHED)
    return _lines(query.order_by(LearnerQuestion.published_at.desc(), LearnerQuestion.id).limit(MOST_SHOWN))


def in_states(
    course_id: UUID, states: Collection[QuestionState], *, offset: int, size: int
) -> list[LearnerQuestionLine]:
    """Return a page of the questions of a course in these states, the oldest first."""
    query = _of_course(course_id).where(LearnerQuestion.state.in_(states))
    return _lines(query.order_by(LearnerQuestion.asked_at, LearnerQuestion.id).offset(offset).limit(size))


def counts(course_id: UUID) -> Mapping[QuestionState, int]:
    """Return how many questions of a course are in each state; states without questions are left out."""
    query = select(LearnerQuestion.state, func.count()).where(LearnerQuestion.course_id == course_id)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(LearnerQuestion.state))}


def open_by_course(courses: Collection[UUID]) -> Mapping[UUID, tuple[int, datetime]]:
    """Return how many questions of these courses are open, with the time of the oldest; others are left out."""
    query = select(LearnerQuestion.course_id, func.count(), func.min(LearnerQuestion.asked_at)).where(
        LearnerQuestion.course_id.in_(courses), LearnerQuestion.state == QuestionState.OPEN
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query.group_by(LearnerQuestion.course_id))}


def counts_by_item(course_id: UUID) -> Mapping[str, int]:
    """Return how many questions were asked about each item of a course."""
    about_items = (LearnerQuestion.course_id == course_id, LearnerQuestion.item != "")
    query = select(LearnerQuestion.item, func.count()).where(*about_items).group_by(LearnerQuestion.item)
    return {row[0]: row[1] for row in db.session.execute(query)}


def asked_today(person_id: UUID, now: datetime) -> int:
    """Return how many questions a person asked within 24 hours, in all courses."""
    recent: tuple[ColumnElement[bool], ...] = (
        LearnerQuestion.person_id == person_id,
        LearnerQuestion.asked_at > now - DAY,
    )
    return db.session.scalar(select(func.count(LearnerQuestion.id)).where(*recent)) or 0


def lock(course_id: UUID, question_id: UUID) -> LearnerQuestion:
    """Lock a question of this course and return it, or raise NoResultFound."""
    query = select(LearnerQuestion).where(LearnerQuestion.id == question_id, LearnerQuestion.course_id == course_id)
    return db.session.scalars(query.with_for_update()).one()


def _of_course(course_id: UUID) -> Select[*tuple[Any, ...]]:
    return select(*_LINE).where(LearnerQuestion.course_id == course_id)


def _lines(query: Select[*tuple[Any, ...]]) -> list[LearnerQuestionLine]:
    rows: Sequence[Any] = db.session.execute(query).all()
    return [LearnerQuestionLine(*row) for row in rows]
