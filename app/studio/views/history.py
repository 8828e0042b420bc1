"""Views of the history of a draft: compare revisions, restore and undo them."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.studio.forms.review import RevisionForm
from app.studio.pages import history as pages, restoring
from app.studio.pages.history import Comparison
from app.studio.queries import drafts, workspaces
from app.studio.queries.drafts import RevisionLine
from app.studio.queries.workspaces import Workspace
from app.studio.service import drafts as service
from app.studio.views._blueprint import bp
from app.studio.views._keys import record_keys
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/history")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_history(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the revisions of a draft, and what differs between two of them."""
    numbers = [request.args.get(name, 0, type=int) for name in ("from", "to")]
    before, after = (number if 0 <= number <= workspace.revision else 0 for number in numbers)
    comparison = Comparison(before, after, request.args.get("path", ""), request.args.get("published") == "yes")
    page = pages.page(actor(), workspace, comparison)
    if page.compared is not None:
        record_keys(workspace, page.compared.path)
    return render(page)


@bp.get("/teaching/courses/<slug:course>/history/restore")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def confirm_restore(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Ask before a revision, or one file of it, is restored."""
    form = RevisionForm(request.args)
    if not form.validate():
        return _history(course)
    line = _line(workspace, form)
    service.require_restorable(line.number, workspace.revision)
    return render(restoring.restore_page(workspace, line, form.path.data or ""))


@bp.post("/teaching/courses/<slug:course>/history/restore")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def restore_revision(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Bring a file, or all files, back to the state after a revision."""
    form = RevisionForm(request.form)
    if not form.validate():
        return _history(course)
    line = _line(workspace, form)
    with transaction():
        service.restore(
            workspace.course_id, line.number, by=current_user.id, now=clock.now(), path=form.path.data or None
        )
    flash(_("Restored as a new version of the draft. The versions in between remain in the history."))
    return _history(course)


@bp.get("/teaching/courses/<slug:course>/history/undo")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def confirm_undo(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Ask before an import is undone."""
    form = RevisionForm(request.args)
    if not form.validate():
        return _history(course)
    line = _line(workspace, form)
    service.require_undoable(line.kind)
    return render(restoring.undo_page(workspace, line))


@bp.post("/teaching/courses/<slug:course>/history/undo")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def undo_revision(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Undo an import; files that were changed again since remain as they are."""
    form = RevisionForm(request.form)
    if not form.validate():
        return _history(course)
    line = _line(workspace, form)
    with transaction():
        undone = service.undo(workspace.course_id, line.number, by=current_user.id, now=clock.now())
    if undone.left:
        flash(
            ngettext(
                "Undone. %(num)s file was changed later and remains.",
                "Undone. %(num)s files were changed later and remain.",
                len(undone.left),
            ),
            "warning",
        )
    else:
        flash(_("Undone."))
    return _history(course)


def _line(workspace: Workspace, form: RevisionForm) -> RevisionLine:
    return drafts.revision_line(workspace.course_id, form.number.data)


def _history(course: str) -> ResponseReturnValue:
    return redirect(url_for("studio.show_history", course=course))
