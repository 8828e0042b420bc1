"""Attempts made through the service."""

from datetime import datetime
from uuid import UUID

from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.db.session import db, transaction
from app.kernel import clock
from app.quizzes import queries
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.saves import Save, sequence
from app.quizzes.service import attempts
from app.quizzes.service.attempts import Saved, Started
from app.quizzes.shapes import AttemptView
from tests.support import courses, factories
from tests.support.settings import NOW


def begin(published: courses.Published, person: UUID, *, now: datetime = NOW, extra: int = 0) -> object:
    with transaction():
        return attempts.start(
            person_id=person,
            outline=published.outline,
            language="en",
            purpose=Purpose.TEST,
            extra_time=extra,
            now=now,
        )


def begun(published: courses.Published, person: UUID, *, now: datetime = NOW, extra: int = 0) -> UUID:
    answer = begin(published, person, now=now, extra=extra)
    assert isinstance(answer, Started)
    return answer.public_id


def keep(attempt: UUID, *saves: Save, at: datetime = NOW) -> Saved:
    with transaction():
        return attempts.save(attempt, saves, arrived_at=at, now=at)


def hand_in(attempt: UUID, at: datetime = NOW) -> None:
    with transaction():
        attempts.hand_in(attempt, at)


def look(attempt: UUID) -> AttemptView:
    db.session.rollback()
    view = queries.lock(attempt)
    db.session.rollback()
    return view


def answer_all(attempt: UUID, key: dict[str, dict[str, object]], at: datetime = NOW) -> None:
    slips = look(attempt).slips
    keep(attempt, *(Save(n, sequence(n, 1), key[slip.item]) for n, slip in enumerate(slips, 1)), at=at)


def place(attempt: UUID, item: str) -> int:
    return [slip.item for slip in look(attempt).slips].index(item) + 1


def publish_correction(right: int = 0) -> None:
    """Publish the course again with another right option of its first question."""
    course, _references = courses.ready(right=right)
    with transaction():
        publication.store_draft(course, clock.now())
    with transaction():
        publication.publish(
            courses.CODE,
            kind=VersionKind.URGENT,
            message="The key was wrong.",
            first_id=factories.person(),
            second_id=factories.person(),
            now=clock.now(),
        )
