"""Changes of plan and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel import clock
from app.plan.models import PlannedNeed, PlanTarget
from app.plan.service import periods
from tests.support import courses, factories, plan_periods, sites, value_sheets
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


TARGET = "/plan/edit/OP2.1/2028/IQ"
TARGET_FORM = {"value": "70", "reason": "Meeting of March", "version": "0"}
NEED_FORM = {"role": "*", "value": "120", "source": "Letter 3", "day": "2027-02-28"}


def _target(step: str = "", *, draft: bool = False, **fields: str) -> Step:
    """Propose a target as a coordinator or save a draft, then take a step by the client that the table names."""

    def take(site: Site, client: FlaskClient) -> None:
        author = client if draft or step == "withdraw" else _second_coordinator(site)
        form = TARGET_FORM | {"step": "draft" if draft else "propose"}
        assert sites.post(site.app, author, TARGET, form).status_code == 302
        with site.app.app_context():
            target_id = db.session.scalars(select(PlanTarget.id)).one()
        before = last_entry(site.app)
        assert sites.post(site.app, client, f"/plan/targets/{target_id}/{step}", fields).status_code == 302, step
        assert entries_since(site.app, before), step

    return take


def _agree_to_need(site: Site, client: FlaskClient) -> None:
    path = "/plan/countries/IQ/needs"
    assert sites.post(site.app, site.client("contact_point"), path, NEED_FORM).status_code == 302
    with site.app.app_context():
        need_id = db.session.scalars(select(PlannedNeed.id)).one()
    assert sites.post(site.app, client, f"/plan/needs/{need_id}/agree").status_code == 302


def _propose_split(site: Site, client: FlaskClient) -> None:
    """Propose targets of all countries from their need."""
    path = "/plan/edit/OP2.1/2027/split"
    shown = client.get(path).text.split('name="shown" value="')[1].split('"')[0]
    assert sites.post(site.app, client, path, {"reason": "By need", "shown": shown}).status_code == 302


def _second_coordinator(site: Site) -> FlaskClient:
    with site.app.app_context():
        person_id = factories.person(country="IQ", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    return factories.sign_in(site.app, person_id)


def _values(path: str, *steps: str) -> Step:
    """Send a sheet of figures or completions as a contact point, then write, delete or undo it."""

    def step(site: Site, _client: FlaskClient) -> None:
        client, is_past = site.client("contact_point"), path.startswith("/country")
        file = f"{path}/sheet.xlsx" if is_past else f"{path}.xlsx?part=2026-12-31"
        raw = value_sheets.download(client, file)
        with site.app.app_context():
            alias = db.session.scalar(select(Person.alias).where(Person.id == site.people["colleague"]))
        past = {"officer": alias, "course": courses.CODE, "value": "2027-01-15", "proof": "certificate"}
        cells = past if is_past else {"value": 17, "source": "Form 3"}
        filled = value_sheets.filled(raw, {(0, name): value for name, value in cells.items()})
        address = value_sheets.checked(site.app, client, path, filled)
        for taken in steps:
            before = last_entry(site.app)
            if taken == "write":
                answer = value_sheets.write(site.app, client, address)
            else:
                answer = sites.post(site.app, client, f"{address}/{taken}")
            assert answer.status_code == 302, taken
            address = answer.headers["Location"]
            assert entries_since(site.app, before), taken

    return step


SHEET, PAST = "/plan/edit/sheet/figures", "/country/completion/past"


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
    "plan.check_past_completions": AuditStep(_values(PAST), {"ValueSheetChecked"}, by="contact_point"),
    "plan.check_value_sheet": AuditStep(_values(SHEET), {"ValueSheetChecked"}, by="contact_point"),
    "plan.drop_value_sheet": AuditStep(_values(SHEET, "drop"), {"ValueSheetDropped"}, by="contact_point"),
    "plan.undo_value_batch": AuditStep(
        _values(SHEET, "write", "undo"), {"ValueSheetUndone", "FigureWithdrawn"}, by="contact_point"
    ),
    "plan.write_value_sheet": AuditStep(
        _values(PAST, "write"), {"ValueSheetWritten", "CompletionRecorded"}, by="contact_point"
    ),
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
    "plan.save_target": AuditStep(submit(TARGET, **TARGET_FORM), {"TargetProposed"}, by="coordinator"),
    "plan.save_community_target": AuditStep(
        submit("/plan/edit/OP2.1/2028", **TARGET_FORM), {"TargetProposed"}, by="coordinator"
    ),
    "plan.propose_split": AuditStep(_propose_split, {"TargetProposed"}, by="coordinator"),
    "plan.propose_target": AuditStep(_target("propose", draft=True), {"TargetProposed"}, by="coordinator"),
    "plan.agree_target": AuditStep(_target("agree"), {"TargetAgreed"}, by="coordinator"),
    "plan.withdraw_target": AuditStep(_target("withdraw"), {"TargetWithdrawn"}, by="coordinator"),
    "plan.note_target": AuditStep(
        _target("note", opinion="objection", text="Too high."), {"TargetNoted"}, by="contact_point"
    ),
    "plan.enter_need": AuditStep(
        submit("/plan/countries/IQ/needs", **NEED_FORM), {"PlannedNeedProposed"}, by="contact_point"
    ),
    "plan.agree_need": AuditStep(_agree_to_need, {"PlannedNeedAgreed"}, by="coordinator"),
    "plan.note_output": AuditStep(submit("/plan/outputs/OP1/notes", text="Later."), {"NoteWritten"}, by="coordinator"),
}
