"""Titles of courses for pages of coordination: the code alone if the user may not read the course."""

from collections.abc import Mapping
from uuid import UUID

from app.access.policy import Action, Actor, allows
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.queries.versions import CourseRecord
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.learning import labels


def course_titles(actor: Actor) -> Mapping[UUID, TranslatedText]:
    """Return the titles of all courses by id, in the order of their codes."""
    return {record.id: _title(actor, record) for record in versions.course_records()}


def published_courses(actor: Actor) -> list[tuple[str, str]]:
    """Return id and title of the published courses, to choose from."""
    published = [record for record in versions.course_records() if record.version_id is not None]
    return [(str(record.id), _title(actor, record).text) for record in published]


def _title(actor: Actor, record: CourseRecord) -> TranslatedText:
    if record.version_id is None or not allows(actor, Action.READ_COURSE, record):
        return TranslatedText(record.code, SOURCE)
    outline = catalogue.outline(record.version_id)
    code = labels.shown(outline)
    return TranslatedText(f"{outline.code} {outline.title(code)}", code)
