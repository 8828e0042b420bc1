"""Read corrected keys of published questions, and the attempts that they concern."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace as dataclass_replace
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import func, select

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Question
from app.db.session import db
from app.quizzes import queries as quizzes
from app.quizzes.domain.selection import DrawnQuestions
from app.quizzes.models import Attempt, KeyCorrection, QuestionMark, Regrade
from app.quizzes.shapes import AttemptView, Drawn


@dataclass(frozen=True, slots=True)
class WaitingCorrection:
    """A corrected key whose attempts are not all graded again."""

    version_id: UUID
    item: str
    by_version_id: UUID


@dataclass(frozen=True, slots=True)
class RegradeLine:
    """A correction of the score of a question of an attempt: scores from 0 to 1 before and after."""

    question: int
    before: float
    after: float
    at: datetime


def corrected_questions(attempt: AttemptView) -> Mapping[str, Question]:
    """Return the questions of an attempt whose key was corrected by a later version, as that version has them."""
    query = select(KeyCorrection.item, KeyCorrection.by_version_id).where(
        KeyCorrection.version_id == attempt.version_id, KeyCorrection.item.in_([slip.item for slip in attempt.slips])
    )
    corrected = {}
    for item, version_id in db.session.execute(query):
        bank = catalogue.bank(version_id, attempt.language)
        if item in bank:
            corrected[item] = bank[item]
    return corrected


def questions_of_attempt(attempt: AttemptView) -> DrawnQuestions:
    """Return the drawn questions of an attempt with their keys as they are now."""
    paper, corrected = quizzes.questions_of_attempt(attempt), corrected_questions(attempt)
    questions = (
        replace(question, item=corrected[question.item.id].item) if question.item.id in corrected else question
        for question in paper.questions
    )
    return DrawnQuestions(tuple(questions))


def questions_with_texts(attempt: AttemptView) -> list[Drawn]:
    """Return the questions of an attempt with their texts, those with a corrected key as the later version has them."""
    corrected = corrected_questions(attempt)
    return [_corrected(drawn, corrected) for drawn in quizzes.questions_with_texts(attempt)]


def _corrected(drawn: Drawn, corrected: Mapping[str, Question]) -> Drawn:
    now = corrected.get(drawn.question.item.id)
    if now is None:
        return drawn
    return dataclass_replace(drawn, question=replace(drawn.question, item=now.item), texts=now.texts)


def waiting() -> list[WaitingCorrection]:
    """Return the corrections whose attempts are not all graded again, the oldest first."""
    query = select(KeyCorrection.version_id, KeyCorrection.item, KeyCorrection.by_version_id).where(
        KeyCorrection.done_at.is_(None)
    )
    rows = db.session.execute(query.order_by(KeyCorrection.noted_at, KeyCorrection.item))
    return [WaitingCorrection(*row) for row in rows]


def concerned(correction: WaitingCorrection, *, after: int, limit: int) -> list[tuple[int, UUID]]:
    """Return ended attempts at the old version that asked the question, with row ids above `after`."""
    query = (
        select(Attempt.id, Attempt.public_id)
        .join(QuestionMark, QuestionMark.attempt_id == Attempt.id)
        .where(Attempt.version_id == correction.version_id, QuestionMark.item == correction.item, Attempt.id > after)
        .order_by(Attempt.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def versions_attempted(course_id: UUID) -> Sequence[UUID]:
    """Return the versions of a course at which there are attempts."""
    return db.session.scalars(select(Attempt.version_id).where(Attempt.course_id == course_id).distinct()).all()


def scores_of(row_id: int) -> dict[int, float]:
    """Return the stored scores of the questions of an ended attempt, by number."""
    query = select(QuestionMark.question, QuestionMark.share).where(QuestionMark.attempt_id == row_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def regrades_of(row_id: int) -> list[RegradeLine]:
    """Return the corrected scores of an attempt, in their order."""
    query = select(Regrade.question, Regrade.share_before, Regrade.share_after, Regrade.at).where(
        Regrade.attempt_id == row_id
    )
    return [RegradeLine(*row) for row in db.session.execute(query.order_by(Regrade.number, Regrade.question))]


def regrade_counts(person_id: UUID) -> Mapping[UUID, int]:
    """Return how often the attempts of a person were graded again, by attempt; without those that were not."""
    query = (
        select(Attempt.public_id, func.max(Regrade.number))
        .join(Regrade, Regrade.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id)
        .group_by(Attempt.public_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
