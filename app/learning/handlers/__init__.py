"""React to events of other packages: complete courses, notify of new versions, delete suggestions."""

from app.catalogue.domain.versions import VersionKind
from app.catalogue.events import CoursePublished
from app.directory.events import IdentityRemoved
from app.learning.service import ended_completions, lesson_progress, questions, reports, suggestions
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded, AttemptRegraded
from app.scenarios.events import CaseFinished


def on_attempt_ended(event: AttemptEnded) -> None:
    """Complete the course after a passed test; notify the person if the server handed the attempt in.

    A watched check is no part of a course.
    """
    if event.purpose == Purpose.WATCHED:
        return
    if event.by == "time":
        lesson_progress.tell_of_time(event.person_id, event.version_id, event.attempt, event.at)
    if event.passed and event.purpose != Purpose.PRACTICE:
        lesson_progress.look_whether_complete(event.person_id, event.course_id, event.at)


def on_attempt_regraded(event: AttemptRegraded) -> None:
    """Notify the person of the corrected result; complete the course if the test is passed now.

    `checks` corrects the evidence of watched checks.
    """
    if event.purpose == Purpose.WATCHED:
        return
    lesson_progress.tell_of_correction(event.person_id, event.version_id, event.attempt, event.number, event.at)
    if event.newly_passed:
        lesson_progress.look_whether_complete(event.person_id, event.course_id, event.at)


def on_case_finished(event: CaseFinished) -> None:
    """Complete the course if the case was its last part."""
    lesson_progress.look_whether_complete(event.person_id, event.course_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete the suggestions to a person whose identity was deleted, and what the person wrote to trainers."""
    suggestions.delete_suggestions(event.person_id)
    reports.delete_reports(event.person_id)
    questions.delete_questions(event.person_id)


def on_course_published(event: CoursePublished) -> None:
    """Move all readers to an urgent version; otherwise notify them of the new version, and of records that end."""
    if event.ends_on is not None:
        ended_completions.tell_of_end(event.course_id, event.version_id, event.ends_on, event.at)
    if event.kind == VersionKind.URGENT:
        lesson_progress.replace_version(event.course_id, event.version_id, event.at)
    elif event.number == 1:
        lesson_progress.tell_of_course(event.version_id, event.at)
    else:
        lesson_progress.tell_of_version(event.course_id, event.version_id, event.at)
