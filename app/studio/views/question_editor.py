"""Views of the editor of a question: a new one, a saved one, and the buttons of its form."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, require_own_site, requires
from app.access.policy import Action
from app.catalogue.domain.items import ItemKind
from app.catalogue.domain.text import normalise
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain import bank_text
from app.studio.forms import questions as forms
from app.studio.forms.questions import TEXT, SentQuestion
from app.studio.pages import edited_question, question_editor
from app.studio.pages.edited_question import BothTexts, EditedQuestion
from app.studio.queries import drafts, questions, workspaces
from app.studio.queries.questions import DraftBank
from app.studio.queries.workspaces import Workspace
from app.studio.service import questions as service
from app.studio.service.drafts import Conflict
from app.studio.service.questions import QuestionSave
from app.studio.views import autosave
from app.studio.views._blueprint import bp
from app.studio.views.questions import question_line
from app.web.pages import render

_KINDS = {str(kind): kind for kind in ItemKind}


@bp.get("/teaching/courses/<slug:course>/bank/new")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def new_question(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the form of a new question; `kind` and `lesson` choose what is filled in."""
    draft_bank = questions.bank(workspace)
    kind = _KINDS.get(request.args.get("kind", ""), ItemKind.SINGLE)
    lesson, is_text = request.args.get("lesson", ""), request.args.get("as") == TEXT
    return _page(workspace, draft_bank, edited_question.new(draft_bank, kind, lesson=lesson, is_text=is_text))


@bp.post("/teaching/courses/<slug:course>/bank/new")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_question(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add a question, or show its form again after another button."""
    draft_bank, sent = questions.bank(workspace), forms.read(request.form)
    edited = edited_question.submitted(draft_bank, None, sent)
    if sent.step not in {forms.SAVE, forms.NEXT}:
        return _page(workspace, draft_bank, edited)
    if not edited.can_be_saved:
        return _page(workspace, draft_bank, edited), 422
    try:
        with transaction():
            item_id = service.add_question(workspace, edited.text, by=current_user.id, now=clock.now())
    except DomainError as error:
        return _page(workspace, draft_bank, replace(edited, message=error.translated(_))), 409
    flash(_("Question %(id)s added.", id=item_id))
    if sent.step == forms.NEXT:
        return redirect(url_for("studio.new_question", course=course, kind=edited.kind))
    return redirect(url_for("studio.show_question", course=course, item=item_id))


@bp.get("/teaching/courses/<slug:course>/bank/<item:item>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_question(workspace: Workspace, course: str, item: str) -> ResponseReturnValue:
    """Show the editor of a question; that its key is viewed is recorded first."""
    draft_bank = questions.bank(workspace)
    line = question_line(draft_bank, item)
    require_own_site()
    with transaction():
        service.record_view(workspace, item, clock.now())
    is_text = request.args.get("as") == TEXT
    return _page(workspace, draft_bank, edited_question.saved(draft_bank, line, is_text=is_text))


@bp.post("/teaching/courses/<slug:course>/bank/<item:item>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_question(workspace: Workspace, course: str, item: str) -> ResponseReturnValue:
    """Save a question, or show its form again after another button; what another user saved is not overwritten."""
    draft_bank, sent = questions.bank(workspace), forms.read(request.form)
    if item not in draft_bank.lines and sent.opened:
        return _as_new(workspace, draft_bank, sent), 409
    edited = edited_question.submitted(draft_bank, question_line(draft_bank, item), sent)
    if sent.step not in {forms.SAVE, forms.NEXT}:
        return _page(workspace, draft_bank, edited)
    if not edited.can_be_saved:
        return _page(workspace, draft_bank, edited), 422
    return _save(workspace, draft_bank, edited)


@bp.post("/teaching/courses/<slug:course>/bank/<item:item>/autosave")
@requires(
    Action.WRITE_COURSE,
    load=workspaces.workspace,
    audited=False,
    reason="automatic saves are revisions with author and time; the save that ends them is audited",
)
def autosave_question(workspace: Workspace, course: str, item: str) -> ResponseReturnValue:
    """Save a question automatically if it can be read; what another user saved is not overwritten."""
    draft_bank, sent = questions.bank(workspace), replace(forms.read(request.form), step="save")
    line = question_line(draft_bank, item)
    edited = edited_question.submitted(draft_bank, line, sent)
    if sent.shown_as != TEXT and edited_question.saved(draft_bank, line, is_text=False).kind is not sent.fields.kind:
        return autosave.form_response("refused", {}, _("You chose another kind."))  # its answers may not fit yet
    if not edited.can_be_saved:
        return autosave.form_response("refused", {}, _("The question is not complete."))
    return _autosave(workspace, QuestionSave(item, edited.text, edited.opened, is_automatic=True))


def _autosave(workspace: Workspace, save: QuestionSave) -> ResponseReturnValue:
    try:
        with transaction():
            now = clock.now()
            result = service.save_question(workspace, save, by=current_user.id, now=now)
            opened = "" if isinstance(result, Conflict) else service.own_base(workspace, result, save, now=now)
    except DomainError as error:
        return autosave.form_response("refused", {}, error.translated(_))
    if isinstance(result, Conflict):
        return autosave.form_response("conflict", {})
    return autosave.form_response("saved" if opened == result.digest else "merged", {"opened": opened})


def _save(workspace: Workspace, draft_bank: DraftBank, edited: EditedQuestion) -> ResponseReturnValue:
    save = QuestionSave(edited.id, edited.text, edited.opened)
    try:
        with transaction():
            result = service.save_question(workspace, save, by=current_user.id, now=clock.now())
    except DomainError as error:
        return _page(workspace, draft_bank, replace(edited, message=error.translated(_))), 409
    if isinstance(result, Conflict):
        return _page(workspace, draft_bank, _with_both(edited, result)), 409
    flash(_("Saved. Changes of another user were combined with yours.") if result.merged else _("Saved."))
    shown_as = f"?as={TEXT}" if edited.is_text else ""
    return redirect(url_for("studio.show_question", course=workspace.slug, item=edited.id) + shown_as)


def _as_new(workspace: Workspace, draft_bank: DraftBank, sent: SentQuestion) -> str:
    """Return the submitted text of a question that another user retired, as that of a new question."""
    edited = edited_question.submitted(draft_bank, None, sent)
    message = _("Another user retired this question. Your text is below. Save it to add it as a new question.")
    return _page(workspace, draft_bank, replace(edited, message=message))


def _with_both(edited: EditedQuestion, conflict: Conflict) -> EditedQuestion:
    """Return the question with the text that another user saved; saving again replaces that text."""
    current = normalise(drafts.content(conflict.digest).decode("utf-8", "replace"))
    theirs = bank_text.item_text(current, edited.id) if edited.id in bank_text.spans(current) else ""
    return replace(edited, opened=conflict.digest, both=BothTexts(own=edited.text, theirs=theirs))


def _page(workspace: Workspace, draft_bank: DraftBank, edited: EditedQuestion) -> str:
    return render(question_editor.page(actor(), workspace, draft_bank, edited))
