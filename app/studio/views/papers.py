"""Views of the papers and desk tasks of a course, and of how its test draws papers."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain import paper_edits
from app.studio.domain.course_edits import Changes, Files
from app.studio.forms.papers import PaperForm, RulesForm, TaskForm
from app.studio.pages import papers as pages
from app.studio.pages.papers import PaperForms
from app.studio.queries import checked, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import papers
from app.studio.views._blueprint import bp
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/papers")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_papers(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show papers and desk tasks; `entry` is the id of the one whose form is filled."""
    return render(pages.page(actor(), workspace, pages.forms(workspace, request.args.get("entry", ""))))


@bp.post("/teaching/courses/<slug:course>/papers")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_paper(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add or change a paper."""
    shown, form = pages.forms(workspace), PaperForm(request.form)
    pages.offer(checked.folder(workspace), form, shown.task)
    shown = replace(shown, paper=form)
    if not form.validate():
        return render(pages.page(actor(), workspace, shown)), 422
    before, opened = form.before.data or "", form.opened.data or ""
    edit = partial(paper_edits.save_paper, paper=form.paper(), before=before, opened=opened)
    return _change(workspace, shown, edit, form)


@bp.post("/teaching/courses/<slug:course>/papers/tasks")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_desk_task(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add or change a desk task."""
    shown, form = pages.forms(workspace), TaskForm(request.form)
    pages.offer(checked.folder(workspace), shown.paper, form)
    shown = replace(shown, task=form)
    if not form.validate():
        return render(pages.page(actor(), workspace, shown)), 422
    before, opened = form.before.data or "", form.opened.data or ""
    edit = partial(paper_edits.save_task, task=form.task(), before=before, opened=opened)
    return _change(workspace, shown, edit, form)


@bp.post("/teaching/courses/<slug:course>/papers/rules")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_paper_rules(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Change how many papers the test draws, and the least rates of competencies."""
    form = RulesForm(request.form)
    shown = replace(pages.forms(workspace), rules=form)
    if not form.validate():
        return render(pages.page(actor(), workspace, shown)), 422
    return _change(workspace, shown, partial(paper_edits.save_rules, papers=form.papers.data or 0, floor=form.rates()))


@bp.post("/teaching/courses/<slug:course>/papers/removal")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def remove_paper(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Remove a paper or a desk task; its documents and questions remain."""
    return _change(
        workspace, pages.forms(workspace), partial(paper_edits.remove, entry_id=request.form.get("before", ""))
    )


def _change(
    workspace: Workspace,
    shown: PaperForms,
    edit: Callable[[Files], Changes],
    entry: PaperForm | TaskForm | None = None,
) -> ResponseReturnValue:
    try:
        with transaction():
            papers.change(workspace, edit, by=current_user.id, now=clock.now())
    except DomainError as error:
        if entry is not None and isinstance(error, paper_edits.EntryChangedError):
            pages.replace_on_next_save(workspace, entry)
        return render(pages.page(actor(), workspace, shown, message=error.translated(_))), 409
    flash(_("Saved."))
    return redirect(url_for("studio.show_papers", course=workspace.slug))
