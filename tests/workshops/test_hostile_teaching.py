"""Careless and hostile requests of a trainer, and concurrent requests of two."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.workshops.domain.attendance import Attendance
from app.workshops.models import Workshop
from app.workshops.queries import participants, workshops
from app.workshops.service import bookings as workshops_bookings, lifecycle
from tests.support import factories, workshop_events as given
from tests.support.hostile_input import HOSTILE
from tests.support.workshop_pages import BEGUN, announced, at, attendance, bookings, client_of, fields, post

NEW = "/teaching/workshops/new"


@pytest.fixture
def trainer(app: Flask) -> tuple[UUID, FlaskClient]:
    with app.app_context():
        person_id = factories.person(
            alias="Trainer of M01", country="BG", grants=((Role.TRAINER, Scope.COURSE, "M01"),)
        )
        db.session.remove()
    return person_id, factories.sign_in(app, person_id)


def events(app: Flask) -> int:
    with app.app_context():
        return len(list(db.session.scalars(select(Workshop.id))))


@pytest.mark.parametrize(
    "wrong",
    [
        {"session-0-day": "0001-01-01", "booking_until": "0001-01-01"},
        {"session-1-day": "9999-12-31", "time_zone": "America/New_York"},
        {"session-0-day": "0001-01-01", "time_zone": "Asia/Dhaka"},
        {"booking_until": "0001-01-01", "time_zone": "Asia/Dhaka"},
        {"session-" + "9" * 5000 + "-day": "2027-05-06"},
        {"time_zone": "Factory", "form": "online"},
        {"time_zone": "localtime", "form": "online"},
        {"time_zone": "right/Europe/Sofia", "form": "online"},
        {"time_zone": "Z" * 3000},
        {"time_zone": "../../../etc/passwd"},
        {"capacity": "9" * 6000},
        {"percent": "-1"},
        {"session-0-starts": "09:00:00.000001+25:00"},
        {"activity": "\u202e7A"},
        {"title": "\u200b\u2060"},
        {"title": "A watch\u202eat the quay"},
        {"session-0-title": "\u200b"},
        {"town": "\ufeff"},
    ],
)
def test_hostile_drafts_cause_no_server_error(lite_app: Flask, wrong: dict[str, str]) -> None:
    client = client_of(lite_app, Role.COORDINATOR)
    answer = post(lite_app, client, NEW, **fields(**wrong))
    if answer.status_code == 302:  # harmless input is saved, and every page of the event opens
        path = answer.headers["Location"]
        assert [client.get(f"{path}{more}").status_code for more in ("", "/edit")] == [200, 200]
        assert client.get(path.removeprefix("/teaching")).status_code == 200
        assert wrong.keys() == {"session-" + "9" * 5000 + "-day"}
    else:
        assert answer.status_code == 422
        assert events(lite_app) == 0


@pytest.mark.parametrize("role", ["assessor", "trainer"])
def test_trainer_assigns_no_role_beyond_their_rights(app: Flask, trainer: tuple[UUID, FlaskClient], role: str) -> None:
    _me, client = trainer
    with app.app_context():
        factories.person(alias="Friend 7")
        db.session.remove()
    path = post(app, client, NEW, **fields()).headers["Location"]
    workshop_id = UUID(path.rsplit("/", 1)[1])
    told = []
    for alias in ("Trainer of M01", "Friend 7", "Unknown 7"):
        answer = post(app, client, f"{path}/people", alias=alias, role=role)
        told.append((alias == "Trainer of M01" and role == "trainer", answer.status_code))
    # the own role exists already; a role for a friend gets the message for an unknown alias
    assert told == [(role == "trainer", 302 if role == "trainer" else 422), (False, 422), (False, 422)]
    with app.app_context():
        found = workshops.get(workshop_id)
    assert (len(found.trainers), found.assessors) == (1, frozenset())


def test_trainer_names_a_person_who_is_assessor_elsewhere(app: Flask, trainer: tuple[UUID, FlaskClient]) -> None:
    _me, client = trainer
    other = announced(app)
    with app.app_context():
        grant = (Role.ASSESSOR, Scope.EVENT, str(other))
        assessor = factories.person(alias="Assessor 12", country="IQ", grants=(grant,))
        db.session.remove()
    path = post(app, client, NEW, **fields()).headers["Location"]
    assert post(app, client, f"{path}/people", alias="Assessor 12", role="assessor").status_code == 302
    with app.app_context():
        assert workshops.get(UUID(path.rsplit("/", 1)[1])).assessors == {assessor}


def test_coordinator_cannot_name_themselves_assessor(app: Flask) -> None:
    workshop_id = announced(app)
    with app.app_context():
        factories.person(alias="Coordinator 1", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
        me = accounts.person_by_alias("Coordinator 1")
        db.session.remove()
    assert me is not None
    client = factories.sign_in(app, me)
    path = f"/teaching/workshops/{workshop_id}/people"
    assert post(app, client, path, alias="Coordinator 1", role="assessor").status_code == 422
    with app.app_context():
        assert workshops.get(workshop_id).assessors == frozenset()


def test_own_attendance_cannot_be_recorded(app: Flask) -> None:
    workshop_id = announced(app, 1)
    with app.app_context():
        person_id = factories.person(grants=((Role.TRAINER, Scope.EVENT, str(workshop_id)),))
        with transaction():
            workshops_bookings.book(workshop_id, person_id, clock.now())
        db.session.remove()
    client = factories.sign_in(app, person_id)
    at(BEGUN)
    other, own = bookings(app, workshop_id)
    assert f'name="mark-{own}"' not in client.get(attendance(workshop_id)).text
    sent = {f"mark-{one}": "present" for one in (other, own)}
    assert post(app, client, attendance(workshop_id), **sent).status_code == 302
    with app.app_context():
        session_id = workshops.get(workshop_id).sessions[0].id
        assert participants.marks_of(session_id) == {other: Attendance.PRESENT}


def test_outdated_form_does_not_undo_marks_of_another_user(app: Flask) -> None:
    workshop_id = announced(app, 2)
    at(BEGUN)
    first, second = bookings(app, workshop_id)
    one, other = client_of(app, Role.TRAINER, workshop_id), client_of(app, Role.TRAINER, workshop_id)
    path = attendance(workshop_id)
    kept = {f"mark-{first}": "present", f"mark-{second}": "present", "seen": "0"}
    assert post(app, one, path, **kept).status_code == 302
    old = seen(other.get(path).text)
    corrected = kept | {f"mark-{first}": "absent", "reason": "Left at once", "seen": old}
    assert post(app, one, path, **corrected).status_code == 302
    late = kept | {f"mark-{second}": "late", "reason": "Train", "seen": old}
    assert post(app, other, path, **late).status_code == 302
    with app.app_context():
        session_id = workshops.get(workshop_id).sessions[0].id
        assert participants.marks_of(session_id) == {first: Attendance.ABSENT, second: Attendance.LATE}


@pytest.mark.parametrize("odd", ["", "-1", "x", "9" * 40, "١"])
def test_invalid_number_of_the_last_mark_is_ignored(lite_app: Flask, odd: str) -> None:
    workshop_id = announced(lite_app, 1)
    at(BEGUN)
    (booking,) = bookings(lite_app, workshop_id)
    client = client_of(lite_app, Role.TRAINER, workshop_id)
    sent = {f"mark-{booking}": "absent", "seen": odd}
    assert post(lite_app, client, attendance(workshop_id), **sent).status_code == 302


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_announced_event_cannot_be_moved_into_the_past(app: Flask) -> None:
    with app.app_context():
        new = given.draft()
        workshop_id = given.announced(code=new.code)
        past = given.session(date(2027, 2, 1))
        moved = replace(new, sessions=(past, new.sessions[1]), booking_until=date(2027, 1, 20))
        with pytest.raises(DomainError, match="has begun"), transaction():
            lifecycle.update_workshop(workshop_id, moved, by=given.staff()[0], now=clock.now())
        db.session.rollback()
        assert workshops.get(workshop_id).first_day == date(2027, 5, 4)


def test_second_of_two_concurrent_changes_is_refused(app: Flask) -> None:
    with app.app_context():
        workshop_id = given.made(capacity=20)
        db.session.remove()
    path = f"/teaching/workshops/{workshop_id}/edit"
    one, other = client_of(app, Role.TRAINER, workshop_id), client_of(app, Role.TRAINER, workshop_id)
    old = seen(one.get(path).text)
    sent = fields(code="WS-7", venue="Hall 4", seen=old)
    assert post(app, one, path, **sent).status_code == 302
    assert post(app, one, path, **sent).status_code == 302  # a repeated request changes nothing
    refused = post(app, other, path, **(sent | {"venue": "Hall 5"}))
    assert refused.status_code == 422
    assert "Hall 5" in refused.text
    with app.app_context():
        assert workshops.get(workshop_id).venue == "Hall 4"


def test_reason_is_isolated_from_the_page_direction(lite_app: Flask) -> None:
    workshop_id = announced(lite_app, 1)
    client = client_of(lite_app, Role.TRAINER, workshop_id)
    path = f"/teaching/workshops/{workshop_id}/steps/cancel"
    assert post(lite_app, client, path, reason="\u202e\u2066\u200b").status_code == 422
    assert post(lite_app, client, path, reason="The hall\u202e is closed").status_code == 302
    assert "The hall is closed" in client.get(f"/teaching/workshops/{workshop_id}").text


def test_form_with_a_hostile_field_is_saved_or_refused(lite_app: Flask) -> None:
    """Hostile texts in one field or in two; the saved ones are shown on every page."""
    client = client_of(lite_app, Role.COORDINATOR)
    names, faults = sorted(fields()), []
    assert len(names) < len(HOSTILE)
    for number, hostile in enumerate(HOSTILE):
        wrong = {names[number % len(names)]: hostile}
        if number % 3 == 0:
            wrong[names[(number + 5) % len(names)]] = HOSTILE[-number]
        answer = post(lite_app, client, NEW, **(fields(code=f"WS-{number}") | wrong))
        pages = []
        if answer.status_code == 302:
            path = answer.headers["Location"]
            paths = (path, f"{path}/edit", f"{path}/people", f"{path}/capacity", path.removeprefix("/teaching"))
            pages = [client.get(one).status_code for one in (*paths, "/teaching", "/workshops")]
        if answer.status_code not in {302, 400, 413, 422} or set(pages) - {200}:
            faults.append((wrong, answer.status_code, pages))
    assert faults == []
