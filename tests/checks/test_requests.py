"""An officer asks for a check and withdraws; the contact point of the country plans or declines; what is refused."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.catalogue.models import Course
from app.checks.domain.requests import PAUSE, AskRefusal, CheckRequestState
from app.checks.domain.sittings import Way
from app.checks.events import SeatPlanned, SittingCancelled, SittingClosed, WorkSubmitted
from app.checks.models import CheckRequest
from app.checks.service import requests
from app.db.session import db, record, transaction
from app.directory.events import IdentityRemoved
from app.identity.models import Posting
from app.kernel import clock
from app.messages.models import Notice
from tests.support import check_requests, competence_site, factories
from tests.support.competence_site import Scene
from tests.support.concurrency import both_at_once
from tests.support.plan_pages import text, words_of
from tests.support.sql_statements import asked, counted

FOUNDATION, PRACTITIONER, SPECIALIST = Level
NAME, KEY = "VIC-01", "VIC-01.practitioner"  # an investigator needs it at this level
GROUP = "/sittings/requests/VIC-01/practitioner"


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with check_requests.ways(tasks={(NAME, PRACTITIONER): ("M02/T1",)}):
        with app.app_context():
            scene = competence_site.make()
            db.session.remove()
        yield scene


def _post(app: Flask, client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": factories.token(app, client), **fields})
    return answer.status_code, answer.headers.get("Location", "") or answer.get_data(as_text=True)


def _ask(app: Flask, person_id: UUID, competency: str = NAME, level: Level = PRACTITIONER) -> UUID | AskRefusal:
    with app.app_context():
        with transaction():
            result = requests.ask(person_id, competency, level, clock.now())
        db.session.remove()
    return result


def _rows(app: Flask) -> list[tuple[UUID, CheckRequestState]]:
    with app.app_context():
        query = select(CheckRequest.person_id, CheckRequest.state).order_by(CheckRequest.asked_at, CheckRequest.id)
        return [(row[0], row[1]) for row in db.session.execute(query)]


def _notices(app: Flask, person_id: UUID) -> list[tuple[str, bool]]:
    """Return kind and whether it is unread of a person's notices."""
    with app.app_context():
        query = select(Notice.kind, Notice.read_at).where(Notice.person_id == person_id).order_by(Notice.at)
        return [(str(kind), read_at is None) for kind, read_at in db.session.execute(query)]


def _in_background(app: Flask, call: object, *values: object) -> object:
    with app.app_context():
        with transaction():
            result = call(*values)  # type: ignore[operator]
        db.session.remove()
    return result


def test_officer_asks_with_one_press_and_a_confirmation(app: Flask, scene: Scene) -> None:
    officer = factories.sign_in(app, scene.officer)
    page = text(officer, f"/path/{NAME}")
    assert "Desk task: work on documents in a sitting No sitting is planned yet." in words_of(page)
    [href] = re.findall(r'href="(/sittings/requests/new[^"]*)"', page)
    confirmation = text(officer, href)
    assert "Practitioner level" in confirmation
    status, address = _post(app, officer, "/sittings/requests", competency=KEY)
    assert (status, address) == (302, f"/path/{NAME}")
    page = words_of(text(officer, address))
    assert re.search(r"Asked on \d+ \w+ \d+\. Your contact point answers\.", page)
    assert "Ask for a check" not in page
    assert "Your contact point answers." in words_of(text(officer, "/path"))
    assert _notices(app, scene.contact_point) == [("check_asked", True)]
    assert _notices(app, scene.other_contact_point) == []


def test_repeated_presses_make_one_request_and_one_notice(app: Flask, scene: Scene) -> None:
    officer = factories.sign_in(app, scene.officer)
    for _press in range(3):
        assert _post(app, officer, "/sittings/requests", competency=KEY)[0] == 302
    assert _rows(app) == [(scene.officer, CheckRequestState.OPEN)]
    assert _notices(app, scene.contact_point) == [("check_asked", True)]


@pytest.mark.each_database
def test_two_presses_at_once_make_one_request(app: Flask, scene: Scene) -> None:
    def ask() -> UUID | AskRefusal:
        return requests.ask(scene.officer, NAME, PRACTITIONER, clock.now())

    first, second = both_at_once(app, ask, ask)
    assert isinstance(first, UUID)
    assert first == second
    assert _rows(app) == [(scene.officer, CheckRequestState.OPEN)]
    assert _notices(app, scene.contact_point) == [("check_asked", True)]


