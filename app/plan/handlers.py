"""What this room does when another one speaks."""

from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.events import CoursePublished, ReferenceLoaded
from app.competence.events import StandingChanged
from app.db.session import to_come
from app.directory.events import PostingMoved
from app.identity.events import PersonAdded, PersonDeactivated
from app.learning.events import CourseBegun, CourseCompleted, LessonDone
from app.plan.domain.records import Source
from app.plan.service import definitions, recalculation
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished
from app.workshops.events import AttendanceRecorded, BookingWithdrawn, WorkshopReopened, WorkshopStateChanged


def on_course_begun(happened: CourseBegun) -> None:
    """Count the day of learning, and from some days on the course among those begun."""
    recalculation.active(happened.person_id, happened.at.date())
    recalculation.recount(Source.ENROLMENTS, [happened.person_id])


def on_lesson_done(happened: LessonDone) -> None:
    """Count the day of learning."""
    recalculation.active(happened.person_id, happened.at.date())


def on_attempt_ended(happened: AttemptEnded) -> None:
    """Count the day of learning; a paper that the server handed in counts on the day its time was over."""
    if happened.by == "time":
        recalculation.recount(Source.ACTIVITY, [happened.person_id])
    else:
        recalculation.active(happened.person_id, happened.at.date())


def on_case_finished(happened: CaseFinished) -> None:
    """Count the day of learning."""
    recalculation.active(happened.person_id, happened.at.date())


def on_course_completed(happened: CourseCompleted) -> None:
    """Count the completion."""
    recalculation.recount(Source.ENROLMENTS, [happened.person_id])


def on_standing_changed(happened: StandingChanged) -> None:
    """Count whoever holds, or no longer holds, a competency that an indicator asks for: once for all its levels."""
    same = (happened.person_id, happened.competency)
    if not any(isinstance(one, StandingChanged) and (one.person_id, one.competency) == same for one in to_come()):
        recalculation.standing_changed(*same)


def on_person_added(happened: PersonAdded) -> None:
    """Count an officer among those who could hold a core."""
    recalculation.recount(Source.STANDING, [happened.person_id])


def on_person_deactivated(happened: PersonDeactivated) -> None:
    """Count an officer no longer whose posting has ended."""
    for source in (Source.ACTIVITY, Source.STANDING):
        recalculation.recount(source, [happened.person_id])


def on_posting_moved(happened: PostingMoved) -> None:
    """Count an officer in the new posting from its first day on; what was done on that day already, too."""
    for source in (Source.ENROLMENTS, Source.ACTIVITY, Source.STANDING):
        recalculation.recount(source, [happened.person_id])
    recalculation.sessions_moved(happened.person_id, happened.since)


def on_course_published(happened: CoursePublished) -> None:
    """Count the version of today."""
    recalculation.recount(Source.COURSE, [happened.course_id])


def on_reference_loaded(happened: ReferenceLoaded) -> None:
    """Take over a plan's definitions; count anew what leans on the framework of competencies."""
    if happened.kind == ReferenceKind.PLAN:
        definitions.load_definitions(happened.number, happened.at)
    elif happened.kind == ReferenceKind.COMPETENCIES:
        recalculation.mark_due(Source.STANDING)
    else:
        return
    recalculation.catch_up()


def on_workshop_state_changed(happened: WorkshopStateChanged | WorkshopReopened) -> None:
    """Count an event that was closed, or no longer one that was cancelled or reopened."""
    for source in (Source.EVENT, Source.ATTENDANCE):
        recalculation.recount(source, [happened.workshop_id])


def on_attendance_recorded(happened: AttendanceRecorded) -> None:
    """Count who was at a session."""
    recalculation.recount(Source.ATTENDANCE, [happened.workshop_id])


def on_booking_withdrawn(happened: BookingWithdrawn) -> None:
    """Count nobody's attendance who gave the seat back."""
    recalculation.booking_ended(happened.workshop_id)
