"""Reports of mistakes at /teaching/courses/<course>/reports: the queue of the trainers of a course."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.kernel import clock
from app.learning.queries import reports as queries
from app.learning.service import reports
from app.studio.forms.learner_posts import LearnerAnswerForm
from app.studio.pages.header import header
from app.studio.pages.reports import SIZE, RejectedAnswer, ReportsPage, boxes
from app.studio.queries import checked, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.views._blueprint import bp
from app.web.pages import render
from app.web.paging import requested_page

SETTLED = "settled"


@bp.get("/teaching/courses/<slug:course>/reports")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def show_reports(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the open reports of mistakes in the lessons of a course, or the settled ones."""
    return _page(workspace)


@bp.post("/teaching/courses/<slug:course>/reports/<uuid:report_id>/answer")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def answer_report(workspace: Workspace, course: str, report_id: UUID) -> ResponseReturnValue:
    """Answer a report; its author is notified."""
    form = LearnerAnswerForm(request.form)
    if not form.validate():
        return _page(workspace, RejectedAnswer(report_id, form)), 422
    with transaction():
        reports.answer_report(published(workspace), report_id, form.text.data, by=actor().id, now=clock.now())
    flash(_("The answer is sent."))
    return redirect(url_for("studio.show_reports", course=course))


@bp.post("/teaching/courses/<slug:course>/reports/<uuid:report_id>/close")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def close_report(workspace: Workspace, course: str, report_id: UUID) -> ResponseReturnValue:
    """Close a report without an answer."""
    with transaction():
        reports.close_report(workspace.course_id, report_id, by=actor().id, now=clock.now())
    flash(_("The report is closed."))
    return redirect(url_for("studio.show_reports", course=course))


def published(workspace: Workspace) -> Outline:
    """Return the published version of a course, or raise NoResultFound if there is none."""
    if workspace.version_id is None:
        raise NoResultFound
    return catalogue.outline(workspace.version_id)


def _page(workspace: Workspace, rejected: RejectedAnswer | None = None) -> str:
    is_open = request.args.get("state") != SETTLED
    numbers = requested_page(queries.count(workspace.course_id, is_open=is_open), SIZE)
    lines = queries.of_course(workspace.course_id, is_open=is_open, offset=numbers.offset, size=SIZE)
    head = header(workspace, checked.checked(workspace).folder, "studio.show_reports")
    state = {} if is_open else {"state": SETTLED}
    page = ReportsPage(
        head=head,
        is_open=is_open,
        boxes=boxes(published(workspace), lines, rejected) if lines else [],
        open_href=url_for("studio.show_reports", course=workspace.slug),
        settled_href=url_for("studio.show_reports", course=workspace.slug, state=SETTLED),
        **numbers.links("studio.show_reports", course=workspace.slug, **state),
    )
    return render(page)
