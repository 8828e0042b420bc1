"""Delete details of attempts and practice answers after the retention period; results remain. For `jobs`."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from app.catalogue.domain.retention import Days
from app.db.session import db, record
from app.quizzes.domain.attempts import AttemptState
from app.quizzes.events import AttemptsReduced, PracticeForgotten
from app.quizzes.models import AnswerSave, Attempt, PracticeAnswer
from app.quizzes.service import store


def expired_attempts(course_id: UUID, days: Days, *, since: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Return attempts at a course that ended within these days, from `since` on, and still have details.

    The oldest come first, with their ends, in the order of the index of courses and ends.
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
    """Return open attempts without deadline that have answers of these days, by row id above `after`.

    Attempts with a deadline are handed in by another job. The query uses the index of open attempts.
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
    """Delete everything but the results of these ended attempts; return how many, 0 for a repeat."""
    reduced = store.reduce(attempts)
    if reduced.attempts:
        record(AttemptsReduced(at=now, attempts=reduced.attempts, saves=reduced.saves))
    return reduced.attempts


def practice(after: int, limit: int) -> list[tuple[int, datetime]]:
    """Return practice answers with a row id above `after`, with their times; ids are in order of time."""
    query = select(PracticeAnswer.id, PracticeAnswer.answered_at).where(PracticeAnswer.id > after)
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(PracticeAnswer.id).limit(limit))]


def delete_practice(answers: Collection[int], now: datetime) -> int:
    """Delete practice answers; return how many existed."""
    gone = store.delete_practice(answers)
    if gone:
        record(PracticeForgotten(at=now, answers=gone))
    return gone
