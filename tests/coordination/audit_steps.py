"""Changes of coordination and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.db.session import transaction
from app.kernel import clock
from app.rights.service import supervision
from tests.support import courses, factories, sites
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


def _suggestion(side: str, step: str) -> Step:
    """Prepare, create or undo a suggestion to the colleague in the matrix of a country or of a supervisor."""

    def run(site: Site, client: FlaskClient) -> None:
        reader = client if side == "country" else _supervisor(site)
        page = f"/{side}/matrix"
        fields = {"officer": str(site.people["colleague"]), "course": _course(site)}
        if step == "prepare":
            assert sites.post(site.app, reader, f"{page}/suggestion", fields).status_code == 200
            return
        path = sites.post(site.app, reader, f"{page}/suggestions", fields).headers["Location"]
        if step == "undo":
            before = last_entry(site.app)
            assert sites.post(site.app, reader, f"{path}/undo").status_code == 302
            assert entries_since(site.app, before)

    return run


def _supervisor(site: Site) -> FlaskClient:
    """Add a supervisor of the colleague, signed in."""
    with site.app.app_context():
        person_id = factories.person(roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))
        with transaction():
            assert supervision.assign(site.people["colleague"], person_id, clock.today()) is None
    return factories.sign_in(site.app, person_id)


def _course(site: Site) -> str:
    with site.app.app_context():
        return next(str(one.id) for one in versions.course_records() if one.slug == courses.SLUG)


STEPS: Mapping[str, AuditStep] = {
    "coordination.create_action": AuditStep(_action(), {"ActionCreated"}, by="coordinator"),
    "coordination.start_action": AuditStep(_action("start"), {"ActionChanged"}, by="coordinator"),
    "coordination.finish_action": AuditStep(_action("finish"), {"ActionChanged"}, by="coordinator"),
    "coordination.drop_action": AuditStep(_action("drop"), {"ActionChanged"}, by="coordinator"),
    "coordination.reopen_action": AuditStep(_action("finish", "reopen"), {"ActionChanged"}, by="coordinator"),
    "coordination.move_action": AuditStep(_action("date"), {"ActionMoved"}, by="coordinator"),
    "coordination.note_action": AuditStep(_action("notes"), {"ActionNoted"}, by="coordinator"),
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
}