@pytest.mark.each_database
def test_request_is_answered_once_by_two_contact_points(app: Flask, scene: Scene) -> None:
    request_id = _ask(app, scene.officer)
    assert isinstance(request_id, UUID)

    def decline() -> int:
        return requests.decline([request_id], by=scene.contact_point, reason="No room.", now=clock.now())

    assert both_at_once(app, decline, decline) == [1, 0]


def test_withdrawn_request_is_opened_again_as_the_same_row(app: Flask, scene: Scene) -> None:
    officer = factories.sign_in(app, scene.officer)
    for _round in range(2):
        _post(app, officer, "/sittings/requests", competency=KEY)
        [action] = re.findall(r'action="(/sittings/requests/[^"]+/withdraw)"', text(officer, f"/path/{NAME}"))
        assert _post(app, officer, action) == (302, f"/path/{NAME}")
        assert _post(app, officer, action)[0] == 404
    assert _rows(app) == [(scene.officer, CheckRequestState.WITHDRAWN)]
    assert all(not is_unread for _kind, is_unread in _notices(app, scene.contact_point))


@pytest.mark.parametrize("key", ["VIC-01.expert", "VIC-99.foundation", "", "VIC-01"])
def test_unknown_competency_or_level_is_not_found(app: Flask, scene: Scene, key: str) -> None:
    officer = factories.sign_in(app, scene.officer)
    assert officer.get("/sittings/requests/new", query_string={"competency": key}).status_code == 404
    assert _post(app, officer, "/sittings/requests", competency=key)[0] == 404
    assert _rows(app) == []


def test_officer_without_a_posting_today_cannot_ask(app: Flask, scene: Scene) -> None:
    with app.app_context(), transaction():
        ended = clock.today() - timedelta(days=1)
        started = ended - timedelta(days=30)
        of_officer = update(Posting).where(Posting.person_id == scene.officer)
        db.session.execute(of_officer.values(since=started, until=ended))
    assert _ask(app, scene.officer) is AskRefusal.NO_POSTING
    assert _rows(app) == []


def test_verified_officer_cannot_ask(app: Flask, scene: Scene) -> None:
    with app.app_context():
        competence_site.verify(scene.officer, NAME, PRACTITIONER, right=12)
        db.session.remove()
    assert _ask(app, scene.officer) is AskRefusal.VERIFIED
    page = text(factories.sign_in(app, scene.officer), f"/path/{NAME}")
    assert "Ask for a check" not in page
    assert "You can ask when it is due" in words_of(
        text(factories.sign_in(app, scene.officer), f"/sittings/requests/new?competency={KEY}")
    )


def test_level_that_no_sitting_verifies_cannot_be_asked(app: Flask, scene: Scene) -> None:
    assert _ask(app, scene.officer, NAME, SPECIALIST) is AskRefusal.NO_WAY
    assert _ask(app, scene.officer, "VIC-02") is AskRefusal.NO_WAY
    assert _rows(app) == []


def test_request_cannot_name_another_officer(app: Flask, scene: Scene) -> None:
    officer = factories.sign_in(app, scene.officer)
    _post(
        app, officer, "/sittings/requests", competency=KEY, officer=str(scene.colleague), person_id=str(scene.colleague)
    )
    assert _rows(app) == [(scene.officer, CheckRequestState.OPEN)]


def test_request_of_another_officer_cannot_be_withdrawn(app: Flask, scene: Scene) -> None:
    request_id = _ask(app, scene.officer)
    for person_id in (scene.colleague, scene.foreigner):
        client = factories.sign_in(app, person_id)
        assert _post(app, client, f"/sittings/requests/{request_id}/withdraw")[0] == 404
    assert _rows(app) == [(scene.officer, CheckRequestState.OPEN)]


@pytest.mark.each_database
def test_contact_point_sees_own_officers_and_plans_a_sitting(app: Flask, scene: Scene) -> None:
    _ask(app, scene.officer)
    _ask(app, scene.foreigner)
    contact = factories.sign_in(app, scene.contact_point)
    assert "Answer 1 request for a check" in text(contact, "/country")
    listed = text(contact, "/sittings/requests")
    assert f'href="{GROUP}"' in listed
    assert "1 officer" in words_of(listed)
    page = text(contact, GROUP)
    assert "Investigator 17" in page
    assert "Stranger 9" not in page
    ids = re.findall(r'name="request" value="([^"]+)"', page)
    status, address = _post(app, contact, f"{GROUP}/plan", request=ids)
    assert status == 302
    assert urlsplit(address).path == "/sittings/new"
    assert parse_qs(urlsplit(address).query) == {"competency": [KEY], "officer": [str(scene.officer)]}


