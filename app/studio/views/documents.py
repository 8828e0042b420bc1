"""Views of the documents of a course: the list, the editor with its preview, the facts, and the removal."""

from dataclasses import replace
from typing import assert_never

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.documents import DocumentFacts, DocumentKind
from app.catalogue.domain.lessons import PAGE_BYTES
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.document_files import document_path
from app.studio.forms.documents import DocumentFactsForm, NewDocumentForm, facts_form
from app.studio.forms.files import FileTextForm
from app.studio.pages import document_editor as pages, document_list, printed_document, removal
from app.studio.pages.document_editor import EditedDocument
from app.studio.queries import checked, drafts, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import documents
from app.studio.service.drafts import Conflict, SavedFile
from app.studio.views import _file_texts, autosave
from app.studio.views._blueprint import bp
from app.studio.views._file_texts import Refused
from app.studio.views._keys import record_document, record_keys
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/documents")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_documents(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the documents of a course."""
    return render(document_list.page(actor(), workspace, NewDocumentForm(None)))


@bp.post("/teaching/courses/<slug:course>/documents")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_document(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add a document and open its editor."""
    form = NewDocumentForm(request.form)
    form.offer()
    if not form.validate():
        return render(document_list.page(actor(), workspace, form)), 422
    kind, title = DocumentKind(form.kind.data), form.title.data
    try:
        with transaction():
            slug = documents.add_document(
                workspace, kind, title, form.id.data or "", by=current_user.id, now=clock.now()
            )
    except DomainError as error:
        return render(document_list.page(actor(), workspace, form, message=error.translated(_))), 409
    return redirect(url_for("studio.edit_document", course=course, document=slug))


@bp.get("/teaching/courses/<slug:course>/documents/<slug:document>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def edit_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Show the editor of a document; that one for tests or watched checks is viewed is recorded first."""
    edited = _document(workspace, document)
    record_keys(workspace, edited.path)
    return _editor(workspace, edited, FileTextForm(None, body=edited.text, opened=edited.digest))


@bp.post("/teaching/courses/<slug:course>/documents/<slug:document>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Save a document; if another user changed the same lines, show both texts and save nothing."""
    edited, form = _document(workspace, document), FileTextForm(request.form)
    unsaved = replace(edited, text=_file_texts.text_of(form.body.data or "")[:PAGE_BYTES])
    if not form.validate():
        return _editor(workspace, unsaved, form), 422
    result = _file_texts.save(workspace, edited.path, form)
    match result:
        case Conflict() as conflict:
            own = FileTextForm(None, body=conflict.merged.text, opened=conflict.digest)
            return _editor(workspace, replace(edited, text=conflict.merged.text), own, conflict=conflict), 409
        case Refused():
            return _editor(workspace, unsaved, form), 409
        case SavedFile():
            return redirect(url_for("studio.edit_document", course=course, document=document))
        case _:
            assert_never(result)


@bp.post("/teaching/courses/<slug:course>/documents/<slug:document>/autosave")
@requires(
    Action.WRITE_COURSE,
    load=workspaces.workspace,
    audited=False,
    reason="automatic saves are revisions with author and time; the save that ends them is audited",
)
def autosave_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Save the text of the editor automatically, and say who else has the document open."""
    return _file_texts.save_automatically(workspace, _document(workspace, document).path)


@bp.post("/teaching/courses/<slug:course>/documents/<slug:document>/preview")
@requires(Action.READ_DRAFT, load=workspaces.workspace, audited=False, reason="a preview stores nothing")
def render_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Return the problems of an unsaved text, and the drawn document."""
    edited, sent = _document(workspace, document), autosave.sent_text()
    return render(pages.preview(replace(edited, text=_file_texts.text_of(sent.body))))


@bp.post("/teaching/courses/<slug:course>/documents/<slug:document>/facts")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def change_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Change use, family, sensitivity and warning of a document."""
    edited, form = _document(workspace, document), DocumentFactsForm(request.form)
    form.offer()
    if not form.validate():
        own = FileTextForm(None, body=edited.text, opened=edited.digest)
        return _editor(workspace, edited, own, facts=form), 422
    facts = form.facts(edited.facts, clock.today())
    with transaction():
        documents.change_facts(workspace, facts, by=current_user.id, now=clock.now())
    flash(_("Saved."))
    return redirect(url_for("studio.edit_document", course=course, document=document))


@bp.get("/teaching/courses/<slug:course>/documents/<slug:document>/removal")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def confirm_document_removal(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Ask whether a document is to be removed."""
    return render(removal.document_page(workspace, _facts(workspace, document)))


@bp.post("/teaching/courses/<slug:course>/documents/<slug:document>/removal")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def remove_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Remove a document that nothing uses from the draft."""
    facts = _facts(workspace, document)
    try:
        with transaction():
            documents.remove_document(workspace, facts, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "error")
        return redirect(url_for("studio.edit_document", course=course, document=document))
    flash(_("Document removed from the draft. “History” brings it back."))
    return redirect(url_for("studio.show_documents", course=course))


@bp.get("/teaching/courses/<slug:course>/documents/<slug:document>/print")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def print_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Show a document of the course alone, in one of its languages, to print it for a room."""
    facts = _facts(workspace, document)
    record_document(workspace, facts)
    printed = checked.folder(workspace).documents[facts.id]
    return render(printed_document.page(workspace, printed, request.args.get("lang", "")))


@bp.get("/teaching/courses/<slug:course>/shared-documents/<slug:document>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_shared_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Show a document of all courses to read."""
    facts = _shared_facts(workspace, document)
    record_document(workspace, facts)
    return render(pages.shared(workspace, checked.folder(workspace), facts))


@bp.get("/teaching/courses/<slug:course>/shared-documents/<slug:document>/print")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def print_shared_document(workspace: Workspace, course: str, document: str) -> ResponseReturnValue:
    """Show a document of all courses alone, in one of its languages, to print it for a room."""
    facts, version_id = _shared_facts(workspace, document), workspace.version_id
    if version_id is None:
        raise NoResultFound
    record_document(workspace, facts)
    return render(printed_document.shared_page(workspace, version_id, facts, request.args.get("lang", "")))


def _shared_facts(workspace: Workspace, slug: str) -> DocumentFacts:
    """Return the facts of a document of all courses that this course shows, or raise NoResultFound."""
    for facts in document_list.shared_facts(workspace, checked.folder(workspace)):
        if facts.slug == slug:
            return facts
    raise NoResultFound


def _facts(workspace: Workspace, slug: str) -> DocumentFacts:
    """Return the facts of a document of the course, or raise NoResultFound."""
    own = [document.facts for document in checked.folder(workspace).documents.values() if not document.shared]
    for facts in own:
        if facts.slug == slug:
            return facts
    raise NoResultFound


def _document(workspace: Workspace, slug: str) -> EditedDocument:
    """Return the saved text of a document, or raise NoResultFound."""
    facts, language = _facts(workspace, slug), checked.folder(workspace).course.source_language
    path = document_path(slug, language)
    content = drafts.file(workspace, path)
    text, digest = content.decode(errors="replace"), drafts.digest_of(content)
    return EditedDocument(facts=facts, path=path, language=language, text=text, digest=digest)


def _editor(
    workspace: Workspace,
    edited: EditedDocument,
    form: FileTextForm,
    *,
    facts: DocumentFactsForm | None = None,
    conflict: Conflict | None = None,
) -> str:
    others = _file_texts.others(workspace, edited.path)
    conflicts = conflict.merged.conflicts if conflict else ()
    facts = facts or facts_form(edited.facts)
    return render(pages.page(actor(), workspace, edited, form, facts, conflicts=conflicts, others=others))
