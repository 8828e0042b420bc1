"""Use cases of a person in a course: begin, read, finish or skip lessons, complete; and notices about courses.

`begin` locks the enrolment, or else the person; `suggestions.suggest` locks them in the same order. `handlers` calls
`look_whether_complete` after events of `quizzes` and `scenarios`, in their transaction.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.access.policy import Sensitivity
from app.access.targets import Target
from app.catalogue.domain.courses import LessonEntry
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.shapes import Outline
from app.db.session import db, record
from app.identity.queries import postings, roles as accounts
from app.kernel.errors import DomainError
from app.learning import domain
from app.learning.domain import EnrolmentState, EnrolmentStep, LessonState, LessonStep, Place, SuggestionStep, Visit
from app.learning.events import (
    CourseBegun,
    CourseCompleted,
    LessonDone,
    LessonLookedThrough,
    LessonSkipped,
    VersionReplaced,
    VersionTaken,
)
from app.learning.models import Enrolment, LessonProgress
from app.learning.queries import progress
from app.learning.queries.progress import AskedAgain
from app.learning.service import store
from app.learning.service.suggestions import update_live_suggestion
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports


def begin(person_id: UUID, current: Outline, now: datetime) -> Enrolment:
    """Begin a course on the newest version, or return the existing enrolment. Raises DomainError if it is retired."""
    existing = progress.lock(person_id, current.course_id)
    if existing is not None:
        return existing
    if versions.is_retired(current.version_id):
        raise DomainError("This course is retired. Only those who have begun it may finish it.")
    postings.lock(person_id)  # a suggestion made at the same time waits, or was first and is read below
    enrolment = Enrolment(
        person_id=person_id,
        course_id=current.course_id,
        version_id=current.version_id,
        state=EnrolmentState.BEGUN,
        begun_at=now,
        last_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(enrolment)
    except IntegrityError:
        # two submissions at the same time: the other one was first
        return progress.locked_enrolment(person_id, current.course_id)
    record(CourseBegun(at=now, person_id=person_id, course_id=current.course_id, version_id=current.version_id))
    update_live_suggestion(person_id, current.course_id, SuggestionStep.BEGIN, now)
    return enrolment


def save_place(person_id: UUID, current: Outline, lesson: str, *, element: int, now: datetime) -> None:
    """Save the reading position in a lesson; it is not in the audit log, and a lost update does no harm."""
    enrolment, _entry, row = _at(person_id, current, lesson, now)
    row.place = max(0, min(element, 30_000))
    enrolment.last_lesson, enrolment.last_at = lesson, now


def save_part(
    person_id: UUID, current: Outline, lesson: str, position: Place, now: datetime, visit: Visit | None = None
) -> None:
    """Save the part of a lesson that is on the screen, and the time of this visit; not in the audit log."""
    enrolment, _entry, row = _at(person_id, current, lesson, now)
    row.part, row.parts, row.place = position.part, position.parts, position.element
    enrolment.last_lesson, enrolment.last_at = lesson, now
    store.add_visit(row, visit)


def save_visit(person_id: UUID, current: Outline, lesson: str, visit: Visit | None, now: datetime) -> None:
    """Add the time of a visit to a lesson; it begins the course if necessary."""
    _enrolment, _entry, row = _at(person_id, current, lesson, now)
    store.add_visit(row, visit)


def finish_lesson(
    person_id: UUID, current: Outline, lesson: str, now: datetime, visit: Visit | None = None
) -> LessonState:
    """End a lesson: done, or looked through if too little time was spent; a repeated request changes nothing."""
    enrolment, entry, row = _at(person_id, current, lesson, now)
    store.add_visit(row, visit)
    state = progress.lesson_state(row)
    after = domain.after_lesson(entry, state, domain.finishing_step(entry, row.spent_seconds))
    enrolment.last_lesson, enrolment.last_at = lesson, now
    if after is not state:
        looked_through = after is LessonState.LOOKED_THROUGH
        row.done_at, row.skipped, row.looked_through = now, False, looked_through
        row.place, row.part, row.parts = 0, 0, 0
        event = LessonLookedThrough if looked_through else LessonDone
        record(event(at=now, person_id=person_id, course_id=current.course_id, lesson=lesson))
    _complete(enrolment, now)
    return after


def skip_lesson(person_id: UUID, current: Outline, lesson: str, now: datetime) -> None:
    """Record that a person skips a lesson with a content warning; raise IllegalMoveError for other lessons."""
    enrolment, entry, row = _at(person_id, current, lesson, now)
    state = progress.lesson_state(row)
    after = domain.after_lesson(entry, state, LessonStep.SKIP)
    enrolment.last_lesson, enrolment.last_at = lesson, now
    if after is not state:
        row.done_at, row.skipped = now, True
        record(LessonSkipped(at=now, person_id=person_id, course_id=current.course_id, lesson=lesson))
    _complete(enrolment, now)


def take_version(person_id: UUID, current: Outline, now: datetime) -> None:
    """Move the person to the newest version of a course; finished lessons remain finished."""
    enrolment = begin(person_id, current, now)
    if enrolment.version_id == current.version_id:
        return
    enrolment.version_id, enrolment.last_at = current.version_id, now
    record(VersionTaken(at=now, person_id=person_id, course_id=current.course_id, version_id=current.version_id))
    _complete(enrolment, now)


def replace_version(course_id: UUID, version_id: UUID, now: datetime) -> None:
    """Move all readers to an urgent version, which corrects a wrong fact or a safety problem."""
    moved = db.session.execute(
        update(Enrolment)
        .where(Enrolment.course_id == course_id, Enrolment.version_id != version_id)
        .values(version_id=version_id)
    )
    people = int(cast("Any", moved).rowcount)
    record(VersionReplaced(at=now, course_id=course_id, version_id=version_id, people=people))


def look_whether_complete(person_id: UUID, course_id: UUID, now: datetime) -> None:
    """Complete a course if its requirements are met after a test or a case has ended."""
    enrolment = progress.lock(person_id, course_id)
    if enrolment is not None:
        _complete(enrolment, now)


def tell_of_time(person_id: UUID, version_id: UUID, attempt: UUID, now: datetime) -> None:
    """Notify a person that the time of a test was over and the saved answers were handed in."""
    messages.notify(
        person_id,
        NoticeKind.TEST_HANDED_IN,
        occasion=f"test-handed-in:{attempt}",
        facts={"course": catalogue.outline(version_id).code},
        path=ports().path_to(Target.ATTEMPT_RESULT, attempt),
        now=now,
    )


def tell_of_correction(person_id: UUID, version_id: UUID, attempt: UUID, number: int, now: datetime) -> None:
    """Notify a person that a corrected key changed the result of an attempt, for the time `number`."""
    messages.notify(
        person_id,
        NoticeKind.RESULT_CORRECTED,
        occasion=f"result-corrected:{attempt}:{number}",
        facts={"course": catalogue.outline(version_id).code},
        path=ports().path_to(Target.ATTEMPT_RESULT, attempt),
        now=now,
    )


def tell_of_course(version_id: UUID, now: datetime) -> None:
    """Notify the people of the course's roles of a new course, unless its sensitivity is above theirs."""
    outline = catalogue.outline(version_id)
    if outline.sensitivity is Sensitivity.PARTICIPANTS_ONLY:
        return
    messages.tell_all(
        accounts.serving(outline.facts.roles, now.date()),
        NoticeKind.COURSE_PUBLISHED,
        occasion=f"course-published:{version_id}",
        facts={"course": outline.code},
        path=ports().path_to(Target.COURSE, outline.slug),
        now=now,
    )


