from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Sensitivity
from app.db.session import db
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking
from app.workshops.queries import bookings
from tests.support import factories, sites
from tests.support.workshop_events import announced, booked, made

LONG = "W" * 200


def event_for(app: Flask, *, people: int = 0, **more: object) -> UUID:
    with app.app_context():
        workshop_id = announced(**more)
        booked(workshop_id, people)
        db.session.remove()
    return workshop_id


def officer(app: Flask, **more: object) -> tuple[UUID, FlaskClient]:
    with app.app_context():
        person_id = factories.person(**more)  # type: ignore[arg-type]
        db.session.remove()
    return person_id, factories.sign_in(app, person_id)


def rows(app: Flask, workshop_id: UUID) -> list[tuple[UUID, BookingState, int | None]]:
    with app.app_context():
        found = db.session.execute(
            select(Booking.person_id, Booking.state, Booking.seat)
            .where(Booking.workshop_id == workshop_id)
            .order_by(Booking.queued)
        )
        return [tuple(row) for row in found]


def test_booking_and_withdrawal_for_another_person_are_ignored(app: Flask) -> None:
    workshop_id = event_for(app, people=1)
    [(other, _state, _seat)] = rows(app, workshop_id)
    mine, client = officer(app)
    for path, status in (("withdrawal", 404), ("booking", 302)):
        answer = sites.post(
            app, client, f"/workshops/{workshop_id}/{path}?person_id={other}", {"person_id": str(other)}
        )
        assert answer.status_code == status
    assert rows(app, workshop_id) == [(other, BookingState.SEATED, 1), (mine, BookingState.SEATED, 2)]


def test_repeated_booking_and_withdrawal_keep_the_waiting_list_order(app: Flask) -> None:
    workshop_id = event_for(app, capacity=1, people=1)
    person_id, client = officer(app)
    for _ in range(50):
        for path in ("booking", "withdrawal"):
            assert sites.post(app, client, f"/workshops/{workshop_id}/{path}").status_code == 302
    sites.post(app, client, f"/workshops/{workshop_id}/booking")
    with app.app_context():
        assert [one.seat for one in bookings.seated(workshop_id)] == [1]
        assert [(one.person_id, one.position) for one in bookings.waiting(workshop_id)] == [(person_id, 1)]
    assert "place 1" in client.get(f"/workshops/{workshop_id}").text


@pytest.mark.parametrize("path", ["booking", "withdrawal"])
def test_booking_needs_csrf_token_and_post(app: Flask, path: str) -> None:
    workshop_id = event_for(app)
    _person, client = officer(app)
    if path == "withdrawal":
        sites.post(app, client, f"/workshops/{workshop_id}/booking")
    before = rows(app, workshop_id)
    url = f"/workshops/{workshop_id}/{path}"
    assert client.post(url).status_code == 400
    assert client.post(url, data={"csrf_token": "AAAA"}).status_code == 400
    assert [client.get(url).status_code, client.head(url).status_code] == [405, 405]
    assert rows(app, workshop_id) == before


def test_get_requests_change_nothing(app: Flask) -> None:
    workshop_id = event_for(app, people=1)
    _person, client = officer(app)
    sites.post(app, client, f"/workshops/{workshop_id}/booking")
    before = rows(app, workshop_id)
    for path in ("", "/calendar.ics"):
        assert client.head(f"/workshops/{workshop_id}{path}").status_code == 200
        assert client.get(f"/workshops/{workshop_id}{path}").status_code == 200
    assert client.head(f"/workshops/{workshop_id}/certificate").status_code == 404
    assert rows(app, workshop_id) == before


def test_hidden_event_looks_like_a_missing_one(app: Flask) -> None:
    hidden = event_for(app, sensitivity=Sensitivity.PARTICIPANTS_ONLY)
    with app.app_context():
        draft = made(sensitivity=Sensitivity.UNRESTRICTED)
        db.session.remove()
    _person, client = officer(app)
    answers = []
    for one in (hidden, draft, uuid4()):
        path = f"/workshops/{one}"
        pages = [client.get(f"{path}{more}") for more in ("", "/calendar.ics", "/certificate")]
        pages += [sites.post(app, client, f"{path}/{more}") for more in ("booking", "withdrawal")]
        answers.append([(page.status_code, page.text.replace(str(one), "")) for page in pages])
    # the token of the menu is masked differently on each page
    assert [[status for status, _text in one] for one in answers] == [[404] * 5] * 3
    assert [[len(text) for _status, text in one] for one in answers] == [
        [len(text) for _status, text in answers[2]]
    ] * 3


def test_markup_and_long_texts_are_escaped(app: Flask) -> None:
    evil = '"><script>alert(1)</script><b onclick=x>'
    workshop_id = event_for(
        app,
        title={"en": evil, "ar": LONG},
        summary={"en": evil},
        practise={"en": f"{evil}\n{'p' * 900}"},
        town=evil,
        venue=evil,
    )
    _person, client = officer(app)
    sites.post(app, client, f"/workshops/{workshop_id}/booking")
    for path in (f"/workshops/{workshop_id}", "/workshops", "/", "/search?q=alert"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<b onclick" not in page
    assert "&lt;script&gt;alert(1)" in client.get(f"/workshops/{workshop_id}").text


@pytest.mark.parametrize("query", ["kind=%00", "language=%ff", "place=' OR 1=1--", "kind=workshop&kind=x", "place=🛳"])
def test_invalid_filters_do_not_fail(lite_app: Flask, query: str) -> None:
    event_for(lite_app)
    _person, client = officer(lite_app)
    assert client.get(f"/workshops?{query}").status_code in {200, 400}
