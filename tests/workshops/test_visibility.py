"""Limits of what users see of people, events and countries."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from app.access.policy import Actor, Role, Scope, Sensitivity
from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.db.session import db, transaction
from app.identity.models import RoleGrant
from app.kernel import clock
from app.workshops.domain.attendance import Attendance
from app.workshops.models import Workshop
from app.workshops.queries import bookings, participants, workshops
from app.workshops.service import bookings as workshops_bookings
from tests.support import factories, workshop_events as given, workshop_rubrics
from tests.support.workshop_pages import BEGUN, announced, at, attendance, client_of, post
from tests.support.workshop_rubrics import CRITERIA

TITLE = "A watch at the quay"
READER = Actor(uuid4(), "IQ", frozenset({Role.TRAINER}))


def ended(app: Flask, person_id: UUID, role: Role) -> None:
    """End a role of a person yesterday."""
    with app.app_context():
        with transaction():
            db.session.execute(
                update(RoleGrant)
                .where(RoleGrant.person_id == person_id, RoleGrant.role == role)
                .values(since=date(2027, 1, 1), until=clock.today() - timedelta(days=1))
            )
        db.session.remove()


def test_title_above_clearance_is_hidden_from_a_former_participant(app: Flask) -> None:
    with app.app_context():
        person_id = factories.person()
        for hold in (False, True):
            workshop_id = given.announced()
            given.seat(workshop_id, person_id)
            if hold:
                given.hold(workshop_id, person_id, [Attendance.PRESENT, Attendance.PRESENT])
                with transaction():
                    db.session.execute(
                        update(Workshop)
                        .where(Workshop.id == workshop_id)
                        .values(last_day=date(2027, 1, 26))
                        .values(first_day=date(2027, 1, 25))
                    )
        db.session.remove()
    client = factories.sign_in(app, person_id)
    pages = ("/", "/workshops", "/record", "/notices", "/search?q=quay")
    assert [TITLE in client.get(page).text for page in pages] == [True, True, True, False, True]
    ended(app, person_id, Role.PRACTITIONER)
    assert [client.get(page).status_code for page in pages] == [200] * 5
    assert [TITLE in client.get(page).text for page in pages] == [False] * 5


def test_former_practitioner_withdraws_from_a_hidden_event(app: Flask) -> None:
    with app.app_context():
        workshop_id, other = given.announced(capacity=1), given.announced(capacity=1)
        person_id, following = given.booked(workshop_id, 2)
        given.booked(other, 1)
        db.session.remove()
    client = factories.sign_in(app, person_id)
    path = f"/workshops/{workshop_id}/withdrawal"
    assert path in client.get(f"/workshops/{workshop_id}").text
    assert "No longer open to you" not in client.get("/workshops").text
    ended(app, person_id, Role.PRACTITIONER)
    assert client.get(f"/workshops/{workshop_id}").status_code == 404
    page = client.get("/workshops").text
    assert page.count(f'action="{path}"') == 1
    assert str(other) not in page
    assert not any(word in page for word in (TITLE, "Sofia", "Hall 3"))
    for _ in range(2):  # a repeated request changes nothing
        answer = post(app, client, path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/workshops")
    assert "No longer open to you" not in client.get("/workshops").text
    assert post(app, client, f"/workshops/{other}/withdrawal").status_code == 404  # a booking of another person
    assert post(app, client, f"/workshops/{workshop_id}/booking").status_code == 404
    with app.app_context():
        assert [one.person_id for one in bookings.seated(workshop_id)] == [following]
        assert len(bookings.seated(other)) == 1


def test_former_practitioner_withdraws_from_an_open_event(app: Flask) -> None:
    with app.app_context():
        workshop_id = given.announced(sensitivity=Sensitivity.UNRESTRICTED)
        [person_id] = given.booked(workshop_id, 1)
        db.session.remove()
    client = factories.sign_in(app, person_id)
    ended(app, person_id, Role.PRACTITIONER)
    path = f"/workshops/{workshop_id}"
    assert f'action="{path}/withdrawal"' in client.get(path).text
    assert post(app, client, f"{path}/withdrawal").headers["Location"] == path
    assert f"{path}/booking" not in client.get(path).text


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ASSESSOR])
def test_ended_role_opens_no_page(app: Flask, role: Role) -> None:
    workshop_id = announced(app, 1)
    at(BEGUN)
    with app.app_context():
        other = given.announced(sessions=(given.session(date(2027, 6, 1)),), booking_until=date(2027, 5, 20))
        grants = ((role, Scope.EVENT, str(workshop_id)), (role, Scope.EVENT, str(other)))
        person_id = factories.person(roles=(), grants=grants)
        with transaction():
            db.session.execute(
                update(RoleGrant)
                .where(RoleGrant.person_id == person_id, RoleGrant.reach == str(workshop_id))
                .values(until=clock.today() - timedelta(days=1))
            )
        booking = bookings.seated(workshop_id)[0].id
        db.session.remove()
    client = factories.sign_in(app, person_id)
    path = f"/teaching/workshops/{workshop_id}"
    reads = (path, f"{path}/edit", f"{path}/capacity", f"{path}/assess", f"{path}/assess/{booking}/PRT-01")
    assert [client.get(one).status_code for one in (*reads, attendance(workshop_id))] == [404] * 6
    writes = (f"{path}/capacity", f"{path}/steps/close", f"{path}/assess/{booking}/PRT-01", attendance(workshop_id))
    assert [post(app, client, one, capacity="5").status_code for one in writes] == [404] * 4
    assert str(workshop_id) not in client.get("/teaching").text


def test_guessed_ids_return_404(app: Flask) -> None:
    """A booking of another event, a person of another country: the same response as for a missing one."""
    with app.app_context():
        workshop_rubrics.load()
    outcomes = (("VIC-02", Level.PRACTITIONER),)
    workshop_id, other = announced(app, 1, outcomes=outcomes), announced(app, 1, outcomes=outcomes)
    at(BEGUN)
    with app.app_context():
        booking = bookings.seated(other)[0].id
        foreigner = factories.person(country="BG")
        db.session.remove()
    assessor = client_of(app, Role.ASSESSOR, workshop_id)
    path = f"/teaching/workshops/{workshop_id}/assess"
    asked = [assessor.get(f"{path}/{one}/VIC-02") for one in (booking, uuid4())]
    assert [(one.status_code, len(one.text)) for one in asked] == [(404, len(asked[1].text))] * 2
    sent = [
        post(app, assessor, f"{path}/{one}/VIC-02", **{f"score-{name}": "3" for name in CRITERIA})
        for one in (booking, uuid4())
    ]
    assert [one.status_code for one in sent] == [404, 404]
    with app.app_context():
        contact = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        db.session.remove()
    client = factories.sign_in(app, contact)
    asked = [client.get(f"/country/officers/{one}") for one in (foreigner, uuid4())]
    assert [(one.status_code, len(one.text)) for one in asked] == [(404, len(asked[1].text))] * 2


def test_assessor_sees_no_country_of_participants(app: Flask) -> None:
    """Safeguarding 3: an assessor sees the alias and the work to be marked, not the country."""
    workshop_id = announced(app, 1)
    at(BEGUN)
    page = client_of(app, Role.ASSESSOR, workshop_id).get(f"/teaching/workshops/{workshop_id}/assess")
    assert "Seat 1" in page.text
    assert "Iraq" not in page.text


def seen(app: Flask, name: str) -> Sequence[Entry]:
    with app.app_context():
        return list(db.session.scalars(select(Entry).where(Entry.name == name).order_by(Entry.id)))


def test_participants_view_is_logged_without_names(app: Flask) -> None:
    workshop_id = announced(app, 2)
    at(BEGUN)
    trainer, assessor = client_of(app, Role.TRAINER, workshop_id), client_of(app, Role.ASSESSOR, workshop_id)
    for client, page in (
        (trainer, f"/teaching/workshops/{workshop_id}"),
        (trainer, attendance(workshop_id)),
        (assessor, f"/teaching/workshops/{workshop_id}/assess"),
        (trainer, f"/teaching/workshops/{workshop_id}/edit"),  # the page names no person
    ):
        assert client.get(page).status_code == 200
    entries = seen(app, "RosterSeen")
    assert len(entries) == 3
    assert len({one.actor_id for one in entries}) == 2
    assert all(one.facts == f'{{"workshop_id":"{workshop_id}"}}' for one in entries)
    with app.app_context():
        contact = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        officer = factories.person(country="IQ")
        db.session.remove()
    client = factories.sign_in(app, contact)
    assert client.get("/country/officers").status_code == 200
    assert client.get(f"/country/officers/{officer}").status_code == 200
    assert client.get("/country/claims").status_code == 200
    facts = [one.facts for one in seen(app, "OfficersSeen")]
    assert facts == ['{"country":"IQ","officer":null}', f'{{"country":"IQ","officer":"{officer}"}}']


def test_participants_are_not_shown_if_logging_fails(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    workshop_id = announced(lite_app, 1)
    client = client_of(lite_app, Role.TRAINER, workshop_id)
    monkeypatch.setattr("app.audit.service.entries.write", full)
    assert client.get(f"/teaching/workshops/{workshop_id}").status_code == 503


def test_audit_log_has_no_user_texts_of_an_event(app: Flask) -> None:
    """Reasons may name people: they are stored with the event, where they can be erased, not in the audit log."""
    workshop_id = announced(app, 1)
    client = client_of(app, Role.TRAINER, workshop_id)
    post(app, client, f"/teaching/workshops/{workshop_id}/steps/cancel", reason="Officer Testname is ill")
    other = announced(app, 1)
    at(BEGUN)
    client = client_of(app, Role.TRAINER, other)
    with app.app_context():
        booking = bookings.seated(other)[0].id
        db.session.remove()
    post(app, client, attendance(other), **{f"mark-{booking}": "present"})
    post(app, client, attendance(other), **{f"mark-{booking}": "absent", "reason": "Officer Testname is ill"})
    with app.app_context():
        assert list(db.session.scalars(select(Entry.id).where(Entry.facts.contains("Testname")))) == []
        assert db.session.scalar(select(func.count()).select_from(Entry).where(Entry.name == "AttendanceKept")) == 2


def test_list_shows_the_next_event_beyond_the_limit(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshops, "MOST", 2)
    person_id = factories.person()
    actor = Actor(person_id, "IQ", frozenset({Role.PRACTITIONER}))
    days = [date(2027, month, 1) for month in (5, 6, 7)]
    for day in days:
        given.seat(given.announced(sessions=(given.session(day),)), person_id)
    assert [one.workshop.first_day for one in workshops.own_bookings(actor)] == days[1:]


def test_long_waiting_list_is_read_once_and_shown_in_part(context: Flask) -> None:
    workshop_id = given.announced(capacity=1)
    given.booked(workshop_id, 5)
    assert [(one.position, one.seat) for one in bookings.waiting(workshop_id)] == [(n, None) for n in range(1, 5)]
    assert [one.position for one in participants.waiting_list(workshop_id, date(2027, 3, 1), READER, most=2)] == [1, 2]
    with transaction():
        workshops_bookings.withdraw(workshop_id, bookings.waiting(workshop_id)[0].person_id, clock.now())
    assert [one.position for one in bookings.waiting(workshop_id)] == [1, 2, 3]
