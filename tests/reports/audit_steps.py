"""Changes of reports and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select

from app.db.session import db, transaction
from app.kernel import clock
from app.reports.domain.donors import NewDonorLine
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind
from app.reports.domain.schedules import SchedulePeriod
from app.reports.models import DonorLine, ReportSchedule
from app.reports.service import donors, schedules
from app.reports.service.schedules import NewSchedule
from tests.support import sites
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site

PERIOD = date(2026, 12, 31).isoformat()
REPORT = {"kind": "quarterly", "period": PERIOD, "language": "en", "forms": "xlsx"}
SHEET = {"period": PERIOD, "language": "en", "forms": "xlsx"}
LINE = {"donor": "Fund", "code": "R1", "wording": "People trained", "indicator": "OP2.1"}


def _schedule(site: Site) -> None:
    coordinator = site.people["coordinator"]
    new = NewSchedule(
        kind=ReportKind.QUARTERLY,
        period=SchedulePeriod.QUARTERLY,
        forms=frozenset({ReportFormat.JSON}),
        languages=("en",),
        recipients=frozenset({coordinator}),
    )
    with site.app.app_context(), transaction():
        schedules.create(new, possible=[coordinator], by=coordinator, now=clock.now())


def _create_schedule(site: Site, client: FlaskClient) -> None:
    fields = {"kind": "quarterly", "period": "quarterly", "forms": "xlsx", "languages": "en"}
    sent = fields | {"recipients": str(site.people["coordinator"])}
    assert sites.post(site.app, client, "/reports/schedules", sent).status_code == 302


def _end_schedule(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        schedule_id = db.session.scalars(select(ReportSchedule.id)).one()
    assert sites.post(site.app, client, f"/reports/schedules/{schedule_id}/end").status_code == 302


def _line(site: Site) -> None:
    with site.app.app_context(), transaction():
        donors.create(NewDonorLine(**LINE), indicators=["OP2.1"], now=clock.now())


def _delete_line(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        line_id = db.session.scalars(select(DonorLine.id)).one()
    assert sites.post(site.app, client, f"/reports/donor-lines/{line_id}/delete").status_code == 302


STEPS: Mapping[str, AuditStep] = {
    "reports.request_report": AuditStep(submit("/reports/new", **REPORT), {"ReportRequested"}, by="coordinator"),
    "reports.request_country_sheet": AuditStep(
        submit("/reports/country-sheet", **SHEET), {"ReportRequested"}, by="contact_point"
    ),
    "reports.save_texts": AuditStep(
        submit(f"/reports/texts?kind=quarterly&period={PERIOD}&language=en", **{"text-summary": "A good quarter."}),
        {"ReportTextSaved"},
        by="coordinator",
    ),
    "reports.create_schedule": AuditStep(_create_schedule, {"ReportScheduled"}, by="coordinator"),
    "reports.end_schedule": AuditStep(_end_schedule, {"ReportScheduled"}, by="coordinator", prepare=_schedule),
    "reports.create_donor_line": AuditStep(
        submit("/reports/donor-lines", **LINE), {"DonorLineChanged"}, by="coordinator"
    ),
    "reports.delete_donor_line": AuditStep(_delete_line, {"DonorLineChanged"}, by="coordinator", prepare=_line),
}
