"""Build the page /workshops/<id>/report: the report of a study visit and its summary."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for

from app.access.policy import Action, Actor, allows
from app.web.pages import Page
from app.workshops.forms.afterwards import VisitReportForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries.visit_reports import NOTHING, StudyVisit, VisitReportText


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReportPage(Page):
    """The report; `form` is None for a user who may only read, `may_approve` for a second person."""

    template: ClassVar[str] = "workshops/visit_report.html"
    heading: EventHeading
    event_url: str
    report: str
    summary: str
    written_at: datetime | None
    approved_at: datetime | None
    form: VisitReportForm | None
    may_approve: bool
    wrote_it: bool
    approval_url: str


def page(actor: Actor, visit: StudyVisit, now: datetime, form: VisitReportForm | None = None) -> VisitReportPage:
    """Return the page; a rejected form is passed."""
    text = visit.text or NOTHING
    may_write = allows(actor, Action.WRITE_VISIT_REPORT, visit) and now >= visit.workshop.ends_at
    filled = form or VisitReportForm(report=text.report, summary=text.summary)
    return VisitReportPage(
        heading=event.heading_of(visit.workshop),
        event_url=url_for("workshops.show_workshop", workshop_id=visit.workshop.id),
        report=text.report,
        summary=text.summary,
        written_at=text.written_at,
        approved_at=text.approved_at,
        form=filled if may_write else None,
        may_approve=text.waits and _may_approve(actor, visit, text),
        wrote_it=text.waits and text.written_by == actor.id,
        approval_url=url_for("workshops.approve_summary", workshop_id=visit.workshop.id),
    )


def _may_approve(actor: Actor, visit: StudyVisit, text: VisitReportText) -> bool:
    return text.written_by != actor.id and allows(actor, Action.APPROVE_VISIT_SUMMARY, visit)
