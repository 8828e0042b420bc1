"""View model of the list of the documents of a course, with the form of a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.documents import CourseDocument, DocumentFacts
from app.catalogue.domain.library import CourseFolder
from app.catalogue.queries import courses as catalogue
from app.i18n.babel import joined
from app.i18n.languages import direction
from app.studio.domain.document_files import document_path, next_id
from app.studio.domain.document_uses import DocumentUses, uses_of
from app.studio.forms.documents import NewDocumentForm
from app.studio.labels import documents as labels
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A document in the list; `facts` are its kind, use, family and number of lines, `used` who names it."""

    title: str
    href: str
    facts: str
    used: str
    problems: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentListPage(Page):
    """The documents of a course; `shared` are those of all courses that the published version shows.

    `lang` and `dir` are those of the titles.
    """

    template: ClassVar[str] = "studio/documents.html"
    head: CourseHeader
    documents: Sequence[DocumentLine]
    shared: Sequence[DocumentLine]
    lang: str
    dir: str
    form: NewDocumentForm
    message: str
    proposed_id: str
    can_write: bool
    add_url: str


def page(actor: Actor, workspace: Workspace, form: NewDocumentForm, *, message: str = "") -> DocumentListPage:
    """Return the list of the documents of a course; `message` says why a new one was refused."""
    folder = checked.folder(workspace)
    language = folder.course.source_language
    form.offer()
    return DocumentListPage(
        head=header(workspace, folder, "studio.show_documents"),
        documents=[_line(workspace, folder, document) for document in folder.documents.values() if not document.shared],
        shared=_shared_lines(workspace, folder),
        lang=language,
        dir=direction(language),
        form=form,
        message=message,
        proposed_id=next_id(folder.course.id, folder.documents),
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        add_url=url_for("studio.add_document", course=workspace.slug),
    )


def _line(workspace: Workspace, folder: CourseFolder, document: CourseDocument) -> DocumentLine:
    language, facts = folder.course.source_language, document.facts
    text = document.texts.get(language)
    problems = len(checked.checked(workspace).problems.get(document_path(facts.slug, language), ()))
    return DocumentLine(
        title=text.title if text else facts.slug,
        href=url_for("studio.edit_document", course=workspace.slug, document=facts.slug),
        facts=facts_text(facts, len(text.units) if text else 0),
        used=uses_text(uses_of(folder, facts.id)),
        problems=ngettext("%(num)s problem", "%(num)s problems", problems) if problems else "",
    )


def _shared_lines(workspace: Workspace, folder: CourseFolder) -> list[DocumentLine]:
    texts = catalogue.documents(workspace.version_id, folder.course.source_language) if workspace.version_id else {}
    return [
        DocumentLine(
            title=texts[facts.id].title,
            href=url_for("studio.show_shared_document", course=workspace.slug, document=facts.slug),
            facts=facts_text(facts, sum(len(part.units) for part in texts[facts.id].parts)),
            used=uses_text(uses_of(folder, facts.id)),
            problems="",
        )
        for facts in shared_facts(workspace, folder)
    ]


def shared_facts(workspace: Workspace, folder: CourseFolder) -> list[DocumentFacts]:
    """Return the documents of all courses that the published version of this course shows."""
    published = catalogue.document_facts(workspace.version_id) if workspace.version_id else {}
    return [
        facts
        for facts in published.values()
        if folder.course.id in facts.courses and (facts.id not in folder.documents or folder.documents[facts.id].shared)
    ]


def facts_text(facts: DocumentFacts, lines: int) -> str:
    """Return id, kind, use, family and number of lines of a document."""
    parts = [facts.id, labels.kind(facts.kind), labels.form(facts.form)]
    if facts.family:
        parts.append(_("Family: %(name)s", name=facts.family))
    return ". ".join([*parts, ngettext("%(num)s line", "%(num)s lines", lines)])


def uses_text(uses: DocumentUses) -> str:
    """Return in words who names a document."""
    if not uses.is_used:
        return _("Not used yet")
    parts = [
        ngettext("%(num)s lesson", "%(num)s lessons", len(uses.lessons)) if uses.lessons else "",
        ngettext("%(num)s question", "%(num)s questions", len(uses.items)) if uses.items else "",
        ngettext("%(num)s paper", "%(num)s papers", len(uses.papers)) if uses.papers else "",
        ngettext("%(num)s desk task", "%(num)s desk tasks", len(uses.desk_tasks)) if uses.desk_tasks else "",
    ]
    return _("Used in %(places)s", places=joined([part for part in parts if part]))
