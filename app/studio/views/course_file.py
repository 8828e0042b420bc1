"""Save `course.toml` as text, as long as its errors prevent the form of the settings."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.text import TextFile, normalise
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.course_edits import COURSE_FILE
from app.studio.forms.settings import CourseFileForm
from app.studio.pages import course_file as pages
from app.studio.queries import checked, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import drafts as service
from app.studio.service.drafts import Conflict, FileSave
from app.studio.views._blueprint import bp
from app.web.pages import render


@bp.post("/teaching/courses/<slug:course>/settings/text")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_course_file(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Save the text; a file that can be read again must have the id and the sensitivity of the course."""
    if checked.checked(workspace).folder is not None:
        raise DomainError("Another user has corrected the settings. Open the settings again.")
    form = CourseFileForm(request.form)
    if not form.validate():
        return render(pages.page(actor(), workspace, form)), 422
    text = normalise(form.body.data).strip("\n") + "\n"
    message = _refusal(workspace, text)
    if message:
        return render(pages.page(actor(), workspace, form, message=message)), 422
    save = FileSave(COURSE_FILE, text, form.opened.data)
    with transaction():
        result = service.save_file(workspace.course_id, save, by=current_user.id, now=clock.now())
    if isinstance(result, Conflict):
        own = CourseFileForm(None, body=result.merged.text, opened=result.digest)
        return render(pages.page(actor(), workspace, own, conflicts=result.merged.conflicts)), 409
    flash(_("Saved."))
    return redirect(url_for("studio.show_settings", course=course))


def _refusal(workspace: Workspace, text: str) -> str:
    facts = read_course(TextFile(COURSE_FILE, text))[0]
    if facts is not None and (facts.id, facts.sensitivity) != (workspace.code, workspace.sensitivity):
        return _("The id and the sensitivity of the course cannot be changed.")
    return ""
