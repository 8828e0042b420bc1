"""End completions of a course after the day that a breaking version names, and notify those whom it concerns."""

from datetime import date, datetime
from uuid import UUID

from app.access.targets import Target
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.queries.versions import BreakingVersion
from app.db.session import record
from app.learning import domain
from app.learning.domain import EnrolmentState, EnrolmentStep
from app.learning.events import CompletionEnded, VersionTaken
from app.learning.models import Enrolment
from app.learning.queries import progress
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports


def tell_of_end(course_id: UUID, version_id: UUID, ends_on: date, now: datetime) -> None:
    """Notify those who have completed a course of the last day on which their completion counts."""
    outline = catalogue.outline(version_id)
    messages.tell_all(
        progress.completed_by(course_id),
        NoticeKind.COMPLETION_ENDS,
        occasion=f"completion-ends:{version_id}",
        facts={"course": outline.code, "until": ends_on.isoformat()},
        path=ports().path_to(Target.COURSE, outline.slug),
        now=now,
    )


def end(person_id: UUID, version: BreakingVersion, now: datetime) -> bool:
    """End a person's completion from before a breaking version, or move a reader to the current version.

    Returns whether a completion ended. The enrolment stays as history; the course can be begun again.
    """
    enrolment = progress.lock(person_id, version.course_id)
    if enrolment is None:
        return False
    if enrolment.state is EnrolmentState.BEGUN:
        _move(enrolment, now)
        return False
    enrolment.state = domain.after(enrolment.state, EnrolmentStep.END)
    record(CompletionEnded(at=now, person_id=person_id, course_id=version.course_id, version_id=version.id))
    outline = catalogue.outline(version.id)
    messages.notify(
        person_id,
        NoticeKind.COMPLETION_ENDED,
        occasion=f"completion-ended:{enrolment.id}",
        facts={"course": outline.code},
        path=ports().path_to(Target.COURSE, outline.slug),
        now=now,
    )
    return True


def _move(enrolment: Enrolment, now: datetime) -> None:
    """Move a reader of an ended version to the version in force: a result of the ended one would not count."""
    (course,) = versions.course_records({enrolment.course_id})
    if course.version_id is None or course.version_id == enrolment.version_id:
        return
    enrolment.version_id = course.version_id
    record(
        VersionTaken(at=now, person_id=enrolment.person_id, course_id=enrolment.course_id, version_id=course.version_id)
    )
