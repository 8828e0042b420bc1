"""Use cases of a watched attempt, which belongs to a sitting: begin with these items, move its deadline, hand it in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from secrets import randbits
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from app.catalogue.queries import courses as catalogue
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.quizzes import queries
from app.quizzes.domain import saves, selection
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.selection import DrawnQuestions
from app.quizzes.events import AttemptStarted
from app.quizzes.models import Attempt
from app.quizzes.service import attempts as quizzes_attempts, store


def start(
    *,
    person_id: UUID,
    version_id: UUID,
    language: str,
    items: Sequence[str],
    pass_mark: float,
    deadline_at: datetime | None,
    now: datetime,
) -> UUID:
    """Begin a watched attempt with exactly these items in this order, and return its id.

    Raises DomainError if another watched attempt at the course is open, or an item is not in the bank.
    """
    course_id, seed = catalogue.outline(version_id).course_id, randbits(63)
    paper = _paper(version_id, language, items, seed)
    number = queries.last_number(person_id, course_id, Purpose.WATCHED) + 1
    public_id = store.add_attempt(
        person_id=person_id,
        course_id=course_id,
        version_id=version_id,
        purpose=Purpose.WATCHED,
        number=number,
        language=language,
        seed=seed,
        paper=saves.answer_text(selection.to_stored(paper)),
        pass_mark=pass_mark,
        state=AttemptState.OPEN,
        started_at=now,
        deadline_at=deadline_at,
    )
    if public_id is None:
        raise DomainError("Other work on this course is still open. Hand it in first.")
    record(
        AttemptStarted(
            at=now,
            attempt=public_id,
            person_id=person_id,
            course_id=course_id,
            version_id=version_id,
            purpose=Purpose.WATCHED,
            number=number,
        )
    )
    return public_id


def prolong(attempt_id: UUID, until: datetime) -> None:
    """Move the deadline of an open watched attempt; nothing changes if it has ended or has no limit of time."""
    _set_deadlines({attempt_id: until})


def move_deadlines(attempt_ids: Collection[UUID], by: timedelta) -> None:
    """Move the deadlines of these attempts, as far as they are open and have one."""
    query = select(Attempt.public_id, Attempt.deadline_at).where(*_open(attempt_ids)).with_for_update()
    rows = db.session.execute(query).all()
    _set_deadlines({row.public_id: row.deadline_at + by for row in rows})


def lock(attempt_ids: Collection[UUID]) -> None:
    """Lock these attempts until the transaction ends, before rows that follow from handing them in."""
    query = select(Attempt.id).where(Attempt.public_id.in_(attempt_ids)).order_by(Attempt.public_id)
    db.session.execute(query.with_for_update())


def hand_in(attempt_ids: Collection[UUID], now: datetime) -> None:
    """Hand in these attempts as they are, in the order of their ids; ended ones do not change."""
    for attempt_id in sorted(attempt_ids):
        quizzes_attempts.hand_in(attempt_id, now)


def _paper(version_id: UUID, language: str, items: Sequence[str], seed: int) -> DrawnQuestions:
    bank = catalogue.bank(version_id, language)
    missing = [name for name in items if name not in bank]
    if missing or not items:
        raise DomainError("The course does not have these questions any more.")
    random = Random(seed)  # noqa: S311 - an order that can be repeated, no secret
    return DrawnQuestions(
        tuple(selection.drawn_question(bank[name].item, random, bank[name].revision) for name in items)
    )


def _set_deadlines(deadlines: Mapping[UUID, datetime]) -> None:
    for attempt_id, until in sorted(deadlines.items()):
        moved = update(Attempt).where(*_open([attempt_id])).values(deadline_at=until)
        db.session.execute(moved, execution_options={"synchronize_session": False})


def _open(attempt_ids: Collection[UUID]) -> tuple[ColumnElement[bool], ...]:
    return (
        Attempt.public_id.in_(attempt_ids),
        Attempt.purpose == Purpose.WATCHED,
        Attempt.state == AttemptState.OPEN,
        Attempt.deadline_at.is_not(None),
    )
