"""Read people's enrolments and progress in courses, with tests and cases; for this package, `home` and others."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.access.policy import Actor, Role
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.queries.versions import BreakingVersion
from app.catalogue.shapes import Outline
from app.db.session import db
from app.identity.queries import roles as accounts
from app.learning.domain import EnrolmentState, LessonState, Visit
from app.learning.models import CountedStep, Enrolment, LessonProgress, LessonVisit
from app.learning.shapes import CourseStatus, EnrolmentSummary, retention_due_since
from app.quizzes import queries as quizzes
from app.quizzes.shapes import TestStatus
from app.scenarios import queries as scenarios
from app.scenarios.queries import CaseStatus

NOT_ENDED = Enrolment.state != EnrolmentState.ENDED
# built once, as most pages of a course send them: to build one takes longer than to run it
_PERSON = Enrolment.person_id == bindparam("person_id")
_COURSE = Enrolment.course_id == bindparam("course_id")
_ALL_SUMMARIES = (
    select(
        Enrolment.id,
        Enrolment.course_id,
        Enrolment.version_id,
        Enrolment.state,
        Enrolment.begun_at,
        Enrolment.completed_at,
        Enrolment.last_lesson,
        Enrolment.last_at,
        LessonProgress.lesson,
        LessonProgress.place,
        LessonProgress.done_at,
        LessonProgress.skipped,
        LessonProgress.looked_through,
        LessonProgress.spent_seconds,
        LessonProgress.part,
        LessonProgress.parts,
    )
    .outerjoin(LessonProgress, LessonProgress.enrolment_id == Enrolment.id)
    .where(_PERSON)
)
_SUMMARIES = _ALL_SUMMARIES.where(NOT_ENDED)
_SUMMARY = _SUMMARIES.where(_COURSE)
_LOCKED = select(Enrolment).where(_PERSON, _COURSE, NOT_ENDED).with_for_update()
_PEOPLE = Enrolment.person_id.in_(bindparam("people"))
_ENROLMENTS = select(Enrolment).where(_PEOPLE).order_by(Enrolment.begun_at)
# a lesson skipped or looked through is no learning
_LEARNED = (
    LessonProgress.done_at.is_not(None),
    LessonProgress.skipped.is_(False),
    LessonProgress.looked_through.is_(False),
)
_FIRST_LESSONS = (
    select(Enrolment.person_id, Enrolment.course_id, func.min(LessonProgress.done_at))
    .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
    .where(_PEOPLE, *_LEARNED)
    .group_by(Enrolment.person_id, Enrolment.course_id)
)


@dataclass(frozen=True, slots=True)
class EndedCompletion:
    """A completion that a breaking version ended; `outline` is of the version that was completed."""

    outline: Outline
    completed_at: datetime


def enrolment_summary(person_id: UUID, course_id: UUID) -> EnrolmentSummary | None:
    """Return a person's enrolment and progress in a course, or None before the first step."""
    return _enrolment_summaries(person_id, course_id).get(course_id)


def lock(person_id: UUID, course_id: UUID) -> Enrolment | None:
    """Lock the enrolment and return it, or None."""
    return db.session.scalars(_LOCKED, {"person_id": person_id, "course_id": course_id}).one_or_none()


def locked_enrolment(person_id: UUID, course_id: UUID) -> Enrolment:
    """Lock the enrolment and return it, or raise NoResultFound."""
    return db.session.scalars(_LOCKED, {"person_id": person_id, "course_id": course_id}).one()


def progress(enrolment_id: UUID, lesson: str) -> LessonProgress | None:
    """Return the row of progress in a lesson, or None."""
    return db.session.get(LessonProgress, (enrolment_id, lesson))


def visits(enrolment_id: UUID, lesson: str) -> list[Visit]:
    """Return the visits of a lesson that are still stored."""
    query = select(LessonVisit.opened_at, LessonVisit.seconds).where(
        LessonVisit.enrolment_id == enrolment_id, LessonVisit.lesson == lesson
    )
    return [Visit(*row) for row in db.session.execute(query)]


