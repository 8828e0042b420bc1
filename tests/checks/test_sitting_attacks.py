import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.catalogue.domain.items import ItemForm
from app.catalogue.queries import courses as catalogue, versions
from app.checks.domain.sittings import SeatState
from app.checks.models import SittingSeat
from app.checks.service import closing, seats, sittings
from app.checks.service.seats import ArrivalResult
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.quizzes.queries import watched
from app.quizzes.service import attempts
from tests.support import courses, factories, sitting_scene
from tests.support.sitting_pages import begin, confirm_all, enter, post
from tests.support.sitting_scene import Scene, scene


def trail(app: Flask, name: str) -> list[UUID | None]:
    """Return the people of the audit entries of a kind."""
    with app.app_context():
        return list(db.session.scalars(select(Entry.person_id).where(Entry.name == name)))


def working(app: Flask, made: Scene) -> tuple[FlaskClient, UUID]:
    """Let the first officer begin in a browser; return the browser and the attempt."""
    officer = factories.sign_in(app, made.officers[0])
    enter(app, officer, made)
    confirm_all(app, factories.sign_in(app, made.invigilator), made)
    return officer, begin(app, officer, made)


def test_second_session_of_the_officer_opens_nothing(app: Flask) -> None:
    made = scene(app)
    officer, attempt = working(app, made)
    other = factories.sign_in(app, made.officers[0])
    for path in ("1", "check", "result", "state"):
        assert other.get(f"/attempts/{attempt}/{path}").status_code == 403
    assert post(app, other, f"/attempts/{attempt}/1", choice="0").status_code == 403
    assert post(app, other, f"/attempts/{attempt}/hand-in").status_code == 403
    assert "another device" in enter(app, other, made).text
    assert trail(app, "SeatDeviceRefused") == [made.officers[0]]
    invigilator = factories.sign_in(app, made.invigilator).get(f"/sittings/{made.sitting_id}").text
    assert invigilator.count("A second device was refused at") == 1
    assert officer.get(f"/attempts/{attempt}/1").status_code == 200


def test_other_people_do_not_find_the_attempt(app: Flask) -> None:
    made = scene(app)
    _officer, attempt = working(app, made)
    for person_id in (made.officers[1], made.invigilator, made.second):
        client = factories.sign_in(app, person_id)
        assert client.get(f"/attempts/{attempt}/1").status_code == 404
        assert post(app, client, f"/attempts/{attempt}/1", choice="0").status_code == 404


def test_script_of_another_session_saves_nothing(app: Flask) -> None:
    made = scene(app)
    _officer, attempt = working(app, made)
    other = factories.sign_in(app, made.officers[0])
    headers = {"X-CSRF-Token": factories.token(app, other)}
    save = {"saves": [{"question": 1, "sequence": 65536, "body": {"fields": {"choice": ["0"]}}}]}
    answer = other.post(f"/attempts/{attempt}/saves", json=save, headers=headers)
    assert (answer.status_code, answer.json and answer.json["code"]) == (403, "refused")
    with app.app_context():
        assert watched.progress([attempt])[attempt].answered == 0


