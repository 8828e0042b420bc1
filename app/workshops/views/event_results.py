"""Views of what followed an event: results for its staff, and the report of a study visit."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.forms.afterwards import ApprovalForm, FollowUpDayForm, VisitReportForm
from app.workshops.pages import afterwards, visit_report
from app.workshops.queries import visit_reports as report_queries, workshops
from app.workshops.queries.visit_reports import StudyVisit
from app.workshops.service import follow_ups, visit_reports
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/teaching/workshops/<uuid:workshop_id>/afterwards")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_afterwards(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show evaluation, follow-up and commitments of an event."""
    return render(afterwards.page(actor(), workshop, clock.today()))


@bp.post("/teaching/workshops/<uuid:workshop_id>/afterwards")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def plan_follow_up(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Set the day on which the follow-up opens."""
    form = FollowUpDayForm(request.form)
    if not form.validate():
        return render(afterwards.page(actor(), workshop, clock.today(), form)), 422
    try:
        with transaction():
            follow_ups.plan_follow_up(workshop_id, form.day.data, by=actor().id, now=clock.now())
    except DomainError as error:
        form.day.errors = [error.translated(_)]
        return render(afterwards.page(actor(), workshop, clock.today(), form)), 422
    flash(_("Saved. Participants and supervisors are asked on that day."))
    return redirect(url_for("workshops.show_afterwards", workshop_id=workshop_id))


@bp.get("/workshops/<uuid:workshop_id>/report")
@requires(Action.READ_VISIT_REPORT, load=report_queries.visit)
def show_report(visit: StudyVisit, workshop_id: UUID) -> ResponseReturnValue:
    """Show the report of a study visit."""
    return render(visit_report.page(actor(), visit, clock.now()))


@bp.post("/workshops/<uuid:workshop_id>/report")
@requires(Action.WRITE_VISIT_REPORT, load=report_queries.visit)
def save_report(visit: StudyVisit, workshop_id: UUID) -> ResponseReturnValue:
    """Save the report and its summary."""
    form = VisitReportForm(request.form)
    if not form.validate():
        return render(visit_report.page(actor(), visit, clock.now(), form)), 422
    with transaction():
        visit_reports.save_report(
            workshop_id, report=form.report.data, summary=form.summary.data or "", by=actor().id, now=clock.now()
        )
    flash(_("Saved. A new summary is shown to others when another person has approved it."))
    return redirect(url_for("workshops.show_report", workshop_id=workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/report/approval")
@requires(Action.APPROVE_VISIT_SUMMARY, load=report_queries.visit)
def approve_summary(_visit: StudyVisit, workshop_id: UUID) -> ResponseReturnValue:
    """Approve the summary that the user read."""
    form = ApprovalForm(request.form)
    with transaction():
        visit_reports.approve_summary(workshop_id, summary=form.summary.data or "", by=actor().id, now=clock.now())
    flash(_("Approved. All officers can read the summary on the page of the event."))
    return redirect(url_for("workshops.show_report", workshop_id=workshop_id))
