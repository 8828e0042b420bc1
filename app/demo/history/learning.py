"""Actions of officers in lessons, cases and tests of the demonstration, with services; also the weekly mails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import assert_never
from uuid import UUID

from app.catalogue.shapes import Outline
from app.demo.cast import careers, lives, roster, test_answers
from app.demo.cast.careers import AttemptTaken, CareerStep, CasePlayed, CourseMaterial, LessonRead, Study
from app.demo.cast.countries import STORIES
from app.demo.cast.lives import LifeStart
from app.demo.history.accounts import DemoOfficer
from app.demo.history.timeline import TimedAction, as_of
from app.home import jobs as digest
from app.learning.domain import Visit
from app.learning.service import lesson_progress
from app.messages.domain import NoticeKind
from app.messages.service import outbox
from app.quizzes.queries import lock, questions_of_attempt
from app.quizzes.service import attempts
from app.quizzes.service.attempts import Started
from app.scenarios import service as scenarios


def learning_actions(
    person_id: UUID, courses: Sequence[CourseMaterial], studies: Sequence[Study], random: Random
) -> Iterator[TimedAction]:
    """Return the actions of a person in courses: one for each course and one for each step."""
    outlines = {course.outline.code: course.outline for course in courses}
    for study in studies:
        outline = outlines[study.code]
        yield TimedAction(study.begun_at, person_id, partial(lesson_progress.begin, person_id, outline, study.begun_at))
        for step in study.steps:
            yield TimedAction(step.at, person_id, partial(_act, person_id, outline, step, random))


@dataclass(frozen=True, slots=True)
class LearningYear:
    """The courses, the first day of the tour, and whether officers learn by the story of their country."""

    courses: Sequence[CourseMaterial]
    now: datetime
    random: Random
    by_story: bool = False


def studies_of_the_year(officers: Sequence[DemoOfficer], year: LearningYear) -> Iterator[TimedAction]:
    """Return the actions of officers in courses. Officers of the tour are in the middle of a course."""
    courses, now, random = year.courses, year.now, year.random
    for number, officer in enumerate(officers, 1):
        if number <= len(roster.TOUR):
            studies = tour(_for_role(courses, officer.player.roles[0]), now)
            notified = now - timedelta(days=6)
            yield TimedAction(notified, None, partial(_notify_of_courses, officer.id, courses[1:], notified))
        else:
            studies = _studies(officer, year)
        yield from learning_actions(officer.id, courses, studies, random)
        if number > len(roster.TOUR) and random.random() < 0.7:
            yield TimedAction(now, officer.id, partial(outbox.mark_all_read, officer.id, now))


def _studies(officer: DemoOfficer, year: LearningYear) -> list[Study]:
    if year.by_story:
        start, by_code = LifeStart(officer.player.roles[0], officer.since), lives.by_code(year.courses)
        return lives.studies(STORIES[officer.player.country], start, by_code, year.now, year.random)
    studies = careers.live(year.courses, officer.since, year.now, year.random)
    careers.leave_open(studies, year.random)
    return studies


def _for_role(courses: Sequence[CourseMaterial], role: str) -> Sequence[CourseMaterial]:
    """Return the guide, the courses for a role, then the others; keep the order for a first responder."""
    guide, *others = courses
    own = [course for course in others if role in course.outline.facts.roles]
    return courses if role == roster.TOUR[0] else [guide, *own, *(course for course in others if course not in own)]


def tour(courses: Sequence[CourseMaterial], now: datetime) -> list[Study]:
    """Return the studies of an officer of the tour: a completed guide and a course left in its third lesson."""
    at = now - timedelta(days=30)
    guide = Study(courses[0].outline.code, at)
    for number, entry in enumerate(courses[0].outline.facts.lessons, 1):
        guide.steps.append(LessonRead(entry.slug, at + timedelta(days=number)))
    if len(courses) == 1:
        return [guide]
    study = Study(courses[1].outline.code, now - timedelta(days=9))
    first, second, third = courses[1].outline.facts.lessons[:3]
    study.steps += [
        LessonRead(first.slug, now - timedelta(days=8)),
        LessonRead(second.slug, now - timedelta(days=4)),
        LessonRead(third.slug, now - timedelta(days=1), element=7),
    ]
    return [guide, study]


def _act(person_id: UUID, outline: Outline, step: CareerStep, random: Random) -> None:
    match step:
        case LessonRead(lesson, at, element) if element:
            lesson_progress.save_place(person_id, outline, lesson, element=element, now=at)
        case LessonRead(lesson, at, _):
            minutes = next(entry.minutes for entry in outline.facts.lessons if entry.slug == lesson)
            seconds = step.seconds(minutes)
            visit = Visit(at - timedelta(seconds=seconds), seconds)
            lesson_progress.finish_lesson(person_id, outline, lesson, at, visit)
        case CasePlayed():
            _play_case(person_id, outline, step)
        case AttemptTaken():
            _take_test(person_id, outline, step, random)
        case _:
            assert_never(step)


def _play_case(person_id: UUID, outline: Outline, step: CasePlayed) -> None:
    playthrough_id = scenarios.start(
        person_id=person_id,
        course_id=outline.course_id,
        version_id=outline.version_id,
        name=step.name,
        language=outline.facts.source_language,
        now=step.at,
    )
    for number, move in enumerate(step.moves, 1):
        scenarios.choose(playthrough_id, step=number, move=move, now=step.at + careers.CHOICE * number)


def _take_test(person_id: UUID, outline: Outline, step: AttemptTaken, random: Random) -> None:
    result = attempts.start(
        person_id=person_id,
        outline=outline,
        language=outline.facts.source_language,
        purpose=step.purpose,
        extra_time=0,
        now=step.at,
    )
    if not isinstance(result, Started):
        raise RuntimeError(f"{outline.code}: no attempt can start")  # noqa: TRY004 - the career breaks the rules
    attempt_id = result.public_id
    answers = test_answers.answers_for(questions_of_attempt(lock(attempt_id)), step.right, random)
    if step.ended_at is None:
        answers = test_answers.first_half(answers)
    moment = step.at + timedelta(minutes=5)
    attempts.save(attempt_id, answers, arrived_at=moment, now=moment)
    if step.ended_at is not None:
        attempts.hand_in(attempt_id, step.ended_at)


def _notify_of_courses(person_id: UUID, courses: Sequence[CourseMaterial], now: datetime) -> None:
    for course in courses:
        outbox.notify(
            person_id,
            NoticeKind.COURSE_PUBLISHED,
            occasion=f"course-published:{course.outline.version_id}",
            facts={"course": course.outline.code},
            path=f"/courses/{course.outline.slug}",
            now=now,
        )


def mail_of_the_week(now: datetime) -> None:
    """Queue the weekly mails of the last Monday at 12:00 UTC, which is daytime in all 13 countries."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=12, minute=0)
    if monday > now:
        monday -= timedelta(days=7)
    with as_of(monday):
        digest.send_week()
