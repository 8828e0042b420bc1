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


def on_course_begun(event: CourseBegun) -> None:
    """Count the day of learning, and from some days on the course among those begun."""
    recalculation.active(event.person_id, event.at.date())
    recalculation.recount(Source.ENROLMENTS, [event.person_id])


def on_lesson_done(event: LessonDone) -> None:
    """Count the day of learning."""
    recalculation.active(event.person_id, event.at.date())


def on_attempt_ended(event: AttemptEnded) -> None:
    """Count the day of learning; a paper that the server handed in counts on the day its time was over."""
    if event.by == "time":
        recalculation.recount(Source.ACTIVITY, [event.person_id])
    else:
        recalculation.active(event.person_id, event.at.date())


def on_case_finished(event: CaseFinished) -> None:
    """Count the day of learning."""
    recalculation.active(event.person_id, event.at.date())


def on_course_completed(event: CourseCompleted) -> None:
    """Count the completion."""
    recalculation.recount(Source.ENROLMENTS, [event.person_id])


def on_standing_changed(event: StandingChanged) -> None:
    """Count whoever holds, or no longer holds, a competency that an indicator asks for: once for all its levels."""
    same = (event.person_id, event.competency)
    if not any(isinstance(one, StandingChanged) and (one.person_id, one.competency) == same for one in to_come()):
        recalculation.standing_changed(*same)


def on_person_added(event: PersonAdded) -> None:
    """Count an officer among those who could hold a core."""
    recalculation.recount(Source.STANDING, [event.person_id])


def on_person_deactivated(event: PersonDeactivated) -> None:
    """Count an officer no longer whose posting has ended."""
    for source in (Source.ACTIVITY, Source.STANDING):
        recalculation.recount(source, [event.person_id])


def on_posting_moved(event: PostingMoved) -> None:
    """Count an officer in the new posting from its first day on; what was done on that day already, too."""
    for source in (Source.ENROLMENTS, Source.ACTIVITY, Source.STANDING):
        recalculation.recount(source, [event.person_id])
    recalculation.sessions_moved(event.person_id, event.since)


def on_course_published(event: CoursePublished) -> None:
    """Count the version of today."""
    recalculation.recount(Source.COURSE, [event.course_id])


def on_reference_loaded(event: ReferenceLoaded) -> None:
    """Take over a plan's definitions; count anew what leans on the framework of competencies."""
    if event.kind == ReferenceKind.PLAN:
        definitions.load_definitions(event.number, event.at)
    elif event.kind == ReferenceKind.COMPETENCIES:
        recalculation.mark_due(Source.STANDING)
    else:
        return
    recalculation.catch_up()


def on_workshop_state_changed(event: WorkshopStateChanged | WorkshopReopened) -> None:
    """Count an event that was closed, or no longer one that was cancelled or reopened."""
    for source in (Source.EVENT, Source.ATTENDANCE):
        recalculation.recount(source, [event.workshop_id])


def on_attendance_recorded(event: AttendanceRecorded) -> None:
    """Count who was at a session."""
    recalculation.recount(Source.ATTENDANCE, [event.workshop_id])


def on_booking_withdrawn(event: BookingWithdrawn) -> None:
    """Count nobody's attendance who gave the seat back."""
    recalculation.booking_ended(event.workshop_id)
