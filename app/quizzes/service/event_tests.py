"""Attempts at the tests before and after an event: begin with drawn questions of a course, hand in when it closes."""

from collections.abc import Collection
from datetime import datetime
from secrets import randbits
from uuid import UUID

from app.catalogue.domain.items import Bank, ItemForm
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import record
from app.kernel.errors import DomainError
from app.quizzes import queries
from app.quizzes.domain import papers, rules, saves, selection
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.selection import DrawnQuestions
from app.quizzes.events import AttemptStarted
from app.quizzes.service import attempts as quizzes_attempts, store

FORMS = {Purpose.EVENT_BEFORE: ItemForm.A, Purpose.EVENT_AFTER: ItemForm.B}


def start(*, person_id: UUID, version_id: UUID, language: str, purpose: Purpose, items: int, now: datetime) -> UUID:
    """Begin an attempt with a number of questions, and return its public id.

    Both tests of an event draw from different forms of the bank, so that no question is asked twice. Raises DomainError
    if the bank has too few questions, or another such attempt at the course is open.
    """
    outline, seed = catalogue.outline(version_id), randbits(63)
    paper = draw(outline, language, purpose, items=items, seed=seed)
    number = queries.last_number(person_id, outline.course_id, purpose) + 1
    public_id = store.add_attempt(
        person_id=person_id,
        course_id=outline.course_id,
        version_id=version_id,
        purpose=purpose,
        number=number,
        language=language,
        seed=seed,
        paper=saves.answer_text(selection.to_stored(paper)),
        pass_mark=rules.course_test(outline.facts).pass_mark,
        state=AttemptState.OPEN,
        started_at=now,
        deadline_at=None,
    )
    if public_id is None:
        raise DomainError("Other work on this course is still open. Hand it in first.")
    record(
        AttemptStarted(
            at=now,
            attempt=public_id,
            person_id=person_id,
            course_id=outline.course_id,
            version_id=version_id,
            purpose=purpose,
            number=number,
        )
    )
    return public_id


def draw(outline: Outline, language: str, purpose: Purpose, *, items: int, seed: int) -> DrawnQuestions:
    """Draw the questions in proportion to the test of the course; raise DomainError if its bank has too few."""
    facts, bank = outline.facts, catalogue.bank(outline.version_id, language)
    never_alone = papers.items_of_papers(facts)
    drawable = rules.drawable_items(facts, (question.item for question in bank.values()))
    return selection.draw(
        Bank(tuple(item for item in drawable if item.id not in never_alone)),
        selection.scaled(rules.course_test(facts).draw, items),
        form=FORMS[purpose],
        seed=seed,
        revisions={name: question.revision for name, question in bank.items()},
    )


def hand_in(attempt_ids: Collection[UUID], now: datetime) -> None:
    """Hand in these attempts as they are, in the order of their ids; ended ones do not change."""
    for attempt_id in sorted(attempt_ids):
        quizzes_attempts.hand_in(attempt_id, now)
