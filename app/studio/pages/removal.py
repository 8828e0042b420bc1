"""View model of the question whether a lesson or a document is to be removed from the draft."""

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.courses import LessonEntry
from app.catalogue.domain.documents import DocumentFacts
from app.i18n.languages import language_name
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalPage(Page):
    """What is removed, and in which languages; `action` is the label of the button."""

    template: ClassVar[str] = "studio/removal.html"
    head: CourseHeader
    heading: str
    action: str
    title: str
    lang: str
    languages: str
    is_published: bool
    remove_url: str
    keep_url: str


def page(workspace: Workspace, entry: LessonEntry) -> RemovalPage:
    """Return the question for a lesson."""
    folder = checked.checked(workspace).folder
    texts = folder.lessons.get(entry.slug, {}) if folder else {}
    source = folder.course.source_language if folder else "en"
    return RemovalPage(
        head=header(workspace, folder, "studio.show_outline"),
        heading=_("Remove a lesson"),
        action=_("Remove lesson"),
        title=texts[source].title if source in texts else entry.slug,
        lang=source,
        languages=", ".join(language_name(code) for code in texts),
        is_published=bool(workspace.number),
        remove_url=url_for("studio.remove_lesson", course=workspace.slug, lesson=entry.slug),
        keep_url=url_for("studio.show_outline", course=workspace.slug),
    )


def document_page(workspace: Workspace, facts: DocumentFacts) -> RemovalPage:
    """Return the question for a document of the course."""
    folder = checked.folder(workspace)
    texts, source = folder.documents[facts.id].texts, folder.course.source_language
    return RemovalPage(
        head=header(workspace, folder, "studio.show_documents"),
        heading=_("Remove a document"),
        action=_("Remove document"),
        title=texts[source].title if source in texts else facts.slug,
        lang=source,
        languages=", ".join(language_name(code) for code in texts),
        is_published=bool(workspace.number),
        remove_url=url_for("studio.remove_document", course=workspace.slug, document=facts.slug),
        keep_url=url_for("studio.edit_document", course=workspace.slug, document=facts.slug),
    )
