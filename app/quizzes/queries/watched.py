"""Read watched attempts for `checks`: answers for markers, scores, progress, and the items that a person has met."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import Date, Subquery, func, select, union
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Item
from app.db.session import db
from app.quizzes import queries
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.selection import StoredQuestion
from app.quizzes.models import AnswerSave, Attempt, PracticeAnswer, QuestionMark

NO_ANSWER = "null"  # the body of a save that took the answer back


@dataclass(frozen=True, slots=True)
class WatchedAnswer:
    """The answer that counts for a question of a watched attempt; `body` as JSON values, None without an answer."""

    number: int
    item: Item
    body: object


@dataclass(frozen=True, slots=True)
class WatchedProgress:
    """How far a watched attempt is: questions with an answer, questions, end of the time, last save."""

    answered: int
    questions: int
    is_open: bool
    deadline_at: datetime | None
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemMet:
    """How often people of a group met an item in watched attempts that ended on a day."""

    group_id: UUID
    item: str
    day: date
    times: int


@dataclass(frozen=True, slots=True)
class WatchedResult:
    """An ended watched attempt with the score of each item; without them if its details were deleted."""

    id: UUID
    version_id: UUID
    language: str
    ended_at: datetime
    scores: Mapping[str, float]


def answers_of(attempt_id: UUID) -> list[WatchedAnswer]:
    """Return the answers that count of a watched attempt, in order; empty once its details were deleted.

    Raises NoResultFound for another kind of attempt.
    """
    view = queries.of_id(attempt_id)
    if view.purpose is not Purpose.WATCHED:
        raise NoResultFound
    counted = queries.counted_saves(view.row_id)
    paper = queries.questions_of_attempt(view)
    return [
        WatchedAnswer(number, item, counted[number].body if number in counted else None)
        for number, item in enumerate(paper.items, 1)
    ]


def progress(attempt_ids: Collection[UUID]) -> Mapping[UUID, WatchedProgress]:
    """Return how far these attempts are, in two statements."""
    if not attempt_ids:
        return {}
    answered = (
        select(
            AnswerSave.attempt_id,
            func.count(func.distinct(AnswerSave.question)).label("answered"),
            func.max(AnswerSave.arrived_at, type_=Attempt.started_at.type).label("saved_at"),
        )
        .join(Attempt, Attempt.id == AnswerSave.attempt_id)
        .where(Attempt.public_id.in_(attempt_ids), AnswerSave.late.is_(False), AnswerSave.body != NO_ANSWER)
        .group_by(AnswerSave.attempt_id)
    )
    saves = {row.attempt_id: row for row in db.session.execute(answered)}
    columns = (Attempt.id, Attempt.public_id, Attempt.paper, Attempt.state, Attempt.deadline_at)
    rows = db.session.execute(select(*columns).where(Attempt.public_id.in_(attempt_ids)))
    return {
        row.public_id: WatchedProgress(
            answered=saves[row.id].answered if row.id in saves else 0,
            questions=len(msgspec.json.decode(row.paper, type=tuple[StoredQuestion, ...])),
            is_open=row.state is AttemptState.OPEN,
            deadline_at=row.deadline_at,
            saved_at=saves[row.id].saved_at if row.id in saves else None,
        )
        for row in rows
    }


def results(attempt_ids: Collection[UUID]) -> Mapping[UUID, WatchedResult]:
    """Return the ended ones of these attempts with their scores, in one statement."""
    columns = (Attempt.public_id, Attempt.version_id, Attempt.language, Attempt.ended_at)
    query = (
        select(*columns, QuestionMark.item, QuestionMark.share)
        .outerjoin(QuestionMark, QuestionMark.attempt_id == Attempt.id)
        .where(Attempt.public_id.in_(attempt_ids), Attempt.ended_at.is_not(None))
        .order_by(Attempt.id, QuestionMark.question)
    )
    ended: dict[UUID, WatchedResult] = {}
    scores: dict[UUID, dict[str, float]] = {}
    for public_id, version_id, language, ended_at, item, score in db.session.execute(query):
        if public_id not in ended and ended_at is not None:
            scores[public_id] = {}
            ended[public_id] = WatchedResult(public_id, version_id, language, ended_at, scores[public_id])
        if item is not None:
            scores[public_id][item] = score
    return ended


def items_met(person_id: UUID, course_id: UUID, since: datetime) -> frozenset[str]:
    """Return the items of a course that a person met from a time on, in attempts or in lessons."""
    in_attempts = (
        select(QuestionMark.item)
        .join(Attempt, Attempt.id == QuestionMark.attempt_id)
        .where(Attempt.person_id == person_id, Attempt.course_id == course_id, Attempt.ended_at >= since)
    )
    in_lessons = select(PracticeAnswer.item).where(
        PracticeAnswer.person_id == person_id,
        PracticeAnswer.course_id == course_id,
        PracticeAnswer.answered_at >= since,
    )
    return frozenset(db.session.scalars(union(in_attempts, in_lessons)))


def items_met_by_group(course_id: UUID, groups: Subquery, *, since: datetime, until: datetime) -> list[ItemMet]:
    """Return which items of a course groups of people met by day, from a time on and before another one, in a query.

    `groups` has the columns `person_id` and `group_id`.
    """
    day = func.date(Attempt.ended_at, type_=Date)
    query = (
        select(groups.c.group_id, QuestionMark.item, day, func.count())
        .select_from(groups)
        .join(Attempt, Attempt.person_id == groups.c.person_id)
        .join(QuestionMark, QuestionMark.attempt_id == Attempt.id)
        .where(Attempt.course_id == course_id, Attempt.purpose == Purpose.WATCHED)
        .where(Attempt.ended_at >= since, Attempt.ended_at < until)
        .group_by(groups.c.group_id, QuestionMark.item, day)
    )
    return [ItemMet(*row) for row in db.session.execute(query)]
