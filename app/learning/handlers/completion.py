"""Recalculate assignments after deeds of officers, postings, threats, suggestions and publications."""

from app.catalogue.events import CoursePublished
from app.directory.events import IdentityRemoved, PostingMoved, ProtectionChanged
from app.identity.events import PersonAdded, PersonDeactivated, SettingsChanged
from app.learning.events import (
    CompletionRecorded,
    CompletionRecordEnded,
    CourseBegun,
    CourseCompleted,
    CourseSuggested,
    ExemptionAgreed,
    ExemptionEnded,
    ExemptionSet,
    LessonDone,
    LessonLookedThrough,
    LessonSkipped,
    RequirementAgreed,
    RequirementEnded,
    SuggestionChanged,
)
from app.learning.service import assignments, exemptions, recorded_completions
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded, AttemptRegraded
from app.scenarios.events import CaseFinished

LANGUAGES = {"language", "content_language"}
OfficerChanged = PersonAdded | PersonDeactivated | PostingMoved | ProtectionChanged
OfficerInCourse = (
    CourseBegun
    | CourseCompleted
    | CourseSuggested
    | SuggestionChanged
    | ExemptionSet
    | ExemptionAgreed
    | ExemptionEnded
    | CompletionRecorded
    | CompletionRecordEnded
)


def on_officer_changed(event: OfficerChanged) -> None:
    """Recalculate an officer in all courses: postings or the threat changed."""
    assignments.queue_person(event.person_id, event.at.date())


def on_settings_changed(event: SettingsChanged) -> None:
    """Recalculate a person who reads other languages."""
    if LANGUAGES.intersection(event.changed):
        assignments.queue_person(event.person_id, event.at.date())


def on_officer_in_course(event: OfficerInCourse) -> None:
    """Recalculate an officer in a course that was begun, completed, suggested, exempted or recorded."""
    assignments.queue_person(event.person_id, event.at.date(), event.course_id)


def on_step(event: LessonDone | LessonLookedThrough | LessonSkipped | CaseFinished) -> None:
    """Record the step, so that the officer does not count as stalled."""
    assignments.queue_step(event.person_id, event.course_id, event.at.date())


def on_attempt_ended(event: AttemptEnded) -> None:
    """Record the step; a passed test may complete a renewal. Practice and watched checks are no step of a course."""
    if event.purpose in (Purpose.PRACTICE, Purpose.WATCHED):
        return
    if event.passed:
        assignments.queue_person(event.person_id, event.at.date(), event.course_id)
    else:
        assignments.queue_step(event.person_id, event.course_id, event.at.date())


def on_attempt_regraded(event: AttemptRegraded) -> None:
    """Recalculate an officer whose test is passed after a corrected key."""
    if event.newly_passed and event.purpose != Purpose.WATCHED:
        assignments.queue_person(event.person_id, event.at.date(), event.course_id)


def on_requirement_changed(event: RequirementAgreed | RequirementEnded) -> None:
    """Recalculate all officers in the course."""
    assignments.queue_course(event.course_id, event.at)


def on_course_published(event: CoursePublished) -> None:
    """Recalculate the officers whose assignments the version changes."""
    assignments.queue_publication(event.course_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete the notes and seats of a person whose identity was deleted."""
    exemptions.delete_notes(event.person_id)
    recorded_completions.delete_notes(event.person_id)
    assignments.delete_seats(event.person_id)
