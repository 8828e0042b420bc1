"""Changes of coordination and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.kernel import clock
from tests.support import sites
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


STEPS: Mapping[str, AuditStep] = {
    "coordination.create_action": AuditStep(_action(), {"ActionCreated"}, by="coordinator"),
    "coordination.start_action": AuditStep(_action("start"), {"ActionChanged"}, by="coordinator"),
    "coordination.finish_action": AuditStep(_action("finish"), {"ActionChanged"}, by="coordinator"),
    "coordination.drop_action": AuditStep(_action("drop"), {"ActionChanged"}, by="coordinator"),
    "coordination.reopen_action": AuditStep(_action("finish", "reopen"), {"ActionChanged"}, by="coordinator"),
    "coordination.move_action": AuditStep(_action("date"), {"ActionMoved"}, by="coordinator"),
    "coordination.note_action": AuditStep(_action("notes"), {"ActionNoted"}, by="coordinator"),
}
