"""What leaves when its plan is long over: the detail of attempts, and practice in the text. Results stay."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from app.catalogue.domain.retention import Days
from app.db.session import db, record
from app.quizzes import store
from app.quizzes.domain.attempts import AttemptState
from app.quizzes.events import AttemptsReduced, PracticeForgotten
from app.quizzes.models import AnswerSave, Attempt, PracticeAnswer


def over(course_id: UUID, days: Days, *, since: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Return attempts at a course that ended within these days and are kept whole, with their ends, from a time on.

    The oldest come first, along the index of courses and ends.
    """
    query = (
        select(Attempt.id, Attempt.ended_at)
        .where(
            Attempt.course_id == course_id,
            Attempt.ended_at >= max(since, days.begins),
            Attempt.ended_at < days.ends,
            Attempt.paper != store.NO_PAPER,
        )
        .order_by(Attempt.ended_at)
        .limit(limit)
    )
    return [(row_id, ended_at) for row_id, ended_at in db.session.execute(query) if ended_at is not None]


def left_open(days: Days, *, after: int, limit: int) -> list[int]:
    """Return open attempts with answers of these days, behind a row's number; those with an end of time are handed in.

    They are found along the index of what is open.
    """
    old = exists().where(
        AnswerSave.attempt_id == Attempt.id, AnswerSave.arrived_at >= days.begins, AnswerSave.arrived_at < days.ends
    )
    query = select(Attempt.id).where(
        Attempt.state == AttemptState.OPEN, Attempt.deadline_at.is_(None), Attempt.id > after, old
    )
    return list(db.session.scalars(query.order_by(Attempt.id).limit(limit)))


def take_answers(attempts: Collection[int], days: Days, now: datetime) -> int:
    """Delete the answers of these days from open attempts, which stay open; return the number of attempts."""
    reduced = store.take_answers(attempts, begins=days.begins, ends=days.ends)
    if reduced.saves:
        record(AttemptsReduced(at=now, attempts=reduced.attempts, saves=reduced.saves))
    return reduced.attempts


def reduce(attempts: Collection[int], now: datetime) -> int:
    """Leave nothing of these ended attempts but their results; return how many that were: a second time none."""
    reduced = store.reduce(attempts)
    if reduced.attempts:
        record(AttemptsReduced(at=now, attempts=reduced.attempts, saves=reduced.saves))
    return reduced.attempts


def practice(after: int, limit: int) -> list[tuple[int, datetime]]:
    """Return practice answers behind a row's number, with their times; they are numbered as they came."""
    query = select(PracticeAnswer.id, PracticeAnswer.answered_at).where(PracticeAnswer.id > after)
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(PracticeAnswer.id).limit(limit))]


def delete_practice(answers: Collection[int], now: datetime) -> int:
    """Remove practice answers; return how many were there."""
    gone = store.delete_practice(answers)
    if gone:
        record(PracticeForgotten(at=now, answers=gone))
    return gone