def test_link_names_the_level_at_which_a_sitting_asks(app: Flask, scene: Scene) -> None:
    request_id = _ask(app, scene.colleague, NAME, FOUNDATION)
    contact = factories.sign_in(app, scene.contact_point)
    _status, address = _post(app, contact, "/sittings/requests/VIC-01/foundation/plan", request=str(request_id))
    assert parse_qs(urlsplit(address).query)["competency"] == [KEY]


def test_other_users_cannot_answer(app: Flask, scene: Scene) -> None:
    request_id = _ask(app, scene.officer)
    foreign = factories.sign_in(app, scene.other_contact_point)
    assert foreign.get(GROUP).status_code == 404
    assert _post(app, foreign, f"{GROUP}/decline", request=str(request_id), reason="No.")[0] == 404
    for person_id in (scene.officer, scene.supervisor):
        client = factories.sign_in(app, person_id)
        assert client.get("/sittings/requests").status_code == 403
        assert _post(app, client, f"{GROUP}/decline", request=str(request_id), reason="No.")[0] in (403, 404)
    assert _rows(app) == [(scene.officer, CheckRequestState.OPEN)]


@pytest.mark.each_database
def test_request_of_another_country_in_a_form_is_not_declined(app: Flask, scene: Scene) -> None:
    own, other = _ask(app, scene.officer), _ask(app, scene.foreigner)
    contact = factories.sign_in(app, scene.contact_point)
    _post(app, contact, f"{GROUP}/decline", request=[str(own), str(other)], reason="No room this month.")
    assert dict(_rows(app)) == {scene.officer: CheckRequestState.DECLINED, scene.foreigner: CheckRequestState.OPEN}


def test_declined_officer_reads_the_reason_and_waits(app: Flask, scene: Scene) -> None:
    request_id = str(_ask(app, scene.officer))
    contact, officer = (factories.sign_in(app, person) for person in (scene.contact_point, scene.officer))
    assert "Decline 1 request" in _post(app, contact, f"{GROUP}/decline", request=request_id)[1]
    status, page = _post(app, contact, f"{GROUP}/decline", request=request_id, reason="  ")
    assert status == 422
    assert "Enter the reason." in page
    status, address = _post(app, contact, f"{GROUP}/decline", request=request_id, reason="No room this month.")
    assert (status, address) == (302, "/sittings/requests")
    assert "Reason: No room this month." in words_of(text(officer, f"/path/{NAME}"))
    assert ("check_declined", True) in _notices(app, scene.officer)
    assert _notices(app, scene.contact_point) == [("check_asked", False)]
    assert _ask(app, scene.officer) is AskRefusal.DECLINED
    ahead = clock.now() - clock.real_now() + PAUSE
    clock.move(lambda: ahead)
    assert isinstance(_ask(app, scene.officer), UUID)


def test_reason_is_shown_as_text(app: Flask, scene: Scene) -> None:
    request_id = str(_ask(app, scene.officer))
    contact = factories.sign_in(app, scene.contact_point)
    _post(app, contact, f"{GROUP}/decline", request=request_id, reason="<script>alert(1)</script>")
    page = text(factories.sign_in(app, scene.officer), f"/path/{NAME}")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_planned_request_follows_its_sitting(app: Flask, scene: Scene) -> None:
    request_id = _ask(app, scene.officer)
    sitting_id = _sitting(app, scene)
    people, now = [scene.officer, scene.foreigner], clock.now()
    assert _in_background(app, requests.mark_planned, sitting_id, people, [(NAME, FOUNDATION)], now) == 0
    assert _in_background(app, requests.mark_planned, sitting_id, people, [(NAME, SPECIALIST)], now) == 1
    page = words_of(text(factories.sign_in(app, scene.officer), f"/path/{NAME}"))
    assert "A sitting is planned for you." in page
    assert _notices(app, scene.contact_point) == [("check_asked", False)]
    assert _ask(app, scene.officer) == request_id
    assert _in_background(app, requests.reopen, sitting_id, now) == 1
    assert _rows(app) == [(scene.officer, CheckRequestState.OPEN)]
    assert ("check_asked", True) in _notices(app, scene.contact_point)
    _in_background(app, requests.mark_done, scene.officer, NAME, now)
    assert _rows(app) == [(scene.officer, CheckRequestState.DONE)]
    assert all(not is_unread for _kind, is_unread in _notices(app, scene.contact_point))


