"""Titles of courses for pages of coordination: the code alone if the user may not read the course."""

from collections.abc import Mapping
from uuid import UUID

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue, versions
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.learning import labels


def course_titles(actor: Actor) -> Mapping[UUID, TranslatedText]:
    """Return the titles of all courses by id, in the order of their codes."""
    titles = {record.id: TranslatedText(record.code, SOURCE) for record in versions.course_records()}
    for outline in catalogue.all_visible(actor):
        code = labels.shown(outline)
        titles[outline.course_id] = TranslatedText(f"{outline.code} {outline.title(code)}", code)
    return titles


def published_courses(actor: Actor) -> list[tuple[str, str]]:
    """Return id and title of the published courses, to choose from."""
    titles = course_titles(actor)
    published = [record for record in versions.course_records() if record.version_id is not None]
    return [(str(record.id), titles[record.id].text) for record in published]
