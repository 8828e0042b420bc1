"""From the matrix to the form of nominations: the officers in the order shown, absent while no event is open."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.db.session import db
from tests.support import factories, nominated_events
from tests.support.workshop_pages import at

MATRIX = "/country/matrix"


def _scene(app: Flask, *, events: int) -> tuple[FlaskClient, list[UUID], list[UUID]]:
    """Return a contact point of Iraq, three officers by alias, and events that take nominations."""
    with app.app_context():
        open_events = [nominated_events.nominated_event() for _ in range(events)]
        officers = [factories.person(country="IQ", alias=f"Border officer {n}") for n in (2, 3, 11)]
        contact = factories.person(country="IQ", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        db.session.remove()
    return factories.sign_in(app, contact), officers, [event.workshop_id for event in open_events]


def _nominate(app: Flask, client: FlaskClient, officers: list[UUID]) -> str:
    data = {"csrf_token": factories.token(app, client), "officer": [str(person_id) for person_id in officers]}
    response = client.post(f"{MATRIX}/nomination", data=data)
    assert response.status_code == 302
    return response.location


def test_ticked_officers_fill_the_form_of_the_open_event_in_order(app: Flask) -> None:
    client, officers, [workshop_id] = _scene(app, events=1)
    assert "/country/matrix/nomination" in client.get(MATRIX).text
    ticked = [officers[2], officers[0]]
    location = urlsplit(_nominate(app, client, ticked))
    assert location.path == f"/country/nominations/{workshop_id}"
    assert parse_qs(location.query)["officer"] == [str(person_id) for person_id in ticked]


def test_event_is_chosen_if_several_take_nominations(app: Flask) -> None:
    client, officers, events = _scene(app, events=2)
    location = _nominate(app, client, officers[:1])
    assert urlsplit(location).path == "/country/nominations"
    page = client.get(location).text
    assert all(f"/country/nominations/{workshop_id}?officer={officers[0]}" in page for workshop_id in events)


def test_nomination_is_absent_while_no_event_is_open(app: Flask) -> None:
    client, officers, _events = _scene(app, events=1)
    at(nominated_events.CLOSED)
    assert "/country/matrix/nomination" not in client.get(MATRIX).text
    data = {"csrf_token": factories.token(app, client), "officer": str(officers[0])}
    assert client.post(f"{MATRIX}/nomination", data=data).status_code == 404


def test_officer_of_another_country_is_not_found(app: Flask) -> None:
    client, _officers, _events = _scene(app, events=1)
    with app.app_context():
        foreigner = factories.person(country="BG")
    data = {"csrf_token": factories.token(app, client), "officer": str(foreigner)}
    assert client.post(f"{MATRIX}/nomination", data=data).status_code == 404