@pytest.mark.each_database
def test_requests_follow_the_events_of_a_sitting(app: Flask, scene: Scene) -> None:
    _ask(app, scene.officer)
    sitting_id = _sitting(app, scene)
    seat = SeatPlanned(sitting_id=sitting_id, person_id=scene.officer)
    work = WorkSubmitted(sitting_id=sitting_id, person_id=scene.officer, competency=NAME, level="practitioner")
    steps = [
        (seat, CheckRequestState.PLANNED),
        (SittingCancelled(sitting_id=sitting_id), CheckRequestState.OPEN),
        (seat, CheckRequestState.PLANNED),
        (SittingClosed(sitting_id=sitting_id, results=0, products=0, absent=1), CheckRequestState.OPEN),
        (work, CheckRequestState.DONE),
    ]
    for event, state in steps:
        with app.app_context():
            with transaction():
                record(event)
            db.session.remove()
        assert _rows(app) == [(scene.officer, state)], event


def test_erased_officer_leaves_no_open_request_and_no_reason(app: Flask, scene: Scene) -> None:
    _ask(app, scene.officer)
    with app.app_context():
        with transaction():
            row = CheckRequest(
                person_id=scene.officer, country="IQ", competency="VIC-02", level=PRACTITIONER, asked_at=clock.now(),
                state=CheckRequestState.DECLINED, reason="About this officer.",
            )  # fmt: skip
            db.session.add(row)
        with transaction():
            record(IdentityRemoved(person_id=scene.officer, country="IQ", why="asked"))
        db.session.remove()
        assert set(db.session.scalars(select(CheckRequest.reason))) == {"", "removed"}
    assert {state for _person, state in _rows(app)} == {CheckRequestState.WITHDRAWN, CheckRequestState.DECLINED}


def test_officer_who_moved_to_another_country_leaves_the_list(app: Flask, scene: Scene) -> None:
    _ask(app, scene.officer)
    with app.app_context(), transaction():
        db.session.execute(update(Posting).where(Posting.person_id == scene.officer).values(country="BG"))
    contact = factories.sign_in(app, scene.contact_point)
    assert contact.get(GROUP).status_code == 404
    assert "No open requests" in text(contact, "/sittings/requests")


def test_list_takes_as_many_statements_for_many_requests(app: Flask, scene: Scene) -> None:
    _ask(app, scene.officer)
    contact = factories.sign_in(app, scene.contact_point)
    paths = ("/sittings/requests", GROUP, "/country")
    before = [asked(app, contact, path) for path in paths]
    with app.app_context():
        with transaction():
            people = [factories.person(roles=("investigator",)) for _n in range(60)]
            rows = [
                CheckRequest(
                    person_id=person_id, country="IQ", competency=NAME, level=PRACTITIONER,
                    state=CheckRequestState.OPEN, asked_at=clock.now(),
                )
                for person_id in people
            ]  # fmt: skip
            db.session.add_all(rows)
        db.session.remove()
    assert [asked(app, contact, path) for path in paths] == before
    page = text(contact, GROUP)
    assert len(re.findall('name="request"', page)) == 40
    assert "61 officers" in words_of(page)
    ids = re.findall(r'name="request" value="([^"]+)"', page + text(contact, f"{GROUP}?page=2"))
    assert _post(app, contact, f"{GROUP}/plan", request=ids) == (302, GROUP)
    assert "At most 40 officers in a sitting." in text(contact, GROUP)


def test_path_takes_as_many_statements_for_many_requests(app: Flask, scene: Scene) -> None:
    officer = factories.sign_in(app, scene.officer)
    before = asked(app, officer, "/path")
    for competency in ("VIC-01", "VIC-02", "LRE-01"):
        _ask(app, scene.officer, competency)
    assert asked(app, officer, "/path") == before
    with counted(app) as statements:
        officer.get(f"/path/{NAME}")
    assert len(statements) < 45


def _sitting(app: Flask, scene: Scene) -> UUID:
    with app.app_context():
        course_id = _course(app)
        at = clock.now() + timedelta(days=7)
        sitting = check_requests.sitting(
            "IQ", at, [(NAME, PRACTITIONER, Way.DESK_TASK)], course_id=course_id, by=scene.contact_point
        )
        db.session.remove()
    return sitting


def _course(app: Flask) -> UUID:
    with transaction():
        course = Course(id=uuid4(), code="X1", slug="x-1", sensitivity=Sensitivity.UNRESTRICTED)
        db.session.add(course)
    return course.id
