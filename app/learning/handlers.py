"""What this room does when another one speaks."""

from app.accounts.events import IdentityRemoved
from app.catalogue.domain.versions import VersionKind
from app.catalogue.events import CoursePublished
from app.learning import service
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished


def test_ended(happened: AttemptEnded) -> None:
    """Look whether a passed test was the last part of a course; say so when the server handed it in."""
    if happened.by == "time":
        service.tell_of_time(happened.person_id, happened.version_id, happened.attempt, happened.at)
    if happened.passed:
        service.look_whether_complete(happened.person_id, happened.course_id, happened.at)


def case_finished(happened: CaseFinished) -> None:
    """Look whether a case was the last part of a course."""
    service.look_whether_complete(happened.person_id, happened.course_id, happened.at)


def identity_removed(happened: IdentityRemoved) -> None:
    """Keep no words about somebody whose name is kept no longer."""
    service.forget_suggestions(happened.person_id)


def published(happened: CoursePublished) -> None:
    """Give everybody an urgent version; tell those concerned of a new course, or of a version that is offered."""
    if happened.kind == VersionKind.URGENT:
        service.replace_version(happened.course_id, happened.version_id, happened.at)
    elif happened.number == 1:
        service.tell_of_course(happened.version_id, happened.at)
    else:
        service.tell_of_version(happened.course_id, happened.version_id, happened.at)
