"""Sitting a paper of a course at any time, with all answers right or none."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.catalogue.domain.items import Item
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.learning.service import lesson_progress as learning
from app.quizzes import queries
from app.quizzes.domain import keys
from app.quizzes.domain.answers import to_json
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.saves import Save
from app.quizzes.service import attempts
from app.quizzes.service.attempts import Started
from tests.support.settings import NOW

# six months before NOW to the day: what a course asks after six months is asked today
THEN = datetime(2026, 9, 1, 15, tzinfo=UTC)
EVE = NOW - timedelta(days=1)


def start(person: UUID, outline: Outline, purpose: Purpose, *, at: datetime) -> object:
    """Begin a paper, or say why not."""
    with transaction():
        learning.begin(person, outline, at)
        return attempts.start(person_id=person, outline=outline, language="en", purpose=purpose, extra_time=0, now=at)


def sit(
    person: UUID, outline: Outline, purpose: Purpose = Purpose.TEST, *, at: datetime = THEN, right: bool = True
) -> UUID:
    """Begin a paper, answer all of it right or nothing, and hand it in; return its id."""
    started = start(person, outline, purpose, at=at)
    assert isinstance(started, Started), started
    with transaction():
        if right:
            questions = queries.questions_of_attempt(queries.lock(started.public_id)).questions
            saves = [Save(n, n << 16, key(question.item)) for n, question in enumerate(questions, 1)]
            attempts.save(started.public_id, saves, arrived_at=at, now=at)
        attempts.hand_in(started.public_id, at)
    db.session.rollback()
    return started.public_id


def key(item: Item) -> object:
    """Return the right answer as JSON values."""
    answer = keys.key(item)
    assert answer is not None, item.kind
    return to_json(answer)
