"""Changes of plan and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from app.db.session import transaction
from app.kernel import clock
from app.plan.service import periods
from tests.support import plan_periods, sites
from tests.support.audit_log import AuditStep, Step, entries_since, last_entry, submit
from tests.support.sites import Site


def _figure(*steps: str) -> Step:
    """Enter a figure as a contact point, then take steps, each of which must record an audit entry."""

    def step(site: Site, _client: FlaskClient) -> None:
        fields = {"code": "OC2.3", "country": "IQ", "day": "2027-02-28", "value": "17", "source": "Form 3"}
        owner, coordinator = site.client("contact_point"), site.client("coordinator")
        path = sites.post(site.app, owner, "/plan/figures/new", fields).headers["Location"]
        for taken in steps:
            before = last_entry(site.app)
            file = {"document": (BytesIO(b"%PDF-1.7"), "a.pdf")} if taken == "document" else {}
            who = coordinator if taken in {"approve", "return"} else owner
            sent: Any = {"reason": "Of which page?", **fields, **file}
            assert sites.post(site.app, who, f"{path}/{taken}", sent).status_code == 302, taken
            assert entries_since(site.app, before), taken

    return step


def _lock(step: str) -> Step:
    """Propose to lock a quarter, or agree to the proposal of another person."""

    def run(site: Site, _client: FlaskClient) -> None:
        plan_periods.move_to(date(2027, 4, 20))
        if step == "agree":
            with site.app.app_context(), transaction():
                periods.propose(date(2027, 3, 31), by=site.people["owner"], now=clock.now())
        client = site.client("coordinator")
        assert sites.post(site.app, client, f"/plan/periods/2027-q1/{step}").status_code == 302

    return run


STEPS: Mapping[str, AuditStep] = {
    "plan.add_document": AuditStep(_figure("document"), {"FigureEntered"}, by="contact_point"),
    "plan.approve_figure": AuditStep(_figure("document", "submit", "approve"), {"FigureDecided"}, by="coordinator"),
    "plan.enter_figure": AuditStep(_figure(), {"FigureEntered"}, by="contact_point"),
    "plan.save_figure": AuditStep(_figure("change"), {"FigureEntered"}, by="contact_point"),
    "plan.return_figure": AuditStep(_figure("document", "submit", "return"), {"FigureDecided"}, by="coordinator"),
    "plan.submit_figure": AuditStep(_figure("document", "submit"), {"FigureEntered"}, by="contact_point"),
    "plan.propose_lock": AuditStep(_lock("propose"), {"PeriodProposed"}, by=None),
    "plan.agree_lock": AuditStep(_lock("agree"), {"PeriodLocked"}, by=None),
    "plan.note_outcome": AuditStep(
        submit("/plan/outcomes/OC1/notes", text="Later."), {"NoteWritten"}, by="coordinator"
    ),
    "plan.note_output": AuditStep(submit("/plan/outputs/OP1/notes", text="Later."), {"NoteWritten"}, by="coordinator"),
}
