"""View model of a document on paper: one document in one language, for a group in a room."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.documents import CourseDocument, DocumentFacts
from app.catalogue.queries import courses as catalogue
from app.catalogue.service.document_rendering import document_texts
from app.catalogue.shapes import DocumentText
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
    document_url: str


def page(workspace: Workspace, document: CourseDocument, wanted: str) -> PrintedDocumentPage:
    """Return a document of the course in the wanted language, or else in another one that it is written in."""
    language = _chosen(workspace, document.texts, wanted)
    text, failure = None, ""
    try:
        (text,) = document_texts([(document.texts[language], language)])
    except MarkupError as error:
        failure = _(str(error))
    return PrintedDocumentPage(
        head=header(workspace, checked.folder(workspace), "studio.show_documents"),
        title=document.texts[language].title,
        lang=language,
        dir=direction(language),
        view=None if text is None else DocumentView(text=text, language=current()),
        failure=failure,
        languages=_languages(
            workspace, "studio.print_document", document.facts.slug, document.texts.keys() - {language}
        ),
        document_url=url_for("studio.edit_document", course=workspace.slug, document=document.facts.slug),
    )


def shared_page(workspace: Workspace, version_id: UUID, facts: DocumentFacts, wanted: str) -> PrintedDocumentPage:
    """Return a document of all courses as a published version of this course shows it."""
    texts = _shared_texts(version_id, facts.id)
    language = _chosen(workspace, texts, wanted)
    text = texts[language]
    return PrintedDocumentPage(
        head=header(workspace, checked.folder(workspace), "studio.show_documents"),
        title=text.title,
        lang=language,
        dir=text.dir,
        view=DocumentView(text=text, language=current()),
        failure="",
        languages=_languages(workspace, "studio.print_shared_document", facts.slug, texts.keys() - {language}),
        document_url=url_for("studio.show_shared_document", course=workspace.slug, document=facts.slug),
    )


def _shared_texts(version_id: UUID, document_id: str) -> dict[str, DocumentText]:
    """Return the texts of a document by language; a language without one of its own is left out."""
    texts = {}
    for language in catalogue.outline(version_id).words:
        text = catalogue.documents(version_id, language)[document_id]
        texts[text.language] = text
    return texts


def _chosen(workspace: Workspace, languages: Collection[str], wanted: str) -> str:
    source = checked.folder(workspace).course.source_language
    return next(code for code in (wanted, source, *sorted(languages)) if code in languages)


def _languages(workspace: Workspace, endpoint: str, slug: str, others: Collection[str]) -> list[tuple[str, str]]:
    return [
        (language_name(code), url_for(endpoint, course=workspace.slug, document=slug, lang=code))
        for code in sorted(others)
    ]
