"""Changes of workshops and the entries that each leaves in the audit log."""

import io
from collections.abc import Callable, Mapping
from datetime import date

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.rights.service import roles, supervision
from app.workshops.domain.allocation import SeatSource
from app.workshops.domain.events import WorkshopKind
from app.workshops.domain.nominations import NominationState
from app.workshops.models import Nomination, Workshop
from app.workshops.queries import bookings as events, follow_ups
from app.workshops.service import nominations, staff as workshops, visit_reports
from tests.support import (
    after_events,
    event_documents,
    factories,
    nominated_events,
    people_sheets,
    selection_pages,
    sites,
    workshop_events,
    workshop_pages,
)
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.event_days import DAY_STEPS
from tests.support.nominated_events import INTEREST
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


def _nominate(*, is_offered: bool) -> Callable[[Site], None]:
    """Bring an event in which the colleague is interested, or has an offer after the selection."""

    def prepare(site: Site) -> None:
        colleague = site.people["colleague"]
        with site.app.app_context():
            event = nominated_events.nominated_event(capacity=2)
            with transaction():
                nominations.express_interest(event.workshop_id, colleague, INTEREST, clock.now())
            if is_offered:
                event.nominate("IQ", [colleague])
                event.select()
            db.session.remove()

    return prepare


def _submit_to_nomination(path: str, **fields: str) -> Step:
    """Submit a form about the nomination of the colleague."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            row = db.session.query(Nomination).filter_by(person_id=site.people["colleague"]).one()
            address = path.format(workshop=row.workshop_id, nomination=row.id)
            db.session.remove()
        submit(address, **fields)(site, client)

    return step


def _check_sheet(site: Site, client: FlaskClient) -> None:
    """Send a sheet of nominations that names an officer of Iraq."""
    with site.app.app_context():
        workshop_id = workshop_events.announced(capacity=3, nomination=nominated_events.rules(countries=("IQ",)))
        alias = accounts.names([factories.person(country="IQ")]).popitem()[1]
    raw = people_sheets.csv([("1", alias)], heads=("rank", "officer"))
    values = {"csrf_token": factories.token(site.app, client), "sheet": FileStorage(io.BytesIO(raw), "sheet.csv")}
    assert client.post(f"/country/nominations/{workshop_id}/sheet", data=values).status_code == 200


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


def _close_nominations(site: Site) -> None:
    """Close the nominations of an event with a nominee of each of two countries."""
    selection_pages.site(site.app, number=1, observers=1)


def _select(site: Site) -> None:
    """Share the seats of such an event."""
    selection_pages.site(site.app, number=1).confirm()


def _selection(path: str = "", **fields: str) -> Step:
    """Submit a form of the selection of the nominated event."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            nomination = db.session.query(Nomination).first()
            assert nomination is not None
            address = f"/workshops/{nomination.workshop_id}/selection"
            nominee = path.format(nominee=nomination.id)
        text = client.get(address).text
        sent = {} if path else {"fingerprint": selection_pages.fingerprint_in(text)}
        assert sites.post(site.app, client, address + nominee, sent | fields).status_code in {200, 302}

    return step


