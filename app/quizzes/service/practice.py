"""Use case of practice: begin a sitting on one or two competencies of a course."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from secrets import randbits
from uuid import UUID

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import record
from app.kernel.errors import DomainError
from app.quizzes import queries
from app.quizzes.domain import practice, saves, selection
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.selection import DrawnQuestions
from app.quizzes.events import AttemptStarted
from app.quizzes.queries import practice as sittings
from app.quizzes.service import store
from app.quizzes.service.attempts import AttemptInProgress, Started


def start(
    *,
    person_id: UUID,
    outline: Outline,
    language: str,
    competencies: Sequence[str],
    counted: Collection[str],
    last_met: Mapping[str, datetime],
    now: datetime,
) -> Started | AttemptInProgress:
    """Begin a practice sitting; an open one is continued. `counted`: competencies for which it is a review.

    Raises DomainError if the course has too few questions for practice.
    """
    running = sittings.open_sitting(person_id)
    if running is not None:
        return AttemptInProgress(running)
    seed = randbits(63)
    paper = _draw(outline, language, competencies, last_met, seed)
    number = queries.last_number(person_id, outline.course_id, Purpose.PRACTICE) + 1
    public_id = store.add_attempt(
        person_id=person_id,
        course_id=outline.course_id,
        version_id=outline.version_id,
        purpose=Purpose.PRACTICE,
        number=number,
        language=language,
        seed=seed,
        paper=saves.answer_text(selection.to_stored(paper)),
        pass_mark=selection.pass_mark_of(paper.items) or practice.NOT_JUDGED,
        state=AttemptState.OPEN,
        started_at=now,
        deadline_at=None,
    )
    if public_id is None:
        raise DomainError("Another practice was begun meanwhile.")
    asked = _asked(paper, competencies)
    store.add_sitting(public_id, asked=asked, counted=[name for name in asked if name in counted])
    record(
        AttemptStarted(
            at=now,
            attempt=public_id,
            person_id=person_id,
            course_id=outline.course_id,
            version_id=outline.version_id,
            purpose=Purpose.PRACTICE,
            number=number,
        )
    )
    return Started(public_id)


def _draw(
    outline: Outline, language: str, competencies: Sequence[str], last_met: Mapping[str, datetime], seed: int
) -> DrawnQuestions:
    """Draw the questions of a sitting; raise DomainError if the course has too few."""
    bank = catalogue.bank(outline.version_id, language)
    items = practice.pool(outline.facts, (question.item for question in bank.values()))
    drawn = practice.draw(items, competencies, last_met=last_met, seed=seed)
    if len(drawn.questions) < practice.FEWEST:
        raise DomainError("The course has too few questions for practice.")
    return practice.with_revisions(drawn, {name: question.revision for name, question in bank.items()})


def _asked(paper: DrawnQuestions, competencies: Sequence[str]) -> list[str]:
    """Return the competencies of which the sitting asks a question."""
    drawn = {item.competency for item in paper.items}
    return [name for name in competencies if name in drawn]
