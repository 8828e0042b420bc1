"""View models of the document editor: the form, the problems by line, the drawn document, its facts and uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import format_date, gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.documents import Document, DocumentFacts
from app.catalogue.domain.folder import in_order
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem
from app.catalogue.queries import courses as catalogue
from app.catalogue.service.document_rendering import document_texts
from app.i18n.languages import current, direction
from app.markup.errors import MarkupError
from app.quizzes.shapes import DocumentView
from app.studio.domain.document_files import check_text
from app.studio.domain.document_uses import DocumentUses, uses_of
from app.studio.domain.merge import MergeConflict
from app.studio.forms.documents import DocumentFactsForm
from app.studio.forms.files import FileTextForm
from app.studio.pages.document_list import facts_text
from app.studio.pages.editor_parts import ConflictLines, TextProblem, conflict_lines, text_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked, drafts
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedDocument:
    """A document as the editor shows it: its facts, path, language and text, and the digest of the saved file."""

    facts: DocumentFacts
    path: str
    language: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLine:
    """The name by which questions may call a line; only writers see it."""

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPreview(Page):
    """Problems of a text, saved or not, and the drawn document; `view` is None if it cannot be drawn."""

    template: ClassVar[str] = "studio/document_preview.html"
    problems: Sequence[TextProblem]
    facts: str
    view: DocumentView | None
    names: Sequence[NamedLine]
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUse:
    """A lesson or question that names the document, or a paper or task, which has no page of its own."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEditorPage(Page):
    """The editor of a document. `conflicts` are what another user changed at the same lines."""

    template: ClassVar[str] = "studio/document.html"
    head: CourseHeader
    title: str
    facts_line: str
    lang: str
    dir: str
    form: FileTextForm
    preview: DocumentPreview
    conflicts: Sequence[ConflictLines]
    others: Sequence[str]
    facts: DocumentFactsForm
    checked_text: str
    uses: Sequence[DocumentUse]
    can_write: bool
    can_remove: bool
    has_help: bool
    save_url: str
    autosave_url: str
    preview_url: str
    facts_url: str
    removal_url: str
    print_url: str
    list_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedDocumentPage(Page):
    """A document of all courses, to read only."""

    template: ClassVar[str] = "studio/shared_document.html"
    head: CourseHeader
    title: str
    facts_line: str
    lang: str
    dir: str
    view: DocumentView
    list_url: str
    print_url: str


def page(
    actor: Actor,
    workspace: Workspace,
    edited: EditedDocument,
    form: FileTextForm,
    facts: DocumentFactsForm,
    *,
    conflicts: Sequence[MergeConflict] = (),
    others: Sequence[str] = (),
) -> DocumentEditorPage:
    """Return the editor of a document."""
    course, slug, folder = workspace.slug, edited.facts.slug, checked.folder(workspace)
    document = check_text(edited.path, edited.text).document
    uses = uses_of(folder, edited.facts.id)
    can_write = allows(actor, Action.WRITE_COURSE, workspace)
    return DocumentEditorPage(
        head=header(workspace, folder, "studio.show_documents"),
        title=document.title if document and document.title else slug,
        facts_line=facts_text(edited.facts, len(document.units) if document else 0),
        lang=edited.language,
        dir=direction(edited.language),
        form=form,
        preview=_preview(edited, _saved_problems(workspace, edited)),
        conflicts=conflict_lines(conflicts),
        others=others,
        facts=facts,
        checked_text=_checked(edited.facts),
        uses=_links(workspace, folder, uses),
        can_write=can_write,
        can_remove=can_write and not uses.is_used,
        has_help=allows(actor, Action.CREATE_COURSE),
        save_url=url_for("studio.save_document", course=course, document=slug),
        autosave_url=url_for("studio.autosave_document", course=course, document=slug),
        preview_url=url_for("studio.render_document", course=course, document=slug),
        facts_url=url_for("studio.change_document", course=course, document=slug),
        removal_url=url_for("studio.confirm_document_removal", course=course, document=slug),
        print_url=url_for("studio.print_document", course=course, document=slug),
        list_url=url_for("studio.show_documents", course=course),
    )


def preview(edited: EditedDocument) -> DocumentPreview:
    """Return the problems of an unsaved text, and the drawn document."""
    return _preview(edited, ())


def shared(workspace: Workspace, folder: CourseFolder, facts: DocumentFacts) -> SharedDocumentPage:
    """Return a document of all courses as the published version of this course shows it."""
    language = folder.course.source_language
    texts = catalogue.documents(workspace.version_id, language) if workspace.version_id else {}
    text = texts[facts.id]
    return SharedDocumentPage(
        head=header(workspace, folder, "studio.show_documents"),
        title=text.title,
        facts_line=facts_text(facts, sum(len(part.units) for part in text.parts)),
        lang=text.language,
        dir=text.dir,
        view=DocumentView(text=text, language=current()),
        list_url=url_for("studio.show_documents", course=workspace.slug),
        print_url=url_for("studio.print_shared_document", course=workspace.slug, document=facts.slug),
    )


def _saved_problems(workspace: Workspace, edited: EditedDocument) -> Sequence[Problem]:
    """Return the problems of the saved file; none of an unsaved text, whose lines are others."""
    is_saved = edited.digest == drafts.digest_of(edited.text.encode())
    return checked.checked(workspace).problems.get(edited.path, ()) if is_saved else ()


def _preview(edited: EditedDocument, saved_problems: Sequence[Problem]) -> DocumentPreview:
    """Return the preview; problems of the saved file are those that the checker finds with the other files."""
    result = check_text(edited.path, edited.text)
    problems = in_order([*result.problems, *(_here(problem, edited.path) for problem in saved_problems)])
    document, view, failure = result.document, None, ""
    if document is None:
        failure = _("Write the id and the kind of the document below its title. Then you see it drawn.")
    else:
        try:
            view = _view(document, edited.language)
        except MarkupError as error:
            failure = _(str(error))
    units = document.units if document else ()
    return DocumentPreview(
        problems=[text_problem(problem) for problem in problems],
        facts=_facts(len(units), len(problems)),
        view=view,
        names=[NamedLine(number=unit.number, name=unit.name) for unit in units if unit.name],
        failure=failure,
    )


def _checked(facts: DocumentFacts) -> str:
    """Return when the invented names and numbers were checked, "" for never."""
    day = facts.checked_fiction_on
    return _("Last checked on %(day)s", day=format_date(day, "medium")) if day else ""


def _here(problem: Problem, path: str) -> Problem:
    """Return a problem of the checked course with the path within the folder of the course."""
    return Problem(path, problem.line, problem.message, problem.hint, problem.values, problem.weight)


def _view(document: Document, language: str) -> DocumentView:
    (text,) = document_texts([(document, language)])
    return DocumentView(text=text, language=current())


def _facts(lines: int, problems: int) -> str:
    return ". ".join(
        [
            ngettext("%(num)s line", "%(num)s lines", lines),
            ngettext("%(num)s problem", "%(num)s problems", problems),
        ]
    )


def _links(workspace: Workspace, folder: CourseFolder, uses: DocumentUses) -> list[DocumentUse]:
    course, source = workspace.slug, folder.course.source_language
    links = [
        DocumentUse(
            label=folder.lessons[slug][source].title, href=url_for("studio.edit_lesson", course=course, lesson=slug)
        )
        for slug in uses.lessons
        if source in folder.lessons[slug]
    ]
    links += [
        DocumentUse(label=item, href=url_for("studio.show_question", course=course, item=item)) for item in uses.items
    ]
    return links + [DocumentUse(label=name, href="") for name in (*uses.papers, *uses.desk_tasks)]
