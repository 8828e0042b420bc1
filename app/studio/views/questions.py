"""Views of the question bank: list, editor of a question, trial answer, copy, retirement, bulk edit."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.items import Level
from app.catalogue.service.preparation import item_with_documents
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError, InputError
from app.quizzes.domain.display_order import from_page
from app.quizzes.domain.selection import practice_question
from app.studio.forms.questions import KeysForm
from app.studio.pages import question_labels, question_list, question_trial
from app.studio.queries import questions, workspaces
from app.studio.queries.questions import DraftBank, QuestionLine
from app.studio.queries.workspaces import Workspace
from app.studio.service import questions as service
from app.studio.views._blueprint import bp
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/bank")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_bank(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the list of questions."""
    bank = questions.bank(workspace)
    return _list(workspace, bank, _keys_form(bank, submitted=False))


@bp.post("/teaching/courses/<slug:course>/bank/keys")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def change_keys(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Give the selected questions other values of keys."""
    bank = questions.bank(workspace)
    form = _keys_form(bank, submitted=True)
    is_valid = form.validate()
    if not form.items.data:
        return _list(workspace, bank, form, message=_("Select at least one question.")), 422
    if not is_valid or not form.values():
        message = next((str(errors[0]) for errors in form.errors.values()), _("Choose what changes."))
        return _list(workspace, bank, form, message=message), 422
    with transaction():
        service.change_keys(workspace, form.items.data, form.values(), by=current_user.id, now=clock.now())
    flash(_("Saved."))
    return redirect(url_for("studio.show_bank", course=course))


@bp.post("/teaching/courses/<slug:course>/bank/<item:item>/copy")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def copy_question(workspace: Workspace, course: str, item: str) -> ResponseReturnValue:
    """Add a copy of a question as the other parallel form."""
    question_line(questions.bank(workspace), item)
    with transaction():
        new_id = service.copy_question(workspace, item, by=current_user.id, now=clock.now())
    flash(_("Copied. Change this question, so that both sets differ."))
    return redirect(url_for("studio.show_question", course=course, item=new_id))


@bp.post("/teaching/courses/<slug:course>/bank/<item:item>/retirement")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def retire_question(workspace: Workspace, course: str, item: str) -> ResponseReturnValue:
    """Remove a question from the draft for good."""
    question_line(questions.bank(workspace), item)
    try:
        with transaction():
            service.retire_question(workspace, item, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "error")
        return redirect(url_for("studio.show_question", course=course, item=item))
    flash(_("Question retired. Its id is not used again."))
    return redirect(url_for("studio.show_bank", course=course))


@bp.get("/teaching/courses/<slug:course>/bank/<item:item>/trial")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_trial(workspace: Workspace, course: str, item: str) -> ResponseReturnValue:
    """Show a question as learners would see it."""
    bank = questions.bank(workspace)
    return render(question_trial.page(workspace, bank, question_line(bank, item)))


@bp.post("/teaching/courses/<slug:course>/bank/<item:item>/trial")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def try_question(workspace: Workspace, course: str, item: str) -> ResponseReturnValue:
    """Mark a trial answer as for learners, and store nothing but that the key was viewed."""
    bank = questions.bank(workspace)
    line = question_line(bank, item)
    if line.item is None:
        return render(question_trial.page(workspace, bank, line)), 422
    try:
        item_on_paper, _documents = item_with_documents(bank.folder, line.item, bank.language)
        answer = from_page(practice_question(item_on_paper), request.form.to_dict(flat=False))
    except InputError as error:
        return render(question_trial.page(workspace, bank, line, message=_(str(error)))), 422
    if answer is None:
        return render(question_trial.page(workspace, bank, line, message=_("Choose an answer, then check it."))), 422
    with transaction():
        service.record_view(workspace, item, clock.now())
    return render(question_trial.page(workspace, bank, line, answer))


def question_line(bank: DraftBank, item: str) -> QuestionLine:
    """Return a question of the bank, or raise NoResultFound."""
    if item not in bank.lines:
        raise NoResultFound
    return bank.lines[item]


def _keys_form(bank: DraftBank, *, submitted: bool) -> KeysForm:
    form = KeysForm(request.form if submitted else None)
    form.offer(
        bank.lines,
        competencies=question_list.competency_pairs(bank),
        levels=[(str(level), question_labels.level(str(level))) for level in Level],
        forms=question_list.form_pairs(),
    )
    return form


def _list(workspace: Workspace, bank: DraftBank, form: KeysForm, *, message: str = "") -> str:
    return render(question_list.page(actor(), workspace, bank, request.args, form, message=message))
