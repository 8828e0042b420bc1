"""View model of a document on paper: one document in one language, for a group in a room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.documents import CourseDocument
from app.catalogue.service.document_rendering import document_texts
from app.i18n.languages import current, direction, language_name
from app.markup.errors import MarkupError
from app.quizzes.shapes import DocumentView
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDocumentPage(Page):
    """A document to print. `languages` are the labels and addresses of its other languages; `failure` replaces it."""

    template: ClassVar[str] = "studio/printed_document.html"
    head: CourseHeader
    title: str
    lang: str
    dir: str
    view: DocumentView | None
    failure: str
    languages: Sequence[tuple[str, str]]
    edit_url: str


def page(workspace: Workspace, document: CourseDocument, language: str) -> PrintedDocumentPage:
    """Return a document in a language that it is written in."""
    course, slug, view, failure = workspace.slug, document.facts.slug, None, ""
    try:
        (text,) = document_texts([(document.texts[language], language)])
        view = DocumentView(text=text, language=current())
    except MarkupError as error:
        failure = _(str(error))
    endpoint = "studio.show_shared_document" if document.shared else "studio.edit_document"
    return PrintedDocumentPage(
        head=header(workspace, checked.folder(workspace), "studio.show_documents"),
        title=document.texts[language].title,
        lang=language,
        dir=direction(language),
        view=view,
        failure=failure,
        languages=[
            (language_name(other), url_for("studio.print_document", course=course, document=slug, lang=other))
            for other in sorted(document.texts)
            if other != language
        ],
        edit_url=url_for(endpoint, course=course, document=slug),
    )
