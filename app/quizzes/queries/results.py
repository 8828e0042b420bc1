"""Read the results of ended attempts for the figures of `plan`, from tests, pre-tests and delayed questions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, func, select

from app.catalogue.queries import courses as catalogue
from app.db.session import db
from app.quizzes.domain import rules
from app.quizzes.domain.attempts import OF_EVENTS, AttemptState, Purpose
from app.quizzes.domain.selection import StoredQuestion
from app.quizzes.models import Attempt


@dataclass(frozen=True, slots=True)
class ResultLine:
    """An ended attempt; `items` is empty once its questions were deleted, `questions` is then the drawn number."""

    person_id: UUID
    course_id: UUID
    version_id: UUID
    purpose: Purpose
    started_at: datetime
    ended_at: datetime
    handed_in: bool
    score: float
    passed: bool
    items: frozenset[str]
    questions: int


def results_of(people: Collection[UUID]) -> list[ResultLine]:
    """Return the ended attempts of these people without practice and watched checks, the earliest end first."""
    return [_line(row) for row in db.session.execute(_RESULTS, {"people": list(people)})]


def first_tests(courses: Collection[UUID], until: datetime) -> int:
    """Return how many people have handed in a test of these courses before a time, once for each course."""
    first = select(Attempt.person_id, Attempt.course_id).where(
        Attempt.course_id.in_(courses),
        Attempt.purpose == Purpose.TEST,
        Attempt.state == AttemptState.HANDED_IN,
        Attempt.ended_at < until,
    )
    return db.session.scalar(select(func.count()).select_from(first.distinct().subquery())) or 0


def _line(row: Row[*tuple[Any, ...]]) -> ResultLine:
    items = _items(row.paper)
    return ResultLine(
        person_id=row.person_id,
        course_id=row.course_id,
        version_id=row.version_id,
        purpose=row.purpose,
        started_at=row.started_at,
        ended_at=row.ended_at,
        handed_in=row.state is AttemptState.HANDED_IN,
        score=row.share,
        passed=row.passed,
        items=items,
        questions=len(items) or _drawn(row.version_id, row.purpose),
    )


def _items(paper: str) -> frozenset[str]:
    return frozenset(slip.item for slip in msgspec.json.decode(paper, type=tuple[StoredQuestion, ...]))


def _drawn(version_id: UUID, purpose: Purpose) -> int:
    return sum(draw.items for draw in rules.blueprint(catalogue.outline(version_id).facts, purpose))


# built once: every test that ends sends it
_RESULTS = (
    select(
        Attempt.person_id, Attempt.course_id, Attempt.version_id, Attempt.purpose, Attempt.started_at,
        Attempt.ended_at, Attempt.state, Attempt.share, Attempt.passed, Attempt.paper,
    )
    .where(
        Attempt.person_id.in_(bindparam("people")),
        Attempt.ended_at.is_not(None),
        Attempt.purpose.not_in((Purpose.PRACTICE, Purpose.WATCHED, *OF_EVENTS)),
    )
    .order_by(Attempt.ended_at, Attempt.id)
)  # fmt: skip
