"""What this room does when another one speaks."""

from app.catalogue.domain.versions import VersionKind
from app.catalogue.events import CoursePublished
from app.directory.events import IdentityRemoved
from app.learning.service import lesson_progress, suggestions
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished


def on_attempt_ended(event: AttemptEnded) -> None:
    """Look whether a passed test was the last part of a course; say so when the server handed it in."""
    if event.by == "time":
        lesson_progress.tell_of_time(event.person_id, event.version_id, event.attempt, event.at)
    if event.passed:
        lesson_progress.look_whether_complete(event.person_id, event.course_id, event.at)


def on_case_finished(event: CaseFinished) -> None:
    """Look whether a case was the last part of a course."""
    lesson_progress.look_whether_complete(event.person_id, event.course_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Keep no words about somebody whose name is kept no longer."""
    suggestions.delete_suggestions(event.person_id)


def on_course_published(event: CoursePublished) -> None:
    """Give everybody an urgent version; tell those concerned of a new course, or of a version that is offered."""
    if event.kind == VersionKind.URGENT:
        lesson_progress.replace_version(event.course_id, event.version_id, event.at)
    elif event.number == 1:
        lesson_progress.tell_of_course(event.version_id, event.at)
    else:
        lesson_progress.tell_of_version(event.course_id, event.version_id, event.at)
