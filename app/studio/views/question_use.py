"""Views that let learners answer questions: the test draws them, or a lesson asks them."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.forms.questions import AskingForm
from app.studio.queries import checked, questions, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import questions as service, settings
from app.studio.views._blueprint import bp


@bp.post("/teaching/courses/<slug:course>/bank/test")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_to_test(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Let the test of the course draw its unused questions; a course without a test gets one."""
    has_test = checked.folder(workspace).course.test is not None
    try:
        with transaction():
            settings.add_to_test(workspace, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "error")
        return redirect(url_for("studio.show_bank", course=course))
    if has_test:
        flash(_("The test draws these questions, too."))
    else:
        flash(_("The course has a test now. Its rules are in the settings."))
    return redirect(url_for("studio.show_bank", course=course, _anchor="demands"))


@bp.post("/teaching/courses/<slug:course>/bank/lesson")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def ask_in_lesson(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Ask questions at the end of a lesson."""
    form = AskingForm(request.form)
    bank = questions.bank(workspace)
    form.offer(lessons=[entry.slug for entry in bank.folder.course.lessons], items=bank.lines)
    if not form.validate():
        flash(_("Choose a lesson of this course."), "error")
        return redirect(url_for("studio.show_bank", course=course))
    item_ids = form.items.data
    try:
        with transaction():
            service.ask_in_lesson(workspace, form.lesson.data, item_ids, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "error")
        return redirect(url_for("studio.show_bank", course=course))
    count = len(item_ids)
    flash(ngettext("The lesson asks %(num)s question now.", "The lesson asks %(num)s questions now.", count))
    return redirect(url_for("studio.edit_lesson", course=course, lesson=form.lesson.data))