def is_counted(person_id: UUID, key: str) -> bool:
    """Return whether a step that a device sent with this key was counted before."""
    return db.session.get(CountedStep, (person_id, key)) is not None


def course_status(person_id: UUID, current: Outline) -> CourseStatus:
    """Return a person's progress in the version of a course that was begun, or else in `current`, the newest."""
    enrolment = enrolment_summary(person_id, current.course_id)
    outline = catalogue.outline(enrolment.version_id) if enrolment else current
    tests = quizzes.statuses_of_tests(person_id)
    cases = scenarios.case_statuses(person_id)
    return _course_status(outline, enrolment, tests, cases)


def lesson_status(person_id: UUID, current: Outline) -> CourseStatus:
    """Return a person's progress in the lessons of a course, without tests and cases, in one query."""
    enrolment = enrolment_summary(person_id, current.course_id)
    return _course_status(catalogue.outline(enrolment.version_id) if enrolment else current, enrolment, {}, {})


def completion_status(person_id: UUID, current: Outline) -> CourseStatus:
    """Return a person's progress for the rule of completion: lessons and attempts at the test, without cases."""
    enrolment = enrolment_summary(person_id, current.course_id)
    tests = quizzes.statuses_of_tests(person_id) if current.facts.test is not None else {}
    return _course_status(catalogue.outline(enrolment.version_id) if enrolment else current, enrolment, tests, {})


def begun(person_id: UUID) -> list[CourseStatus]:
    """Return a person's progress in all begun courses, the latest first."""
    return _statuses(person_id, _enrolment_summaries(person_id).values())


def record(person_id: UUID) -> tuple[list[CourseStatus], list[EndedCompletion]]:
    """Return a person's begun courses and the completions that a breaking version ended, the latest first."""
    every = _grouped(db.session.execute(_ALL_SUMMARIES, {"person_id": person_id}))
    courses = [enrolment for enrolment in every if enrolment.state is not EnrolmentState.ENDED]
    ended = [
        EndedCompletion(catalogue.outline(enrolment.version_id), enrolment.completed_at)
        for enrolment in every
        if enrolment.state is EnrolmentState.ENDED and enrolment.completed_at is not None
    ]
    ended.sort(key=lambda completion: completion.completed_at, reverse=True)
    return _statuses(person_id, courses), ended


def completed(person_id: UUID) -> frozenset[str]:
    """Return the codes of the courses that a person has completed."""
    query = select(Enrolment.version_id).where(
        Enrolment.person_id == person_id, Enrolment.state == EnrolmentState.COMPLETED
    )
    return frozenset(catalogue.outline(version_id).code for version_id in db.session.scalars(query))


def completed_by_each(people: Collection[UUID]) -> Mapping[UUID, frozenset[str]]:
    """Return the codes of the courses that these people have completed, without people who completed none."""
    query = select(Enrolment.person_id, Enrolment.version_id).where(
        Enrolment.person_id.in_(people), Enrolment.state == EnrolmentState.COMPLETED
    )
    codes: dict[UUID, frozenset[str]] = {}
    for person_id, version_id in db.session.execute(query):
        codes[person_id] = codes.get(person_id, frozenset()) | {catalogue.outline(version_id).code}
    return codes


