"""Practice sittings of the demonstration: most count as a review, some do not, one was stopped, one is open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.competence.queries import competencies as competence
from app.demo.cast import roster, test_answers
from app.demo.cast.careers import CourseMaterial
from app.demo.history.accounts import DemoOfficer
from app.demo.history.timeline import TimedAction
from app.kernel import clock
from app.learning.queries import progress as learning
from app.learning.service import lesson_progress
from app.quizzes.domain import practice
from app.quizzes.domain.saves import Save
from app.quizzes.queries import lock, practice as sittings, questions_of_attempt
from app.quizzes.service import attempts, practice as service

BETWEEN_ANSWERS = timedelta(seconds=35)
STOPPED_AFTER, OPEN_AFTER = 2, 2  # answers
OFFICERS, SECOND_SITTINGS = 14, 3  # who practised; who practised again the next day, which does not count
OPEN_COURSE, OPEN_COMPETENCY = "M02", "VIC-01"  # of the first officer of the tour, who had a workshop on it


@dataclass(frozen=True, slots=True)
class SittingPlan:
    """How a sitting goes: the ratio of right answers, and after how many answers it stops; it may be left open.

    The item `missed` is answered against its key.
    """

    right: float
    answers: int = practice.QUESTIONS
    is_open: bool = False
    missed: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is practised: a competency of a begun course, and the competencies for which the sitting counts."""

    outline: Outline
    competency: str
    counted: Sequence[str]


def actions(
    officers: Sequence[DemoOfficer], courses: Sequence[CourseMaterial], now: datetime, random: Random
) -> Iterator[TimedAction]:
    """Return the sittings of officers who live through services, of the last five weeks."""
    others = officers[len(roster.TOUR) :]
    for number, officer in enumerate(others[:OFFICERS]):
        at = now - timedelta(days=random.randint(2, 35), minutes=random.randint(0, 300))
        plan = SittingPlan(random.uniform(0.7, 1.0), STOPPED_AFTER if number == 1 else practice.QUESTIONS)
        yield TimedAction(at, officer.id, partial(_practise, officer, plan, random))
        if number < SECOND_SITTINGS:
            again = partial(_practise, officer, SittingPlan(1.0), random)
            yield TimedAction(at + timedelta(days=1), officer.id, again)
    outline = next((course.outline for course in courses if course.outline.code == OPEN_COURSE), None)
    if outline is not None:
        first, begun = officers[0], now - timedelta(days=10)
        yield TimedAction(begun, first.id, partial(lesson_progress.begin, first.id, outline, begun))
        open_plan = SittingPlan(1.0, OPEN_AFTER, is_open=True)
        at = now - timedelta(hours=3)
        yield TimedAction(at, first.id, partial(sit, first.id, outline, OPEN_COMPETENCY, open_plan, random))


def sit(person_id: UUID, outline: Outline, competency: str, plan: SittingPlan, random: Random) -> UUID:
    """Let a person practise a competency of a begun course now; return the sitting."""
    counted = practice.counted(_last_evidence(person_id, competency), sittings.review_days(person_id), clock.today())
    topic = Topic(outline, competency, counted)
    return _sit(person_id, topic, plan, random)


def _practise(officer: DemoOfficer, plan: SittingPlan, random: Random) -> None:
    topic = _topic(officer)
    if topic is not None:
        _sit(officer.id, topic, plan, random)


def _topic(officer: DemoOfficer) -> Topic | None:
    """Return what the officer practises today: the competency that reaches its date first, or None."""
    statuses = competence.path(officer.id, officer.player.roles, clock.today())
    dated = sorted((status for status in statuses if status.last_on), key=lambda status: str(status.until or "9"))
    outlines = [course.outline for course in learning.begun(officer.id)]
    for status in dated:
        for outline in outlines:
            if _has_questions(outline, status.competency):
                last = {status.competency: status.last_on}
                counted = practice.counted(last, sittings.review_days(officer.id), clock.today())
                return Topic(outline, status.competency, counted)
    return None


def _has_questions(outline: Outline, competency: str) -> bool:
    bank = catalogue.bank(outline.version_id, outline.facts.source_language)
    items = practice.pool(outline.facts, (question.item for question in bank.values()))
    return len(items.get(competency, ())) >= practice.FEWEST


def _last_evidence(person_id: UUID, competency: str) -> dict[str, date | None]:
    days = [line.day for line in competence.evidence_of(person_id, competency)]
    return {competency: max(days, default=None)}


def _sit(person_id: UUID, topic: Topic, plan: SittingPlan, random: Random) -> UUID:
    at = clock.now()
    started = service.start(
        person_id=person_id,
        outline=topic.outline,
        language=topic.outline.facts.source_language,
        competencies=[topic.competency],
        counted=topic.counted,
        last_met=sittings.last_met(person_id).get(topic.outline.course_id, {}),
        now=at,
    )
    attempt = started.public_id
    for number, save in enumerate(_answers(attempt, plan, random), 1):
        _answer(attempt, save, at + BETWEEN_ANSWERS * number)
    if not plan.is_open:
        attempts.hand_in(attempt, at + BETWEEN_ANSWERS * (plan.answers + 1))
    return attempt


def _answers(attempt: UUID, plan: SittingPlan, random: Random) -> list[Save]:
    """Return one answer for each question up to the one after which the sitting stops."""
    paper = questions_of_attempt(lock(attempt))
    answers = {save.question: save for save in test_answers.answers_for(paper, plan.right, random)}
    for save in test_answers.answers_for(paper, 0.0, random):
        if paper.items[save.question - 1].id == plan.missed:
            answers[save.question] = save
    return list(answers.values())[: plan.answers]


def _answer(attempt: UUID, save: Save, at: datetime) -> None:
    attempts.save_form(attempt, save.question, save.body, certainty=None, marked=False, arrived_at=at, now=at)
