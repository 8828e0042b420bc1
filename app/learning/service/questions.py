"""Use cases of questions to trainers: ask, answer, close, and publish as a help entry checked by a second trainer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from app.access.targets import Target
from app.catalogue.shapes import Outline
from app.db.session import db, record
from app.identity.queries import postings
from app.kernel.errors import DomainError
from app.learning.domain.learner_posts import (
    QuestionState,
    QuestionStep,
    after_question,
    help_digest,
    may_publish,
    may_write,
)
from app.learning.events import (
    HelpEntryProposed,
    HelpEntryPublished,
    HelpEntryWithdrawn,
    QuestionAsked,
    QuestionChanged,
)
from app.learning.models import LearnerQuestion
from app.learning.queries import questions
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question of a person, in the language in which the course is shown; `lesson` and `item` may be ""."""

    person_id: UUID
    language: str
    body: str
    lesson: str = ""
    item: str = ""


def ask(new: NewQuestion, outline: Outline, now: datetime) -> bool:
    """Store a question; return False if the person has asked too many within 24 hours."""
    postings.lock(new.person_id)  # two submissions at once are counted one after the other
    if not may_write(questions.asked_today(new.person_id, now)):
        return False
    question = LearnerQuestion(
        course_id=outline.course_id,
        version_id=outline.version_id,
        lesson=new.lesson,
        item=new.item,
        language=new.language,
        body=new.body,
        person_id=new.person_id,
        asked_at=now,
        state=QuestionState.OPEN,
    )
    db.session.add(question)
    db.session.flush()
    record(QuestionAsked(at=now, person_id=new.person_id, course_id=outline.course_id, question_id=question.id))
    return True


def answer_question(course: Outline, question_id: UUID, answer: str, *, by: UUID, now: datetime) -> None:
    """Answer a question privately, and notify its author. Raises NoResultFound, or DomainError if it is settled."""
    question = questions.lock(course.course_id, question_id)
    _settle(question, QuestionStep.ANSWER, answer, by=by, now=now)
    if question.person_id is not None:
        messages.notify(
            question.person_id,
            NoticeKind.QUESTION_ANSWERED,
            occasion=_occasion(question.id),
            facts={"course": course.code},
            path=ports().path_to(Target.COURSE_QUESTIONS, course.slug),
            now=now,
        )


def close_question(course_id: UUID, question_id: UUID, *, by: UUID, now: datetime) -> None:
    """Close a question without an answer. Raises NoResultFound, or DomainError if it is settled."""
    question = questions.lock(course_id, question_id)
    _settle(question, QuestionStep.CLOSE, "", by=by, now=now)


def propose_help(
    course_id: UUID, question_id: UUID, help_question: str, help_answer: str, *, by: UUID, now: datetime
) -> None:
    """Propose the texts of a help entry from an answered question, for a second trainer to check."""
    question = questions.lock(course_id, question_id)
    question.state = after_question(question.state, QuestionStep.PROPOSE)
    question.help_question, question.help_answer, question.proposed_by = help_question, help_answer, by
    record(HelpEntryProposed(at=now, course_id=course_id, question_id=question_id))


def publish_help(course_id: UUID, question_id: UUID, digest: str, *, by: UUID, now: datetime) -> bool:
    """Publish a help entry as the second trainer; False if its texts are not those of the digest (`help_digest`).

    Raises DomainError for the trainer who proposed it.
    """
    question = questions.lock(course_id, question_id)
    if question.state is QuestionState.PROPOSED and not may_publish(by, question.proposed_by):
        raise DomainError("You proposed this help entry. A second trainer checks and publishes it.")
    state = after_question(question.state, QuestionStep.PUBLISH)
    if digest != help_digest(question.help_question, question.help_answer):
        return False
    question.state = state
    question.checked_by, question.published_at = by, now
    record(HelpEntryPublished(at=now, course_id=course_id, question_id=question_id))
    return True


def withdraw_help(course_id: UUID, question_id: UUID, *, now: datetime) -> None:
    """Withdraw a proposed or published help entry; one without an author is deleted."""
    question = questions.lock(course_id, question_id)
    question.state = after_question(question.state, QuestionStep.WITHDRAW)
    question.help_question = question.help_answer = ""
    question.proposed_by = question.checked_by = question.published_at = None
    if question.person_id is None:
        db.session.delete(question)
    record(HelpEntryWithdrawn(at=now, course_id=course_id, question_id=question_id))


def delete_questions(person_id: UUID) -> None:
    """Delete the questions of a person whose identity is deleted; of help entries only the checked texts remain."""
    is_own, is_published = LearnerQuestion.person_id == person_id, LearnerQuestion.state == QuestionState.PUBLISHED
    gone = delete(LearnerQuestion).where(is_own, ~is_published).returning(LearnerQuestion.id)
    ids = list(db.session.scalars(gone))
    left = (
        update(LearnerQuestion)
        .where(is_own)
        .values(person_id=None, body="", answer=LearnerQuestion.help_answer)
        .returning(LearnerQuestion.id)
    )
    ids += db.session.scalars(left)
    messages.delete_notices([_occasion(question_id) for question_id in ids])


def _settle(question: LearnerQuestion, step: QuestionStep, answer: str, *, by: UUID, now: datetime) -> None:
    question.state = after_question(question.state, step)
    question.answer, question.answered_by, question.answered_at = answer, by, now
    state = str(question.state)
    record(QuestionChanged(at=now, course_id=question.course_id, question_id=question.id, state=state))


def _occasion(question_id: UUID) -> str:
    return f"question-answered:{question_id}"