def has_completed(courses: Collection[UUID]) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    """Return the condition on a person's id that the person has completed all of these courses."""

    def having(person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
        own = aliased(Enrolment)
        done = select(func.count(own.course_id.distinct())).where(
            own.person_id == person_id, own.state == EnrolmentState.COMPLETED, own.course_id.in_(courses)
        )
        return done.scalar_subquery() == len(courses)

    return having


def open_courses(people: Collection[UUID]) -> Mapping[UUID, int]:
    """Return how many courses each of these people has begun and not finished, without people who have none."""
    query = (
        select(Enrolment.person_id, func.count())
        .where(Enrolment.person_id.in_(people), Enrolment.state == EnrolmentState.BEGUN)
        .group_by(Enrolment.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def completed_by(course_id: UUID) -> list[UUID]:
    """Return the people whose completion of a course counts now."""
    query = select(Enrolment.person_id).where(
        Enrolment.course_id == course_id, Enrolment.state == EnrolmentState.COMPLETED
    )
    return list(db.session.scalars(query))


def ended_cycles(person_id: UUID, course_id: UUID) -> int:
    """Return how often a breaking version ended a person's completion of a course."""
    query = select(func.count()).where(
        Enrolment.person_id == person_id, Enrolment.course_id == course_id, Enrolment.state == EnrolmentState.ENDED
    )
    return db.session.scalar(query) or 0


def to_end(version: BreakingVersion, *, today: date, limit: int) -> list[UUID]:
    """Return people whose completion a breaking version has ended, or who read a version before it."""
    is_before = Enrolment.version_id.in_(versions.ended_versions(today))
    completed_before = Enrolment.completed_at < version.published_at
    query = select(Enrolment.person_id).where(
        Enrolment.course_id == version.course_id, NOT_ENDED, or_(is_before, completed_before)
    )
    return list(db.session.scalars(query.order_by(Enrolment.id).limit(limit)))


def readers_of_earlier(course_id: UUID, version_id: UUID) -> list[UUID]:
    """Return the people who read another version of a course and have not finished it."""
    query = select(Enrolment.person_id).where(
        Enrolment.course_id == course_id,
        Enrolment.version_id != version_id,
        Enrolment.state == EnrolmentState.BEGUN,
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A person whose delayed questions are due; `passed_id` is the version of the passed test."""

    person_id: UUID
    outline: Outline
    passed_id: UUID


def asked_again(people: Collection[UUID], today: date) -> list[AskedAgain]:
    """Return which of these people have delayed questions due on this UTC day, in courses that they may still read."""
    later_by_person = quizzes.after_tests(people)
    if not later_by_person:
        return []
    begun = select(Enrolment.person_id, Enrolment.course_id, Enrolment.version_id).where(
        Enrolment.person_id.in_(list(later_by_person)), NOT_ENDED
    )
    readable = open_to(list(later_by_person), today)
    asked = []
    for person_id, course_id, version_id in db.session.execute(begun).all():
        outline, later = catalogue.outline(version_id), later_by_person[person_id].get(course_id)
        if later is not None and course_id in readable[person_id] and retention_due_since(outline, later, today):
            asked.append(AskedAgain(person_id, outline, later.version_id))
    return asked


def open_to(people: Collection[UUID], today: date) -> Mapping[UUID, frozenset[UUID]]:
    """Return the published courses that each of these people may read, as a practitioner or as another user."""
    serving = accounts.practitioners(people, today)
    readable = {True: _open_to(Role.PRACTITIONER), False: _open_to()}
    return {person_id: readable[person_id in serving] for person_id in people}


def _open_to(*roles: Role) -> frozenset[UUID]:
    """Return the courses published today that a user with these roles may read."""
    user = Actor(UUID(int=0), "", frozenset(roles))
    return frozenset(outline.course_id for outline in catalogue.all_visible(user))


def visible_courses(actor: Actor, begun_courses: Sequence[CourseStatus] | None = None) -> list[CourseStatus]:
    """Return the progress in all courses that a person may read; `begun_courses` is the result of `begun`."""
    own = begun(actor.id) if begun_courses is None else begun_courses
    outlines = catalogue.all_visible(actor)
    current = {outline.course_id for outline in outlines}
    others = [status for status in own if status.outline.course_id not in current]
    return statuses_for([*outlines, *_unfinished_retired(actor, others)], own)


def _unfinished_retired(actor: Actor, statuses: Sequence[CourseStatus]) -> list[Outline]:
    """Return the versions that a person is in the middle of, of courses that are retired; `statuses` may be others."""
    unfinished = [status.outline for status in statuses if not (status.enrolment and status.enrolment.completed_at)]
    if not unfinished:
        return []
    retired = set(db.session.scalars(versions.retired_courses().intersect(catalogue.readable(actor))))
    return [outline for outline in unfinished if outline.course_id in retired]


def statuses_for(outlines: Sequence[Outline], begun_courses: Sequence[CourseStatus]) -> list[CourseStatus]:
    """Return a person's progress in these courses; `begun_courses` is the result of `begun`."""
    by_course = {status.outline.course_id: status for status in begun_courses}
    return [by_course.get(outline.course_id) or _course_status(outline, None, {}, {}) for outline in outlines]


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """A course begun, with its UTC days; `completed_on` None: not yet. A breaking version ended it if `has_ended`."""

    id: UUID
    course_id: UUID
    version_id: UUID
    begun_on: date
    completed_on: date | None
    has_ended: bool = False


def enrolments(people: Collection[UUID]) -> Mapping[UUID, list[EnrolmentLine]]:
    """Return the courses that these people have begun, each list by the time of beginning."""
    by_person: dict[UUID, list[EnrolmentLine]] = {}
    for row in db.session.scalars(_ENROLMENTS, {"people": list(people)}):
        completed = None if row.completed_at is None else row.completed_at.date()
        has_ended = row.state is EnrolmentState.ENDED
        line = EnrolmentLine(row.id, row.course_id, row.version_id, row.begun_at.date(), completed, has_ended)
        by_person.setdefault(row.person_id, []).append(line)
    return by_person


def first_lessons(people: Collection[UUID]) -> Mapping[tuple[UUID, UUID], datetime]:
    """Return when these people did their first lesson of each course; a lesson only looked through does not count."""
    rows = db.session.execute(_FIRST_LESSONS, {"people": list(people)})
    return {(person_id, course_id): at for person_id, course_id, at in rows if at}


def _course_status(
    outline: Outline,
    enrolment: EnrolmentSummary | None,
    tests: Mapping[UUID, TestStatus],
    cases: Mapping[tuple[UUID, str], CaseStatus],
) -> CourseStatus:
    own = {name: case for (course_id, name), case in cases.items() if course_id == outline.course_id}
    return CourseStatus(outline, enrolment, tests.get(outline.course_id), own)


def _enrolment_summaries(person_id: UUID, course_id: UUID | None = None) -> dict[UUID, EnrolmentSummary]:
    if course_id is None:
        rows = db.session.execute(_SUMMARIES, {"person_id": person_id})
    else:
        rows = db.session.execute(_SUMMARY, {"person_id": person_id, "course_id": course_id})
    return {enrolment.course_id: enrolment for enrolment in _grouped(rows)}


def _grouped(rows: Iterable[Any]) -> list[EnrolmentSummary]:
    by_enrolment: dict[UUID, list[Any]] = {}
    for row in rows:
        by_enrolment.setdefault(row.id, []).append(row)
    return [_summary(lines) for lines in by_enrolment.values()]


def _statuses(person_id: UUID, enrolments: Iterable[EnrolmentSummary]) -> list[CourseStatus]:
    latest_first = sorted(enrolments, key=lambda enrolment: enrolment.last_at, reverse=True)
    tests = quizzes.statuses_of_tests(person_id)
    cases = scenarios.case_statuses(person_id)
    return [
        _course_status(catalogue.outline(enrolment.version_id), enrolment, tests, cases) for enrolment in latest_first
    ]


def _summary(rows: list[Any]) -> EnrolmentSummary:
    first = rows[0]
    read = [row for row in rows if row.lesson is not None]
    return EnrolmentSummary(
        enrolment_id=first.id,
        course_id=first.course_id,
        version_id=first.version_id,
        state=first.state,
        begun_at=first.begun_at,
        completed_at=first.completed_at,
        last_lesson=first.last_lesson,
        last_at=first.last_at,
        lessons={row.lesson: lesson_state(row) for row in read},
        places={row.lesson: row.place for row in read},
        parts={row.lesson: (row.part, row.parts) for row in read if row.part},
        seconds={row.lesson: row.spent_seconds for row in read if row.spent_seconds is not None},
    )


def lesson_state(row: Any) -> LessonState:
    """Return the state of a row of lesson progress."""
    if row.skipped:
        return LessonState.SKIPPED
    if row.looked_through:
        return LessonState.LOOKED_THROUGH
    return LessonState.DONE if row.done_at is not None else LessonState.BEGUN
