"""A person's steps through a course: begin, keep the place, done, skip, complete; and courses suggested to others."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.access.policy import Sensitivity
from app.access.targets import Target
from app.accounts import queries as accounts
from app.accounts import roster
from app.catalogue import queries as catalogue
from app.catalogue.domain.courses import LessonEntry
from app.catalogue.shapes import Outline
from app.db.session import db, record
from app.learning import domain, queries, suggested, writing
from app.learning.domain import (
    EnrolmentState,
    EnrolmentStep,
    LessonState,
    LessonStep,
    Place,
    Suggester,
    SuggestionState,
    SuggestionStep,
    Visit,
)
from app.learning.events import (
    CourseBegun,
    CourseCompleted,
    CourseSuggested,
    LessonDone,
    LessonLookedThrough,
    LessonSkipped,
    SuggestionChanged,
    VersionReplaced,
    VersionTaken,
)
from app.learning.models import CourseSuggestion, Enrolment, LessonProgress
from app.learning.queries import AskedAgain
from app.messages import service as messages
from app.messages.domain import NoticeKind
from app.ports import ports


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSuggestion:
    """Which course somebody suggests to an officer of a country, why, and by when (None: when they like)."""

    person_id: UUID
    country: str
    suggested_by: UUID
    suggested_as: Suggester
    reason: str = ""
    due_on: date | None = None


def begin(person_id: UUID, current: Outline, now: datetime) -> Enrolment:
    """Begin a course on today's version, or return what was begun before."""
    found = queries.lock(person_id, current.course_id)
    if found is not None:
        return found
    roster.lock(person_id)  # whoever suggests the course at this moment waits, or was first and is seen below
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
        # two presses at once: the other one was first, and waiting for its row told us so
        return queries.locked(person_id, current.course_id)
    record(CourseBegun(at=now, person_id=person_id, course_id=current.course_id, version_id=current.version_id))
    _answer_by_itself(person_id, current.course_id, SuggestionStep.BEGIN, now)
    return enrolment


def keep_place(person_id: UUID, current: Outline, lesson: str, *, place: int, now: datetime) -> None:
    """Remember how far a person has read; lossy by design, no row in the trail."""
    enrolment, entry = _at(person_id, current, lesson, now)
    row = _progress(enrolment, entry)
    row.place = max(0, min(place, 30_000))
    enrolment.last_lesson, enrolment.last_at = lesson, now


def save_part(
    person_id: UUID, current: Outline, lesson: str, place: Place, now: datetime, visit: Visit | None = None
) -> None:
    """Save the part of a lesson that is on the screen, and the time of this visit; no row in the audit log."""
    enrolment, entry = _at(person_id, current, lesson, now)
    row = _progress(enrolment, entry)
    row.part, row.parts, row.place = place.part, place.parts, place.element
    enrolment.last_lesson, enrolment.last_at = lesson, now
    writing.add_visit(row, visit)


def save_visit(person_id: UUID, current: Outline, lesson: str, visit: Visit | None, now: datetime) -> None:
    """Add the time of a visit to a lesson, which begins the course if need be."""
    enrolment, entry = _at(person_id, current, lesson, now)
    writing.add_visit(_progress(enrolment, entry), visit)


def finish_lesson(
    person_id: UUID, current: Outline, lesson: str, now: datetime, visit: Visit | None = None
) -> LessonState:
    """End a lesson: done, or looked through when too little time was spent; a second press changes nothing."""
    enrolment, entry = _at(person_id, current, lesson, now)
    row = _progress(enrolment, entry)
    writing.add_visit(row, visit)
    state = queries.lesson_state(row)
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
    """Note that a person leaves out a lesson with a warning; raise IllegalMoveError for any other."""
    enrolment, entry = _at(person_id, current, lesson, now)
    row = _progress(enrolment, entry)
    state = queries.lesson_state(row)
    after = domain.after_lesson(entry, state, LessonStep.SKIP)
    enrolment.last_lesson, enrolment.last_at = lesson, now
    if after is not state:
        row.done_at, row.skipped = now, True
        record(LessonSkipped(at=now, person_id=person_id, course_id=current.course_id, lesson=lesson))
    _complete(enrolment, now)


