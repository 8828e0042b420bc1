"""Views of the cases of a course: the list, the editor with its preview, and playing the draft."""

from dataclasses import replace
from typing import assert_never

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.lessons import PAGE_BYTES
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import IllegalMoveError
from app.markup.errors import MarkupError
from app.scenarios import domain as playing
from app.scenarios.domain import Path
from app.studio.domain.case_texts import case_path
from app.studio.forms.cases import MOST_MOVES, NewCaseForm, PlayForm
from app.studio.forms.files import FileTextForm
from app.studio.pages import case_editor as pages, case_list, case_play, printed_case
from app.studio.pages.case_editor import EditedCase
from app.studio.queries import checked, drafts, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import cases
from app.studio.service.drafts import Conflict, SavedFile
from app.studio.views import _file_texts, autosave
from app.studio.views._blueprint import bp
from app.studio.views._file_texts import Refused
from app.web import errors
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/cases")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_cases(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the cases of a course."""
    return render(case_list.page(actor(), workspace, NewCaseForm(None)))


@bp.post("/teaching/courses/<slug:course>/cases")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_case(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add a case and open its editor."""
    form = NewCaseForm(request.form)
    if not form.validate():
        return render(case_list.page(actor(), workspace, form)), 422
    with transaction():
        address = cases.add_case(workspace, form.title.data, by=current_user.id, now=clock.now())
    return redirect(url_for("studio.edit_case", course=course, case=address))


@bp.get("/teaching/courses/<slug:course>/cases/<slug:case>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def edit_case(workspace: Workspace, course: str, case: str) -> ResponseReturnValue:
    """Show the editor of a case."""
    edited = _case(workspace, case)
    form = FileTextForm(None, body=edited.text, opened=edited.digest)
    return _editor(workspace, edited, form)


@bp.post("/teaching/courses/<slug:course>/cases/<slug:case>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_case(workspace: Workspace, course: str, case: str) -> ResponseReturnValue:
    """Save a case; if another user changed the same lines, show both texts and save nothing."""
    edited, form = _case(workspace, case), FileTextForm(request.form)
    unsaved = replace(edited, text=_file_texts.text_of(form.body.data or "")[:PAGE_BYTES])
    if not form.validate():
        return _editor(workspace, unsaved, form), 422
    result = _file_texts.save(workspace, edited.path, form)
    match result:
        case Conflict() as conflict:
            own = FileTextForm(None, body=conflict.merged.text, opened=conflict.digest)
            return _editor(workspace, replace(edited, text=conflict.merged.text), own, conflict), 409
        case Refused():
            return _editor(workspace, unsaved, form), 409
        case SavedFile():
            return redirect(url_for("studio.edit_case", course=course, case=case))
        case _:
            assert_never(result)


@bp.post("/teaching/courses/<slug:course>/cases/<slug:case>/autosave")
@requires(
    Action.WRITE_COURSE,
    load=workspaces.workspace,
    audited=False,
    reason="automatic saves are revisions with author and time; the save that ends them is audited",
)
def autosave_case(workspace: Workspace, course: str, case: str) -> ResponseReturnValue:
    """Save the text of the editor automatically, and say who else has the case open."""
    return _file_texts.save_automatically(workspace, _case(workspace, case).path)


@bp.post("/teaching/courses/<slug:course>/cases/<slug:case>/preview")
@requires(Action.READ_DRAFT, load=workspaces.workspace, audited=False, reason="a preview stores nothing")
def render_case(workspace: Workspace, course: str, case: str) -> ResponseReturnValue:
    """Return the problems and the map of an unsaved text."""
    edited, sent = _case(workspace, case), autosave.sent_text()
    return render(pages.preview(workspace, replace(edited, text=_file_texts.text_of(sent.body))))


@bp.get("/teaching/courses/<slug:course>/cases/<slug:case>/play")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def play_case(workspace: Workspace, course: str, case: str) -> ResponseReturnValue:
    """Play the draft of a case; the address contains the chosen moves, and nothing is stored."""
    edited, form = _case(workspace, case), PlayForm(request.args)
    if not form.validate():
        return errors.page(422)
    scenario = case_play.playable(edited)
    if scenario is None:
        return render(case_play.not_playable(workspace, edited))
    try:
        path = playing.follow(scenario, form.choices())
    except IllegalMoveError:
        flash(_("The text of the case was changed. It starts again."), "warning")
        return redirect(url_for("studio.play_case", course=course, case=case))
    if form.move.data is None or len(path.steps) >= MOST_MOVES:
        error = _("Choose what you do.") if form.step.data else ""
        return render(case_play.page(workspace, edited, scenario, path, error=error))
    moves = [*form.choices(), *_chosen(workspace, path, form.move.data)]
    return redirect(url_for("studio.play_case", course=course, case=case, moves=case_play.moves_text(moves)))


@bp.get("/teaching/courses/<slug:course>/cases/<slug:case>/print")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def print_case(workspace: Workspace, course: str, case: str) -> ResponseReturnValue:
    """Show a case as cards to print for a group in a room, or with `key` the sheet of the trainer."""
    edited = _case(workspace, case)
    scenario = case_play.playable(edited)
    if scenario is None:
        return render(case_play.not_playable(workspace, edited))
    try:
        return render(printed_case.page(workspace, edited, scenario, has_key="key" in request.args))
    except MarkupError as failure:
        return render(case_play.not_playable(workspace, edited, _(str(failure))))


def _chosen(workspace: Workspace, path: Path, position: int) -> tuple[int, ...]:
    """Return the index in the text of the move that the page showed at a position; none if it showed none."""
    order = playing.shuffled_moves(case_play.seed(workspace), path.at)
    return order[position : position + 1]


def _case(workspace: Workspace, address: str) -> EditedCase:
    """Return the saved text of a case, or raise NoResultFound."""
    language = checked.folder(workspace).course.source_language
    path = case_path(address, language)
    content = drafts.file(workspace, path)
    text, digest = content.decode(errors="replace"), drafts.digest_of(content)
    return EditedCase(address=address, path=path, language=language, text=text, digest=digest)


def _editor(workspace: Workspace, edited: EditedCase, form: FileTextForm, conflict: Conflict | None = None) -> str:
    others = _file_texts.others(workspace, edited.path)
    conflicts = conflict.merged.conflicts if conflict else ()
    return render(pages.page(actor(), workspace, edited, form, conflicts=conflicts, others=others))