def _express_interest(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        event = nominated_events.nominated_event()
        db.session.remove()
    submit(f"/workshops/{event.workshop_id}/interest", **workshop_pages.ANSWERS)(site, client)


def _admit(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = selection_pages.alias_of(site.people["foreigner"])
    submit("/teaching/workshops/{open}/admission", alias=alias, reason="Asked by the host.")(site, client)


def _observe(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = selection_pages.alias_of(site.people["foreigner"])
    _selection("/observers", alias=alias)(site, client)


def _withdraw_file(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        file_id = event_documents.add_file(site.workshops["seat"], site.people["coordinator"])
    submit(f"/teaching/workshops/{{seat}}/files/{file_id}/withdrawal")(site, client)


def _add_file(site: Site, client: FlaskClient) -> None:
    fields = {"title": "Plan", "sensitivity": "unrestricted", "expires_on": "2027-06-04"}
    file = (io.BytesIO(event_documents.PDF), "plan.pdf")
    path = f"/teaching/workshops/{site.workshops['seat']}/files"
    values = {"csrf_token": factories.token(site.app, client), **fields, "file": file}
    assert client.post(path, data=values).status_code == 302


def _of_participant(path: str, **fields: str) -> Step:
    """Submit a form about the participant of Iraq."""

    def step(site: Site, client: FlaskClient) -> None:
        address = f"/country/participants/{site.workshops['seat']}/{site.people['owner']}/{path}"
        assert sites.post(site.app, client, address, fields).status_code in {200, 302}

    return step


def _visit(path: str = "", *, asked: bool = False, ended: bool = False, **fields: str) -> Step:
    """Submit a form about a study visit that the owner attended, as the client or for an officer supervised."""

    def step(site: Site, client: FlaskClient) -> None:
        owner = site.people["owner"]
        with site.app.app_context():
            workshop_id = after_events.took_place([owner], days_ago=100, kind=WorkshopKind.STUDY_VISIT, outcomes=())
            follow_up_id = commitment_id = None
            if asked:
                after_events.open_follow_up(workshop_id)
                follow_up_id = follow_ups.own(workshop_id, owner).id
            if ended:
                commitment_id = after_events.undertake(workshop_id, owner, is_done=True)
            db.session.remove()
        address = path.format(visit=workshop_id, follow_up=follow_up_id, commitment=commitment_id)
        answer = sites.post(site.app, client, address, fields)
        assert answer.status_code == 302, answer.text

    return step


def _end_commitment(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        workshop_id = after_events.took_place([site.people["owner"]], kind=WorkshopKind.STUDY_VISIT, outcomes=())
        db.session.remove()
    submit(f"/workshops/{workshop_id}/commitments", text="A card", due=after_events.SOON)(site, client)
    submit(f"/workshops/{workshop_id}/commitments/1", state="done", note="In use")(site, client)


def _supervise(site: Site) -> None:
    """Let the contact point supervise the owner, too."""
    with site.app.app_context(), transaction():
        chief, owner = site.people["contact_point"], site.people["owner"]
        roles.add_role(chief, Role.SUPERVISOR, scope=Scope.COUNTRY, reach="IQ", since=clock.today())
        assert supervision.assign(owner, chief, clock.today()) is None


def _written_summary(site: Site, client: FlaskClient) -> None:
    owner = site.people["owner"]
    with site.app.app_context():
        workshop_id = after_events.took_place([owner], kind=WorkshopKind.STUDY_VISIT, outcomes=())
        with transaction():
            visit_reports.save_report(workshop_id, report="Seen", summary="In short", by=owner, now=clock.now())
    address = f"/workshops/{workshop_id}/report/approval"
    assert sites.post(site.app, client, address, {"summary": "In short"}).status_code == 302


STEPS: Mapping[str, AuditStep] = {
    "workshops.send_follow_up": AuditStep(
        _visit("/workshops/{visit}/follow-up", asked=True, **after_events.FOLLOW_UP_FIELDS), {"FollowUpAnswered"}
    ),
    "workshops.make_commitment": AuditStep(
        _visit("/workshops/{visit}/commitments", text="A card", due=after_events.SOON), {"CommitmentChanged"}
    ),
    "workshops.end_commitment": AuditStep(
        _end_commitment,
        {"CommitmentChanged"},
    ),
    "workshops.answer_about_officer": AuditStep(
        _visit("/supervision/events/{follow_up}/answer", asked=True, change="yes"),
        {"FollowUpAnswered"},
        by="contact_point",
        prepare=_supervise,
    ),
    "workshops.confirm_commitment": AuditStep(
        _visit("/supervision/events/commitments/{commitment}/confirmation", ended=True),
        {"CommitmentConfirmed"},
        by="contact_point",
        prepare=_supervise,
    ),
    "workshops.plan_follow_up": AuditStep(
        _visit("/teaching/workshops/{visit}/afterwards", day=after_events.SOON), {"FollowUpPlanned"}, by="coordinator"
    ),
    "workshops.save_report": AuditStep(
        _visit("/workshops/{visit}/report", report="What we saw", summary=""), {"VisitReportSaved"}
    ),
    "workshops.approve_summary": AuditStep(_written_summary, {"VisitSummaryApproved"}, by="coordinator"),
    "workshops.send_message": AuditStep(
        submit(
            "/teaching/workshops/{seat}/messages/new", groups="confirmed", subject="Hall", text="Hall 2.", step="send"
        ),
        {"EventMessageSent"},
        by="coordinator",
    ),
    "workshops.add_file": AuditStep(_add_file, {"EventFileAdded"}, by="coordinator"),
    "workshops.withdraw_file": AuditStep(_withdraw_file, {"EventFileWithdrawn"}, by="coordinator"),
    "workshops.save_own_travel": AuditStep(submit("/workshops/{seat}/travel", visa="needed"), {"TravelSaved"}),
    "workshops.save_own_needs": AuditStep(submit("/workshops/{seat}/needs", diet="halal"), {"NeedsSaved"}),
    "workshops.save_participant_travel": AuditStep(
        _of_participant("travel", visa="needed"), {"TravelSaved"}, by="contact_point"
    ),
    "workshops.make_letter": AuditStep(
        _of_participant("letter", name="An invented name", language="en"),
        {"InvitationLetterMade"},
        by="contact_point",
    ),
    **DAY_STEPS,
    "workshops.confirm_selection": AuditStep(
        _selection(),
        {"SeatsShared", "NominationChanged", "WorkshopMoved"},
        by="coordinator",
        prepare=_close_nominations,
    ),
    "workshops.preview_selection": AuditStep(
        _selection("/proposal"), {"RosterSeen"}, by="coordinator", prepare=_close_nominations
    ),
    "workshops.send_offers": AuditStep(_selection("/offers"), {"NominationChanged"}, by="coordinator", prepare=_select),
    "workshops.add_observer": AuditStep(_observe, {"NominationChanged"}, by="coordinator", prepare=_close_nominations),
    "workshops.admit_nominee": AuditStep(
        _selection("/nominees/{nominee}", reason="Asked by the host."),
        {"NomineeAdmitted"},
        by="coordinator",
        prepare=_close_nominations,
    ),
    "workshops.admit_officer": AuditStep(_admit, {"OfficerAdmitted", "SeatTaken"}, by="coordinator"),
    "workshops.create_copy": AuditStep(
        submit("/teaching/workshops/{seat}/copy", code="WS-2027-91", first_day="2027-09-07"),
        {"WorkshopMade"},
        by="coordinator",
    ),
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
    "workshops.check_nomination_sheet": AuditStep(_check_sheet, {"OfficersSeen"}, by="contact_point"),
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
    "workshops.express_interest": AuditStep(_express_interest, {"NominationChanged"}),
    "workshops.withdraw_nomination": AuditStep(
        _submit_to_nomination("/workshops/{workshop}/interest/withdrawal"),
        {"NominationChanged"},
        by="colleague",
        prepare=_nominate(is_offered=False),
    ),
    "workshops.confirm_offer": AuditStep(
        _submit_to_nomination("/workshops/{workshop}/interest/confirmation"),
        {"NominationChanged", "SeatTaken"},
        by="colleague",
        prepare=_nominate(is_offered=True),
    ),
    "workshops.answer_endorsement": AuditStep(
        _submit_to_nomination("/endorsements/{nomination}/decision", answer="endorse"),
        {"NominationChanged"},
        by="contact_point",
        prepare=_nominate(is_offered=False),
    ),
    "workshops.withdraw": AuditStep(submit("/workshops/{seat}/withdrawal"), {"BookingWithdrawn"}),
}
