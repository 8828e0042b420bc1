"""What this room does when another one speaks."""

from app.catalogue.domain.versions import VersionKind
from app.catalogue.events import CoursePublished
from app.directory.events import IdentityRemoved
from app.learning.service import lesson_progress, suggestions
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished


def on_attempt_ended(happened: AttemptEnded) -> None:
    """Look whether a passed test was the last part of a course; say so when the server handed it in."""
    if happened.by == "time":
        lesson_progress.tell_of_time(happened.person_id, happened.version_id, happened.attempt, happened.at)
    if happened.passed:
        lesson_progress.look_whether_complete(happened.person_id, happened.course_id, happened.at)


def on_case_finished(happened: CaseFinished) -> None:
    """Look whether a case was the last part of a course."""
    lesson_progress.look_whether_complete(happened.person_id, happened.course_id, happened.at)


def on_identity_removed(happened: IdentityRemoved) -> None:
    """Keep no words about somebody whose name is kept no longer."""
    suggestions.delete_suggestions(happened.person_id)


def on_course_published(happened: CoursePublished) -> None:
    """Give everybody an urgent version; tell those concerned of a new course, or of a version that is offered."""
    if happened.kind == VersionKind.URGENT:
        lesson_progress.replace_version(happened.course_id, happened.version_id, happened.at)
    elif happened.number == 1:
        lesson_progress.tell_of_course(happened.version_id, happened.at)
    else:
        lesson_progress.tell_of_version(happened.course_id, happened.version_id, happened.at)
