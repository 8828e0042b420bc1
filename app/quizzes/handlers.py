"""Handlers of events of other packages: corrected keys of a version, a retired course, a deleted identity."""

from app.catalogue.events import CoursePublished, CourseRetired
from app.directory.events import IdentityRemoved
from app.quizzes.service import peer_marking, regrading


def on_course_published(event: CoursePublished) -> None:
    """Note corrected keys; a job then grades the attempts of earlier versions again."""
    regrading.note_corrections(event.course_id, event.version_id, event.at)


def on_course_retired(event: CourseRetired) -> None:
    """Delete what colleagues were asked to mark in the course."""
    peer_marking.delete_of_course(event.course_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete the answers that a person sent to colleagues, and the markings that the person wrote."""
    peer_marking.delete_of_person(event.person_id, event.at)