def test_reserve_items_are_on_no_page_outside_a_sitting(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        outline = catalogue.outline(versions.current_ids()[0])
        bank = catalogue.bank(outline.version_id, "en")
        reserve = [name for name, question in bank.items() if question.item.form is ItemForm.RESERVE]
    assert len(reserve) == 61
    officer = factories.sign_in(app, made.officers[0])
    paths = (f"/courses/{courses.SLUG}", f"/courses/{courses.SLUG}/lessons/the-list", "/practice", "/path")
    pages = "".join(officer.get(path).text for path in paths)
    assert not [name for name in reserve if name in pages]
    for name in reserve[:3]:
        checked = post(app, officer, f"/courses/{courses.SLUG}/lessons/the-list/checks/{name}", choice="0")
        assert checked.status_code == 404


def test_no_page_after_the_check_shows_its_questions(app: Flask) -> None:
    made = scene(app)
    officer, attempt = working(app, made)
    post(app, officer, f"/attempts/{attempt}/hand-in")
    for path in ("1", "check", "result"):
        answer = officer.get(f"/attempts/{attempt}/{path}")
        assert (answer.status_code, answer.location) == (302, f"/sittings/{made.code}")
    with app.app_context():
        stems = {line.item.stem for line in watched.answers_of(attempt)}
    page = officer.get(f"/sittings/{made.code}").text
    assert not [stem for stem in stems if stem in page]


def test_replayed_code_of_a_closed_sitting_opens_nothing(app: Flask) -> None:
    made = scene(app)
    officer, attempt = working(app, made)
    with app.app_context(), transaction():
        closing.close(made.sitting_id, by=made.invigilator, note="No incidents.", now=clock.now())
    late = factories.sign_in(app, made.officers[1])
    assert "No open sitting has this code." in enter(app, late, made).text
    saved = post(app, officer, f"/attempts/{attempt}/1", choice="0")
    assert (saved.status_code, saved.location) == (302, f"/sittings/{made.code}")
    assert "This sitting is not open any more" in officer.get(saved.location).text
    begun = post(app, officer, f"/sittings/{made.code}/parts/1")
    assert begun.location == f"/sittings/{made.code}"
    with app.app_context():
        assert watched.progress([attempt])[attempt].answered == 0


def test_wrong_codes_are_limited(app: Flask) -> None:
    made = scene(app)
    officer = factories.sign_in(app, made.officers[0])
    codes = [f"2222222{sign}" for sign in "234567"]
    answers = [post(app, officer, "/sittings", code=code).status_code for code in codes]
    assert answers == [422] * 5 + [429]
    assert enter(app, officer, made).status_code == 429
    assert trail(app, "SittingCodeRefused") == [made.officers[0]] * 5


def test_address_of_a_code_says_nothing_about_the_code(app: Flask) -> None:
    made = scene(app)
    officer = factories.sign_in(app, made.officers[0])
    right, wrong = (officer.get(f"/sittings/{code}") for code in (made.code, "22222222"))
    assert right.status_code == wrong.status_code == 200
    shown = [page.text.replace("2222 2222", "").replace(made.code[:4].upper(), "") for page in (right, wrong)]
    strip = [re.sub(r'value="[^"]*"|content="[^"]*"', "", text) for text in shown]
    assert strip[0] == strip[1]


def test_invigilator_cannot_take_a_seat_in_the_own_sitting(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        watcher = factories.person(grants=sitting_scene.INVIGILATOR)
        with transaction():
            sittings.add_invigilator(made.sitting_id, watcher, by=made.invigilator, now=clock.now())
        with pytest.raises(DomainError, match="You watch this sitting"):
            sitting_scene.arrive(made.code, watcher)
        with pytest.raises(DomainError, match="cannot have a seat"), transaction():
            seats.expect(made.sitting_id, [watcher], now=clock.now())


def test_officer_with_a_seat_cannot_watch_and_confirm(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        officer = made.officers[0]
        with pytest.raises(DomainError, match="has a seat"), transaction():
            sittings.add_invigilator(made.sitting_id, officer, by=made.invigilator, now=clock.now())
        sitting_scene.arrive(made.code, officer)
        seat = sitting_scene.seat_of(made.sitting_id, officer)
        with pytest.raises(DomainError, match="Only an invigilator"), transaction():
            seats.confirm(seat.id, by=officer, now=clock.now())


def test_database_refuses_a_person_who_confirms_themself(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        seat_id = sitting_scene.seat_of(made.sitting_id, made.officers[0]).id
        with pytest.raises(Exception, match="another_person_confirms"), transaction():
            seat = db.session.get_one(SittingSeat, seat_id)
            seat.confirmed_by, seat.confirmed_at = made.officers[0], clock.now()


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ASSESSOR, Role.COORDINATOR])
def test_only_its_invigilators_open_a_sitting(app: Flask, role: Role) -> None:
    made = scene(app)
    with app.app_context():
        other = factories.person(roles=(), grants=((role, Scope.ALL, ""),))
        seat_id = sitting_scene.seat_of(made.sitting_id, made.officers[0]).id
    client = factories.sign_in(app, other)
    assert client.get(f"/sittings/{made.sitting_id}").status_code in {403, 404}
    assert post(app, client, f"/sittings/{made.sitting_id}/seats/{seat_id}/confirm").status_code in {403, 404}


def test_contact_point_of_another_country_does_not_find_the_sitting(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        other = factories.person(country="BG", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),))
    client = factories.sign_in(app, other)
    assert client.get(f"/sittings/{made.sitting_id}").status_code == 404
    assert str(made.sitting_id) not in client.get("/sittings").text
    for step in ("open", "close", "cancel", "invigilators"):
        assert post(app, client, f"/sittings/{made.sitting_id}/{step}").status_code == 404


def test_contact_point_of_the_country_confirms_only_as_invigilator(app: Flask) -> None:
    made = scene(app)
    client = factories.sign_in(app, made.second)
    officer = factories.sign_in(app, made.officers[0])
    enter(app, officer, made)
    page = client.get(f"/sittings/{made.sitting_id}").text
    assert "/confirm" not in page
    assert made.code[:4].upper() not in page
    with app.app_context():
        seat_id = sitting_scene.seat_of(made.sitting_id, made.officers[0]).id
    assert post(app, client, f"/sittings/{made.sitting_id}/seats/{seat_id}/confirm").status_code == 403


def test_officer_of_another_country_has_no_seat(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        stranger = factories.person(country="BG")
        assert sitting_scene.arrive(made.code, stranger) is ArrivalResult.NO_SITTING
        with pytest.raises(DomainError, match="Only an officer of the country"), transaction():
            seats.expect(made.sitting_id, [stranger], now=clock.now())


def test_seat_of_another_sitting_is_not_found(app: Flask) -> None:
    made = scene(app)
    watcher = factories.sign_in(app, made.invigilator)
    assert post(app, watcher, f"/sittings/{made.sitting_id}/seats/{uuid4()}/confirm").status_code == 404


def test_two_officers_share_a_device_one_after_the_other(app: Flask) -> None:
    made = scene(app)
    client, first = factories.sign_in(app, made.officers[0]), made.officers[0]
    enter(app, client, made)
    confirm_all(app, factories.sign_in(app, made.invigilator), made)
    attempt = begin(app, client, made)
    post(app, client, f"/attempts/{attempt}/hand-in")
    signed_out = post(app, client, "/sign-out")
    assert signed_out.status_code == 302
    _sign_in_again(app, client, made.officers[1])
    assert client.get(f"/attempts/{attempt}/1").status_code == 404
    assert enter(app, client, made).location == f"/sittings/{made.code}"
    with app.app_context():
        facts = db.session.scalars(select(Entry.facts).where(Entry.name == "SeatArrived").order_by(Entry.id)).all()
    assert ['"shares_device":false' in text for text in facts] == [True, True]
    assert trail(app, "SeatArrived") == [first, made.officers[1]]


def test_two_officers_at_once_on_a_device_are_shown(app: Flask) -> None:
    made = scene(app)
    client = factories.sign_in(app, made.officers[0])
    enter(app, client, made)
    _sign_in_again(app, client, made.officers[1])
    enter(app, client, made)
    page = factories.sign_in(app, made.invigilator).get(f"/sittings/{made.sitting_id}").text
    assert page.count("Two officers at once on this device") == 2
    with app.app_context():
        facts = db.session.scalars(select(Entry.facts).where(Entry.name == "SeatArrived").order_by(Entry.id)).all()
    assert '"shares_device":true' in facts[-1]


def _sign_in_again(app: Flask, client: FlaskClient, person_id: UUID) -> None:
    """Let another person sign in with the same browser: its id stays in the cookie."""
    other = factories.sign_in(app, person_id)
    with other.session_transaction() as session:
        secret = session["sid"]
    with client.session_transaction() as session:
        session["sid"] = secret
        session.setdefault("csrf", "test-seed")


def test_interrupted_sitting_accepts_no_answer(app: Flask) -> None:
    made = scene(app)
    officer, attempt = working(app, made)
    with app.app_context(), transaction():
        sittings.interrupt(made.sitting_id, by=made.invigilator, reason="Fire alarm", now=clock.now())
    refused = post(app, officer, f"/attempts/{attempt}/1", choice="0")
    assert refused.status_code == 403
    assert "interrupted" in refused.text
    with app.app_context():
        assert watched.progress([attempt])[attempt].answered == 0


def test_time_that_is_over_ends_the_work(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        with transaction():
            assert attempts.end_by_time(attempt, clock.now() + timedelta(minutes=31))
        seat = sitting_scene.seat_of(made.sitting_id, made.officers[0])
        assert (seat.state, seat.works[0].state) == (SeatState.FINISHED, "submitted")
