"""Views of judging panels: trainers estimate how many just-competent officers answer a question right."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.judging import JudgingRound
from app.studio.forms.judging import JudgementForm, PanelForm
from app.studio.pages import judging as pages
from app.studio.queries import judging, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import judging as service
from app.studio.views._blueprint import bp
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/bank/panels")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_panels(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the judging panels of a course."""
    return _list(workspace, PanelForm(None))


@bp.post("/teaching/courses/<slug:course>/bank/panels")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def open_panel(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Ask the judges of the course for a question."""
    form = PanelForm(request.form)
    page = pages.list_page(actor(), workspace, judging.panels(workspace.course_id), form)
    if not form.validate():
        return render(page), 422
    try:
        with transaction():
            panel_id = service.open_panel(workspace, form.item.data, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "error")
        return redirect(url_for("studio.show_panels", course=course))
    flash(_("The judges see this question under “Teaching”."))
    return redirect(url_for("studio.show_panel", course=course, panel_id=panel_id))


@bp.get("/teaching/courses/<slug:course>/bank/panels/<uuid:panel_id>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_panel(workspace: Workspace, course: str, panel_id: UUID) -> ResponseReturnValue:
    """Show a panel as its judge or as another author sees it."""
    panel = judging.panel(workspace.course_id, panel_id)
    return render(pages.panel_page(actor(), workspace, panel, pages.new_form(panel, current_user.id)))


@bp.post("/teaching/courses/<slug:course>/bank/panels/<uuid:panel_id>/judgement")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def judge_item(workspace: Workspace, course: str, panel_id: UUID) -> ResponseReturnValue:
    """Store the value of a judge."""
    panel, form = judging.panel(workspace.course_id, panel_id), JudgementForm(request.form)
    if panel.judge(current_user.id) is None:
        raise NoResultFound
    if not form.validate():
        return render(pages.panel_page(actor(), workspace, panel, form)), 422
    judging_round, now = JudgingRound(form.round.data), clock.now()
    return _carry_out(
        workspace,
        panel_id,
        lambda: service.judge(workspace, panel_id, form.rate, judging_round, by=current_user.id, now=now),
        _("Saved."),
    )


@bp.post("/teaching/courses/<slug:course>/bank/panels/<uuid:panel_id>/absent-judges")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def leave_out_judges(workspace: Workspace, course: str, panel_id: UUID) -> ResponseReturnValue:
    """Go on without the judges who have not answered."""
    return _carry_out(
        workspace,
        panel_id,
        lambda: service.leave_out(workspace, panel_id, clock.now()),
        _("The panel goes on with the judges who have answered."),
    )


@bp.post("/teaching/courses/<slug:course>/bank/panels/<uuid:panel_id>/use")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def use_mean(workspace: Workspace, course: str, panel_id: UUID) -> ResponseReturnValue:
    """Make the mean the expected score of the question in the draft."""
    return _carry_out(
        workspace,
        panel_id,
        lambda: service.use_mean(workspace, panel_id, by=current_user.id, now=clock.now()),
        _("Saved in the draft. Publish the course to use it."),
    )


@bp.post("/teaching/courses/<slug:course>/bank/panels/<uuid:panel_id>/closing")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def close_panel(workspace: Workspace, course: str, panel_id: UUID) -> ResponseReturnValue:
    """Close a panel without a result."""
    return _carry_out(
        workspace,
        panel_id,
        lambda: service.close_panel(workspace, panel_id, by=current_user.id, now=clock.now()),
        _("Panel closed. The question is unchanged."),
    )


def _carry_out(workspace: Workspace, panel_id: UUID, use_case: Callable[[], None], message: str) -> ResponseReturnValue:
    """Run a use case in a transaction, say what happened, and show the panel."""
    try:
        with transaction():
            use_case()
    except DomainError as error:
        flash(error.translated(_), "error")
    else:
        flash(message)
    return redirect(url_for("studio.show_panel", course=workspace.slug, panel_id=panel_id))


def _list(workspace: Workspace, form: PanelForm) -> str:
    return render(pages.list_page(actor(), workspace, judging.panels(workspace.course_id), form))
