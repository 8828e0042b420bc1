"""Changes of coordination and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.coordination.models import Reminder
from app.db.session import db, transaction
from app.identity.models import RoleGrant
from app.kernel import clock
from app.learning.queries import requirements
from app.rights.service import supervision
from tests.support import courses, factories, late_scenes, sites
from tests.support.audit_log import AuditStep, Step, entries_since, last_entry
from tests.support.sites import Site


def _action(*steps: str) -> Step:
    """Create an action as a coordinator, then take steps, each of which must record an audit entry."""

    def step(site: Site, _client: FlaskClient) -> None:
        coordinator = site.client("coordinator")
        today = clock.today().isoformat()
        fields = {"text": "Plan a workshop", "owner": "secretariat", "due_on": today}
        path = sites.post(site.app, coordinator, "/plan/actions/new", fields).headers["Location"]
        for taken in steps:
            before = last_entry(site.app)
            sent = {"explanation": "Done.", "text": "Later.", "due_on": "2027-12-01"}
            assert sites.post(site.app, coordinator, f"{path}/{taken}", sent).status_code == 302, taken
            assert entries_since(site.app, before), taken

    return step


def _requirement(step: str = "", *, agreed: bool = False) -> Step:
    """Draft a requirement, let the other coordinator agree if need be, then take a step with it."""

    def run(site: Site, client: FlaskClient) -> None:
        today = clock.today().isoformat()
        other = _other(site, Role.COORDINATOR, Scope.ALL)
        author = other if step == "agree" else client
        fields = {"course": _course(site), "due_days": "30", "starts": today, "reason": "Asked for."}
        path = sites.post(site.app, author, "/plan/required/new", fields).headers["Location"]
        if agreed:
            assert sites.post(site.app, other, f"{path}/agree").status_code == 302
        if step:
            sent = {"due_days": "60", "starts": today, "last_day": today}
            assert sites.post(site.app, client, f"{path}/{step}", sent).status_code == 302, step

    return run


def _exemption(step: str = "", *, days: int = 30) -> Step:
    """Set an exemption from a required course, or take a step with that of the other contact point."""

    def run(site: Site, client: FlaskClient) -> None:
        _requirement(agreed=True)(site, site.client("coordinator"))
        other = _other(site, Role.CONTACT_POINT, Scope.COUNTRY)
        until = clock.today() + timedelta(days=days)
        fields = {"course": _course(site), "kind": "exempt", "until": until.isoformat(), "reason": "other"}
        path = f"/country/exemptions/officers/{site.people['colleague']}"
        assert sites.post(site.app, other if step else client, path, fields).status_code == 302
        if step:
            with site.app.app_context():
                [line] = requirements.exemptions("IQ")
            answer = sites.post(site.app, client, f"/country/exemptions/{line.id}/{step}")
            assert answer.status_code == 302, step

    return run


def _other(site: Site, role: Role, scope: Scope) -> FlaskClient:
    """Return a visit of another person of Iraq with a role."""
    with site.app.app_context():
        reach = "IQ" if scope is Scope.COUNTRY else ""
        person_id = factories.person(country="IQ", roles=(), grants=((role, scope, reach),))
    return factories.sign_in(site.app, person_id)


def _course(site: Site) -> str:
    with site.app.app_context():
        return str(versions.course_record(sites.RESTRICTED).id)


def _suggestion(side: str, step: str) -> Step:
    """Prepare, create or undo a suggestion to the colleague in the matrix of a country or of a supervisor."""

    def run(site: Site, client: FlaskClient) -> None:
        reader = client if side == "country" else _supervisor_of_colleague(site)
        page = f"/{side}/matrix"
        fields = {"officer": str(site.people["colleague"]), "course": _public_course(site)}
        if step == "prepare":
            assert sites.post(site.app, reader, f"{page}/suggestion", fields).status_code == 200
            return
        path = sites.post(site.app, reader, f"{page}/suggestions", fields).headers["Location"]
        if step == "undo":
            before = last_entry(site.app)
            assert sites.post(site.app, reader, f"{path}/undo").status_code == 302
            assert entries_since(site.app, before)

    return run


def _supervisor_of_colleague(site: Site) -> FlaskClient:
    """Add a supervisor of the colleague, signed in."""
    with site.app.app_context():
        person_id = factories.person(roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))
        with transaction():
            assert supervision.assign(site.people["colleague"], person_id, clock.today()) is None
    return factories.sign_in(site.app, person_id)


def _public_course(site: Site) -> str:
    with site.app.app_context():
        return next(str(record.id) for record in versions.course_records() if record.slug == courses.SLUG)


def _late(site: Site) -> str:
    """Let the owner be overdue in a course; return the id of the course."""
    with site.app.app_context():
        [course_id] = [record.id for record in versions.course_records() if record.slug == courses.SLUG]
        with transaction():
            db.session.add(late_scenes.overdue(site.people["owner"], course_id, "IQ"))
    return str(course_id)


def _supervise(site: Site) -> None:
    """Let the contact point supervise the owner."""
    chief, owner = site.people["contact_point"], site.people["owner"]
    with site.app.app_context():
        with transaction():
            grant = {"role": Role.SUPERVISOR, "scope": Scope.COUNTRY, "reach": "IQ", "since": clock.today()}
            db.session.add(RoleGrant(person_id=chief, **grant))
        with transaction():
            assert supervision.assign(owner, chief, clock.today()) is None


def _remind(place: str, row: str, **fields: str) -> Step:
    """Remind of the course in which the owner is late."""

    def step(site: Site, client: FlaskClient) -> None:
        owner = site.people["owner"]
        chosen = row.format(owner=owner, course=_late(site))
        sent = {"row": chosen, "wanted_by": (clock.today() + timedelta(days=9)).isoformat(), **fields}
        assert sites.post(site.app, client, f"/{place}/late/remind", sent).status_code == 302

    return step


def _answer(site: Site, client: FlaskClient) -> None:
    """Answer a reminder as a contact point."""
    _remind("plan", "course:{course}:IQ")(site, site.client("coordinator"))
    with site.app.app_context():
        reminder_id = db.session.scalars(select(Reminder.id)).one()
    path = f"/reminders/{reminder_id}/answer"
    assert sites.post(site.app, client, path, {"kind": "done"}).status_code == 302


def _bulk_exemption(side: str, step: str) -> Step:
    """Prepare, create or undo an exemption of the colleague in the matrix of a country or of a supervisor."""

    def run(site: Site, client: FlaskClient) -> None:
        _requirement(agreed=True)(site, site.client("coordinator"))
        reader = client if side == "country" else _supervisor_of_colleague(site)
        page, until = f"/{side}/matrix", clock.today() + timedelta(days=30)
        fields = {"course": _course(site), "kind": "exempt", "until": until.isoformat(), "reason": "other"}
        fields["officer"] = str(site.people["colleague"])
        if step == "prepare":
            assert sites.post(site.app, reader, f"{page}/exemption", fields).status_code == 200
            return
        path = sites.post(site.app, reader, f"{page}/exemptions", fields).headers["Location"]
        if step == "undo":
            before = last_entry(site.app)
            assert sites.post(site.app, reader, f"{path}/undo").status_code == 302
            assert entries_since(site.app, before)

    return run


def _bulk_reminder(side: str, step: str) -> Step:
    """Prepare or send a reminder to the owner in the matrix of a country or of a supervisor."""

    def run(site: Site, client: FlaskClient) -> None:
        _late(site)
        wanted_by = (clock.today() + timedelta(days=9)).isoformat()
        fields = {"officer": str(site.people["owner"]), "wanted_by": wanted_by}
        status = sites.post(site.app, client, f"/{side}/matrix/{step}", fields).status_code
        assert status == (200 if step == "reminder" else 302)

    return run


def _bulk_check(side: str) -> Step:
    """Prepare a check of the owner in the matrix of a country or of a supervisor."""

    def run(site: Site, client: FlaskClient) -> None:
        fields = {"officer": str(site.people["owner"])}
        assert sites.post(site.app, client, f"/{side}/matrix/check", fields).status_code == 200

    return run


STEPS: Mapping[str, AuditStep] = {
    "coordination.send_reminders": AuditStep(_remind("plan", "course:{course}:IQ"), {"ReminderSent"}, by="coordinator"),
    "coordination.send_country_reminders": AuditStep(
        _remind("country", "{owner}:{course}", to="officer"), {"ReminderSent"}, by="contact_point"
    ),
    "coordination.send_supervised_reminders": AuditStep(
        _remind("supervision", "{owner}:{course}"), {"ReminderSent"}, by="contact_point", prepare=_supervise
    ),
    "coordination.answer_reminder": AuditStep(_answer, {"ReminderAnswered"}, by="contact_point"),
    "coordination.prepare_country_suggestion": AuditStep(
        _suggestion("country", "prepare"), {"OfficersSeen"}, by="contact_point"
    ),
    "coordination.create_country_suggestion": AuditStep(
        _suggestion("country", "create"), {"CourseSuggested"}, by="contact_point"
    ),
    "coordination.undo_country_suggestion": AuditStep(
        _suggestion("country", "undo"), {"SuggestionChanged"}, by="contact_point"
    ),
    "coordination.prepare_team_suggestion": AuditStep(
        _suggestion("supervision", "prepare"), {"SupervisedSeen"}, by=None
    ),
    "coordination.create_team_suggestion": AuditStep(
        _suggestion("supervision", "create"), {"CourseSuggested"}, by=None
    ),
    "coordination.undo_team_suggestion": AuditStep(_suggestion("supervision", "undo"), {"SuggestionChanged"}, by=None),
    "coordination.prepare_country_exemption": AuditStep(
        _bulk_exemption("country", "prepare"), {"OfficersSeen"}, by="contact_point"
    ),
    "coordination.create_country_exemption": AuditStep(
        _bulk_exemption("country", "create"), {"ExemptionSet"}, by="contact_point"
    ),
    "coordination.undo_country_exemption": AuditStep(
        _bulk_exemption("country", "undo"), {"ExemptionEnded"}, by="contact_point"
    ),
    "coordination.prepare_team_exemption": AuditStep(
        _bulk_exemption("supervision", "prepare"), {"SupervisedSeen"}, by=None
    ),
    "coordination.create_team_exemption": AuditStep(
        _bulk_exemption("supervision", "create"), {"ExemptionSet"}, by=None
    ),
    "coordination.undo_team_exemption": AuditStep(_bulk_exemption("supervision", "undo"), {"ExemptionEnded"}, by=None),
    "coordination.prepare_country_reminder": AuditStep(
        _bulk_reminder("country", "reminder"), {"OfficersSeen"}, by="contact_point"
    ),
    "coordination.create_country_reminder": AuditStep(
        _bulk_reminder("country", "reminders"), {"ReminderSent"}, by="contact_point"
    ),
    "coordination.prepare_team_reminder": AuditStep(
        _bulk_reminder("supervision", "reminder"), {"SupervisedSeen"}, by="contact_point", prepare=_supervise
    ),
    "coordination.create_team_reminder": AuditStep(
        _bulk_reminder("supervision", "reminders"), {"ReminderSent"}, by="contact_point", prepare=_supervise
    ),
    "coordination.prepare_country_check": AuditStep(_bulk_check("country"), {"OfficersSeen"}, by="contact_point"),
    "coordination.prepare_team_check": AuditStep(
        _bulk_check("supervision"), {"SupervisedSeen"}, by="contact_point", prepare=_supervise
    ),
    "coordination.create_action": AuditStep(_action(), {"ActionCreated"}, by="coordinator"),
    "coordination.start_action": AuditStep(_action("start"), {"ActionChanged"}, by="coordinator"),
    "coordination.finish_action": AuditStep(_action("finish"), {"ActionChanged"}, by="coordinator"),
    "coordination.drop_action": AuditStep(_action("drop"), {"ActionChanged"}, by="coordinator"),
    "coordination.reopen_action": AuditStep(_action("finish", "reopen"), {"ActionChanged"}, by="coordinator"),
    "coordination.move_action": AuditStep(_action("date"), {"ActionMoved"}, by="coordinator"),
    "coordination.note_action": AuditStep(_action("notes"), {"ActionNoted"}, by="coordinator"),
    "coordination.draft_requirement": AuditStep(_requirement(), {"RequirementDrafted"}, by="coordinator"),
    "coordination.agree_requirement": AuditStep(_requirement("agree"), {"RequirementAgreed"}, by="coordinator"),
    "coordination.drop_requirement": AuditStep(_requirement("drop"), {"RequirementDropped"}, by="coordinator"),
    "coordination.change_requirement_date": AuditStep(
        _requirement("date", agreed=True), {"RequirementDrafted"}, by="coordinator"
    ),
    "coordination.end_requirement": AuditStep(_requirement("end", agreed=True), {"RequirementEnded"}, by="coordinator"),
    "coordination.set_exemption": AuditStep(_exemption(), {"ExemptionSet"}, by="contact_point"),
    "coordination.agree_exemption": AuditStep(_exemption("agree", days=200), {"ExemptionAgreed"}, by="contact_point"),
    "coordination.end_exemption": AuditStep(_exemption("end"), {"ExemptionEnded"}, by="contact_point"),
}
