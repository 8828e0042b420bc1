"""Handlers of events of other packages: a published version may correct the keys of questions."""

from app.catalogue.events import CoursePublished
from app.quizzes.service import regrading


def on_course_published(event: CoursePublished) -> None:
    """Note corrected keys; a job then grades the attempts of earlier versions again."""
    regrading.note_corrections(event.course_id, event.version_id, event.at)
