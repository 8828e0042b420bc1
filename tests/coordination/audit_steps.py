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
from app.rights.service import supervision
from tests.support import courses, late_scenes, sites
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


STEPS: Mapping[str, AuditStep] = {
    "coordination.send_reminders": AuditStep(_remind("plan", "course:{course}:IQ"), {"ReminderSent"}, by="coordinator"),
    "coordination.send_country_reminders": AuditStep(
        _remind("country", "{owner}:{course}", to="officer"), {"ReminderSent"}, by="contact_point"
    ),
    "coordination.send_supervised_reminders": AuditStep(
        _remind("supervision", "{owner}:{course}"), {"ReminderSent"}, by="contact_point", prepare=_supervise
    ),
    "coordination.answer_reminder": AuditStep(_answer, {"ReminderAnswered"}, by="contact_point"),
    "coordination.create_action": AuditStep(_action(), {"ActionCreated"}, by="coordinator"),
    "coordination.start_action": AuditStep(_action("start"), {"ActionChanged"}, by="coordinator"),
    "coordination.finish_action": AuditStep(_action("finish"), {"ActionChanged"}, by="coordinator"),
    "coordination.drop_action": AuditStep(_action("drop"), {"ActionChanged"}, by="coordinator"),
    "coordination.reopen_action": AuditStep(_action("finish", "reopen"), {"ActionChanged"}, by="coordinator"),
    "coordination.move_action": AuditStep(_action("date"), {"ActionMoved"}, by="coordinator"),
    "coordination.note_action": AuditStep(_action("notes"), {"ActionNoted"}, by="coordinator"),
}
