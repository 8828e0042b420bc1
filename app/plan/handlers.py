"""What this room does when another one speaks."""

from app.accounts.events import PersonAdded, PersonDeactivated, PostingMoved
from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.events import CoursePublished, ReferenceLoaded
from app.competence.events import StandingChanged
from app.db.session import to_come
from app.learning.events import CourseBegun, CourseCompleted, LessonDone
from app.plan import recounting, service
from app.plan.domain.records import Source
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished
from app.workshops.events import AttendanceKept, BookingWithdrawn, WorkshopMoved, WorkshopReopened


def course_begun(happened: CourseBegun) -> None:
    """Count the day of learning, and from some days on the course among those begun."""
    recounting.active(happened.person_id, happened.at.date())
    recounting.recount(Source.ENROLMENTS, [happened.person_id])


def lesson_done(happened: LessonDone) -> None:
    """Count the day of learning."""
    recounting.active(happened.person_id, happened.at.date())


def test_ended(happened: AttemptEnded) -> None:
    """Count the day of learning; a paper that the server handed in counts on the day its time was over."""
    if happened.by == "time":
        recounting.recount(Source.ACTIVITY, [happened.person_id])
    else:
        recounting.active(happened.person_id, happened.at.date())


def case_finished(happened: CaseFinished) -> None:
    """Count the day of learning."""
    recounting.active(happened.person_id, happened.at.date())


def course_completed(happened: CourseCompleted) -> None:
    """Count the completion."""
    recounting.recount(Source.ENROLMENTS, [happened.person_id])


def standing_changed(happened: StandingChanged) -> None:
    """Count whoever holds, or no longer holds, a competency that an indicator asks for: once for all its levels."""
    same = (happened.person_id, happened.competency)
    if not any(isinstance(one, StandingChanged) and (one.person_id, one.competency) == same for one in to_come()):
        recounting.standing_changed(*same)


def person_added(happened: PersonAdded) -> None:
    """Count an officer among those who could hold a core."""
    recounting.recount(Source.STANDING, [happened.person_id])


def person_left(happened: PersonDeactivated) -> None:
    """Count an officer no longer whose posting has ended."""
    for source in (Source.ACTIVITY, Source.STANDING):
        recounting.recount(source, [happened.person_id])


def person_moved(happened: PostingMoved) -> None:
    """Count an officer in the new posting from its first day on; what was done on that day already, too."""
    for source in (Source.ENROLMENTS, Source.ACTIVITY, Source.STANDING):
        recounting.recount(source, [happened.person_id])
    recounting.sessions_moved(happened.person_id, happened.since)


def course_published(happened: CoursePublished) -> None:
    """Count the version of today."""
    recounting.recount(Source.COURSE, [happened.course_id])


def reference_loaded(happened: ReferenceLoaded) -> None:
    """Take over a plan's definitions; count anew what leans on the framework of competencies."""
    if happened.kind == ReferenceKind.PLAN:
        service.load_definitions(happened.number, happened.at)
    elif happened.kind == ReferenceKind.COMPETENCIES:
        recounting.mark_due(Source.STANDING)
    else:
        return
    recounting.catch_up()


def workshop_moved(happened: WorkshopMoved | WorkshopReopened) -> None:
    """Count an event that was closed, or no longer one that was cancelled or reopened."""
    for source in (Source.EVENT, Source.ATTENDANCE):
        recounting.recount(source, [happened.workshop_id])


def attendance_kept(happened: AttendanceKept) -> None:
    """Count who was at a session."""
    recounting.recount(Source.ATTENDANCE, [happened.workshop_id])


def booking_withdrawn(happened: BookingWithdrawn) -> None:
    """Count nobody's attendance who gave the seat back."""
    recounting.booking_ended(happened.workshop_id)
