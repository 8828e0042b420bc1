"""View model of the question whether a lesson is to be removed from the draft."""

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from app.catalogue.domain.courses import LessonEntry
from app.i18n.languages import language_name
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalPage(Page):
    """What is removed, and in which languages."""

    template: ClassVar[str] = "studio/removal.html"
    head: CourseHeader
    title: str
    lang: str
    languages: str
    is_published: bool
    remove_url: str


def page(workspace: Workspace, entry: LessonEntry) -> RemovalPage:
    """Return the question for a lesson."""
    folder = checked.checked(workspace).folder
    texts = folder.lessons.get(entry.slug, {}) if folder else {}
    source = folder.course.source_language if folder else "en"
    return RemovalPage(
        head=header(workspace, folder, "studio.show_outline"),
        title=texts[source].title if source in texts else entry.slug,
        lang=source,
        languages=", ".join(language_name(code) for code in texts),
        is_published=bool(workspace.number),
        remove_url=url_for("studio.remove_lesson", course=workspace.slug, lesson=entry.slug),
    )
