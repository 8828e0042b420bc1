"""Changes of workshops and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from datetime import date

from flask.testing import FlaskClient

from app.access.policy import Role
from app.db.session import db, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.workshops.domain.allocation import SeatSource
from app.workshops.domain.nominations import NominationState
from app.workshops.models import Workshop
from app.workshops.queries import bookings as events
from app.workshops.service import nominations, staff as workshops
from tests.support import factories, nominated_events, sites, workshop_events, workshop_pages
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site


def _draft(path: str, **fields: str) -> Step:
    """Submit a form for a draft that another user created."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            workshop_id = workshop_events.made()
        submit(path.format(draft=workshop_id), **fields)(site, client)

    return step


def _appoint(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = accounts.names([site.people["foreigner"]])[site.people["foreigner"]]
    submit("/teaching/workshops/{seat}/people", alias=alias, role="assessor")(site, client)


def _take_off(site: Site, client: FlaskClient) -> None:
    _appoint(site, client)
    submit(f"/teaching/workshops/{{seat}}/people/{site.people['foreigner']}/taking-off", role="assessor")(site, client)


def _keep_attendance(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        booking = events.seated(site.workshops["held"])[0].id
    sent = {f"mark-{booking}": "absent", "reason": "Wrong row"}
    submit("/teaching/workshops/{held}/sessions/1/attendance", **sent)(site, client)


def _ask(about: str) -> Step:
    """Ask the coordinators about an event whose time for scores is over, as its assessor and trainer."""

    def step(site: Site, _client: FlaskClient) -> None:
        held, coordinator = site.workshops["held"], site.people["coordinator"]
        with site.app.app_context(), transaction():
            workshop = db.session.get_one(Workshop, held)
            workshop.first_day = workshop.last_day = date(2027, 1, 20)
            workshops.appoint(held, coordinator, Role.ASSESSOR, clock.now())
        submit(f"/teaching/workshops/{held}/questions/{about}")(site, site.client("coordinator"))

    return step


def _score(site: Site, _client: FlaskClient) -> None:
    held, coordinator = site.workshops["held"], site.people["coordinator"]
    with site.app.app_context():
        booking = events.seated(held)[0].id
        with transaction():
            workshops.appoint(held, coordinator, Role.ASSESSOR, clock.now())
    scores = {f"score-{one}": "3" for one in ("list", "quay", "note", "call")}
    submit(f"/teaching/workshops/{held}/assess/{booking}/PRT-01", **scores)(site, site.client("coordinator"))


def _nominated(path: str, *, after: str = "", **fields: str) -> Step:
    """Submit a form about an officer of Iraq who asks, or who has an offer, for an event that Iraq is invited to."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            rules = nominated_events.rules(countries=("IQ",))
            workshop_id = workshop_events.announced(capacity=3, nomination=rules)
            officer, other = (factories.person(country="IQ") for _ in range(2))
            with transaction():
                workshop = db.session.get_one(Workshop, workshop_id)
                nomination = nominations.new_nomination(workshop, officer, "IQ", clock.now())
                if after:
                    nomination.state, nomination.seat_source = NominationState.SELECTED, SeatSource.GUARANTEED
                db.session.add(nomination)
                db.session.flush()
                nomination_id = nomination.id
        values = {"officer": str(other)} | fields if after else {"officer": str(officer)} | fields
        address = path.format(workshop=workshop_id, nomination=nomination_id)
        answer = sites.post(site.app, client, address, values)
        assert answer.status_code in {200, 302}, answer.text

    return step


STEPS: Mapping[str, AuditStep] = {
    "workshops.update_workshop": AuditStep(
        _draft("/teaching/workshops/{draft}/edit", **workshop_pages.fields()), {"WorkshopChanged"}, by="coordinator"
    ),
    "workshops.create_workshop": AuditStep(
        submit("/teaching/workshops/new", **workshop_pages.fields()), {"WorkshopMade"}, by="coordinator"
    ),
    "workshops.ask_about_attendance": AuditStep(_ask("attendance"), {"CoordinatorAsked"}, by="coordinator"),
    "workshops.ask_about_scores": AuditStep(_ask("scores"), {"CoordinatorAsked"}, by="coordinator"),
    "workshops.save_attendance": AuditStep(_keep_attendance, {"AttendanceKept"}, by="coordinator"),
    "workshops.score": AuditStep(_score, {"RubricScored", "EvidenceRecorded"}, by="coordinator"),
    "workshops.appoint": AuditStep(_appoint, {"RoleGranted"}, by="coordinator"),
    "workshops.nominate": AuditStep(
        _nominated("/country/nominations/{workshop}"), {"NominationChanged", "NominationsRanked"}, by="contact_point"
    ),
    "workshops.arrange_nominations": AuditStep(
        _nominated("/country/nominations/{workshop}/arrange"), {"OfficersSeen"}, by="contact_point"
    ),
    "workshops.decline_nominee": AuditStep(
        _nominated("/country/nominations/{workshop}/{nomination}/decline", reason="Goes next year"),
        {"NominationChanged"},
        by="contact_point",
    ),
    "workshops.substitute_nominee": AuditStep(
        _nominated(
            "/country/nominations/{workshop}/{nomination}/substitute",
            after="selection",
            reason="need_of_country",
            counted="not_said",
        ),
        {"NominationChanged"},
        by="contact_point",
    ),
    "workshops.clear": AuditStep(_draft("/teaching/workshops/{draft}/clearing"), {"WorkshopMoved"}, by="coordinator"),
    "workshops.set_capacity": AuditStep(
        submit("/teaching/workshops/{seat}/capacity", capacity="5"), {"CapacityChanged"}, by="coordinator"
    ),
    "workshops.remove_staff": AuditStep(_take_off, {"RoleEnded"}, by="coordinator"),
    "workshops.take_step": AuditStep(
        submit("/teaching/workshops/{held}/steps/close", reason="The lists are lost."),
        {"WorkshopMoved"},
        by="coordinator",
    ),
    "workshops.book": AuditStep(submit("/workshops/{open}/booking"), {"SeatTaken"}),
    "workshops.withdraw": AuditStep(submit("/workshops/{seat}/withdrawal"), {"BookingWithdrawn"}),
}