def take_version(person_id: UUID, current: Outline, now: datetime) -> None:
    """Go on with today's version of a course; what was done stays done."""
    enrolment = begin(person_id, current, now)
    if enrolment.version_id == current.version_id:
        return
    enrolment.version_id, enrolment.last_at = current.version_id, now
    record(VersionTaken(at=now, person_id=person_id, course_id=current.course_id, version_id=current.version_id))
    _complete(enrolment, now)


def replace_version(course_id: UUID, version_id: UUID, now: datetime) -> None:
    """Give everybody an urgent version at once: a wrong fact or a safety fault must not be read on."""
    moved = db.session.execute(
        update(Enrolment)
        .where(Enrolment.course_id == course_id, Enrolment.version_id != version_id)
        .values(version_id=version_id)
    )
    people = int(cast("Any", moved).rowcount)
    record(VersionReplaced(at=now, course_id=course_id, version_id=version_id, people=people))


def suggest(new: NewSuggestion, current: Outline, now: datetime) -> bool:
    """Suggest a course to an officer; say False when that is so already, or the course is done."""
    if queries.lock(new.person_id, current.course_id) is None:
        roster.lock(new.person_id)  # whoever begins the course at this moment waits, or was first and is seen now
    way = queries.way(new.person_id, current.course_id)
    if way is not None and way.state is EnrolmentState.COMPLETED:
        return False
    begun = way is not None
    made = CourseSuggestion(
        person_id=new.person_id,
        course_id=current.course_id,
        country=new.country,
        suggested_by=new.suggested_by,
        suggested_as=new.suggested_as,
        reason=new.reason,
        due_on=new.due_on,
        suggested_at=now,
        state=SuggestionState.BEGUN if begun else SuggestionState.OPEN,
        changed_at=now if begun else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return False  # two presses, or two people at once: the other one was first
    record(
        CourseSuggested(
            at=now,
            person_id=new.person_id,
            suggestion_id=made.id,
            course_id=current.course_id,
            country=new.country,
        )
    )
    messages.tell(
        new.person_id,
        NoticeKind.COURSE_SUGGESTED,
        occasion=_occasion(made.id),
        facts={"course": current.code},
        path=ports().path_to(Target.COURSE, current.slug),
        now=now,
    )
    return True


def set_aside(suggestion_id: UUID, now: datetime) -> bool:
    """Let a suggestion rest; say False when it was answered before."""
    return _answer_while({SuggestionState.OPEN}, suggestion_id, SuggestionStep.SET_ASIDE, now)


def take_back(suggestion_id: UUID, now: datetime) -> bool:
    """Suggest a course no longer; say False when it is done, set aside or taken back."""
    taken_back = _answer_while(domain.LIVE, suggestion_id, SuggestionStep.TAKE_BACK, now)
    if taken_back:
        messages.forget([_occasion(suggestion_id)])
    return taken_back


def forget_suggestions(person_id: UUID) -> None:
    """Remove what was suggested to somebody who is to be forgotten, with the reasons: words about a person."""
    gone = delete(CourseSuggestion).where(CourseSuggestion.person_id == person_id).returning(CourseSuggestion.id)
    messages.forget([_occasion(one) for one in db.session.scalars(gone).all()])


def look_whether_complete(person_id: UUID, course_id: UUID, now: datetime) -> None:
    """Complete a course whose last part was a test or a case."""
    enrolment = queries.lock(person_id, course_id)
    if enrolment is not None:
        _complete(enrolment, now)


def tell_of_time(person_id: UUID, version_id: UUID, attempt: UUID, now: datetime) -> None:
    """Tell a person that time was over and the saved answers were handed in."""
    messages.tell(
        person_id,
        NoticeKind.TEST_HANDED_IN,
        occasion=f"test-handed-in:{attempt}",
        facts={"course": catalogue.outline(version_id).code},
        path=ports().path_to(Target.ATTEMPT_RESULT, attempt),
        now=now,
    )


def tell_of_course(version_id: UUID, now: datetime) -> None:
    """Tell those whose work it is for that a new course is open; a mark above theirs tells nobody."""
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
    """Tell those who read an earlier version, and have not finished it, that a new one is offered."""
    outline = catalogue.outline(version_id)
    messages.tell_all(
        queries.readers_of_earlier(course_id, version_id),
        NoticeKind.VERSION_OFFERED,
        occasion=f"version-offered:{version_id}",
        facts={"course": outline.code},
        path=ports().path_to(Target.COURSE, outline.slug),
        now=now,
    )


def tell_asked_again(asked: Iterable[AskedAgain], now: datetime) -> int:
    """Tell people, once for each version that they passed, that its course asks again; return how many were new."""
    return sum(
        messages.tell(
            one.person_id,
            NoticeKind.ASKED_AGAIN,
            occasion=f"asked-again:{one.passed_id}",
            facts={"course": one.outline.code},
            path=ports().path_to(Target.COURSE_LATER, one.outline.slug),
            now=now,
        )
        for one in asked
    )


def _occasion(suggestion_id: UUID) -> str:
    return f"course-suggested:{suggestion_id}"


def _at(person_id: UUID, current: Outline, lesson: str, now: datetime) -> tuple[Enrolment, LessonEntry]:
    """Return the enrolment (begun by this step if need be) and the lesson in its version, or raise NoResultFound."""
    enrolment = begin(person_id, current, now)
    outline = catalogue.outline(enrolment.version_id)
    entry = next((one for one in outline.facts.lessons if one.slug == lesson), None)
    if entry is None:
        raise NoResultFound
    return enrolment, entry


def _progress(enrolment: Enrolment, entry: LessonEntry) -> LessonProgress:
    row = queries.progress(enrolment.id, entry.slug)
    if row is None:
        row = LessonProgress(
            enrolment_id=enrolment.id, lesson=entry.slug, place=0, skipped=False, looked_through=False, spent_seconds=0
        )
        db.session.add(row)
    return row


def _answer_by_itself(person_id: UUID, course_id: UUID, step: SuggestionStep, now: datetime) -> None:
    """Let a suggestion of a course follow what the officer does with the course."""
    found = suggested.live(person_id, course_id)
    if found is not None:
        _answer(found, step, now)


def _answer_while(
    states: Collection[SuggestionState], suggestion_id: UUID, step: SuggestionStep, now: datetime
) -> bool:
    found = suggested.lock(suggestion_id)
    if found.state not in states:
        return False
    _answer(found, step, now)
    return True


def _answer(found: CourseSuggestion, step: SuggestionStep, now: datetime) -> None:
    found.state, found.changed_at = domain.after_suggestion(found.state, step), now
    record(
        SuggestionChanged(
            at=now,
            person_id=found.person_id,
            suggestion_id=found.id,
            course_id=found.course_id,
            country=found.country,
            state=found.state,
        )
    )


def _complete(enrolment: Enrolment, now: datetime) -> None:
    if enrolment.state is EnrolmentState.COMPLETED:
        return
    db.session.flush()
    outline = catalogue.outline(enrolment.version_id)
    stands = queries.tested(enrolment.person_id, outline)
    if not domain.is_finished(stands.asks, stands.standing):
        return
    enrolment.state = domain.after(enrolment.state, EnrolmentStep.COMPLETE)
    enrolment.completed_at = now
    record(
        CourseCompleted(
            at=now,
            person_id=enrolment.person_id,
            course_id=enrolment.course_id,
            version_id=enrolment.version_id,
            minutes_spent=domain.minutes_spent(stands.asks, stands.standing),
            minutes_stated=domain.minutes_stated(stands.asks),
        )
    )
    _answer_by_itself(enrolment.person_id, enrolment.course_id, SuggestionStep.COMPLETE, now)
    messages.tell(
        enrolment.person_id,
        NoticeKind.COURSE_COMPLETED,
        occasion=f"course-completed:{enrolment.course_id}",
        facts={"course": outline.code},
        path=ports().path_to(Target.COURSE, outline.slug),
        now=now,
    )