def tell_of_version(course_id: UUID, version_id: UUID, now: datetime) -> None:
    """Notify people who read an earlier version, and have not finished it, of a new version."""
    outline = catalogue.outline(version_id)
    messages.tell_all(
        progress.readers_of_earlier(course_id, version_id),
        NoticeKind.VERSION_OFFERED,
        occasion=f"version-offered:{version_id}",
        facts={"course": outline.code},
        path=ports().path_to(Target.COURSE, outline.slug),
        now=now,
    )


def tell_asked_again(asked: Iterable[AskedAgain], now: datetime) -> int:
    """Notify people, once for each version passed, of due delayed questions; return the number of new notices."""
    return sum(
        messages.notify(
            line.person_id,
            NoticeKind.ASKED_AGAIN,
            occasion=f"asked-again:{line.passed_id}",
            facts={"course": line.outline.code},
            path=ports().path_to(Target.COURSE_LATER, line.outline.slug),
            now=now,
        )
        for line in asked
    )


def _at(person_id: UUID, current: Outline, lesson: str, now: datetime) -> tuple[Enrolment, LessonEntry, LessonProgress]:
    """Return the enrolment (begun now if necessary) and the lesson in its version, or raise NoResultFound."""
    enrolment = begin(person_id, current, now)
    outline = catalogue.outline(enrolment.version_id)
    entry = next((entry for entry in outline.facts.lessons if entry.slug == lesson), None)
    if entry is None:
        raise NoResultFound
    row = progress.progress(enrolment.id, entry.slug)
    if row is None:
        row = LessonProgress(
            enrolment_id=enrolment.id, lesson=entry.slug, place=0, skipped=False, looked_through=False, spent_seconds=0
        )
        db.session.add(row)
    return enrolment, entry, row


def _complete(enrolment: Enrolment, now: datetime) -> None:
    if enrolment.state is EnrolmentState.COMPLETED:
        return
    db.session.flush()
    outline = catalogue.outline(enrolment.version_id)
    status = progress.completion_status(enrolment.person_id, outline)
    if not domain.is_finished(status.asks, status.standing):
        return
    enrolment.state = domain.after(enrolment.state, EnrolmentStep.COMPLETE)
    enrolment.completed_at = now
    cycle = progress.ended_cycles(enrolment.person_id, enrolment.course_id)
    record(
        CourseCompleted(
            at=now,
            person_id=enrolment.person_id,
            course_id=enrolment.course_id,
            version_id=enrolment.version_id,
            minutes_spent=domain.minutes_spent(status.asks, status.standing),
            minutes_stated=domain.minutes_stated(status.asks),
            cycle=cycle,
        )
    )
    update_live_suggestion(enrolment.person_id, enrolment.course_id, SuggestionStep.COMPLETE, now)
    messages.notify(
        enrolment.person_id,
        NoticeKind.COURSE_COMPLETED,
        occasion=f"course-completed:{enrolment.course_id}" + (f":{cycle}" if cycle else ""),
        facts={"course": outline.code},
        path=ports().path_to(Target.COURSE, outline.slug),
        now=now,
    )
