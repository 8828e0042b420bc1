"""Views of the settings of a course."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.course_settings import CourseSettings
from app.studio.forms.settings import MOST_ROWS, CourseSettingsForm
from app.studio.pages import course_file, settings as pages
from app.studio.queries import checked, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import settings as service
from app.studio.service.settings import SettingsConflict, SettingsSave
from app.studio.views._blueprint import bp
from app.web.pages import render

ADD_COMPETENCY, ADD_DRAW, CHECKED_TODAY = "competency", "draw", "today"  # values of the submit buttons


@bp.get("/teaching/courses/<slug:course>/settings")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_settings(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the settings of a course, or the text of its file if it cannot be read."""
    if checked.checked(workspace).folder is None:
        return render(course_file.page(actor(), workspace, course_file.new_form(workspace)))
    return render(pages.page(actor(), workspace, pages.new_form(workspace, pages.current_settings(workspace))))


@bp.post("/teaching/courses/<slug:course>/settings")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_settings(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Save the settings, or show the form with another row of a list."""
    form, action = CourseSettingsForm(request.form), request.form.get("action", "")
    before = pages.current_settings(workspace)
    rows = {ADD_COMPETENCY: form.competencies, ADD_DRAW: form.draw}
    if action in rows and len(rows[action]) < MOST_ROWS:
        rows[action].append_entry()
    form.offer(pages.offers(workspace, before))
    if action in rows:
        return render(pages.page(actor(), workspace, form))
    if not form.validate():
        return render(pages.page(actor(), workspace, form)), 422
    settings = form.settings(before)
    if action == CHECKED_TODAY:
        settings = replace(settings, checked_on=clock.today())
    return _save(workspace, form, settings)


def _save(workspace: Workspace, form: CourseSettingsForm, settings: CourseSettings) -> ResponseReturnValue:
    save = SettingsSave(settings=settings, opened=form.opened.data, opened_text=form.opened_text.data)
    try:
        with transaction():
            result = service.save_settings(workspace, save, by=current_user.id, now=clock.now())
    except DomainError as error:
        return render(pages.page(actor(), workspace, form, message=error.translated(_))), 422
    if isinstance(result, SettingsConflict):
        current = workspaces.workspace(actor(), workspace.slug)
        combined = pages.new_form(current, result.combined)
        return render(pages.page(actor(), current, combined, conflict=result)), 409
    flash(_("Saved."))
    return redirect(url_for("studio.show_settings", course=workspace.slug))
