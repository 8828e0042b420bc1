"""A check planned from the matrix: what officers lack, the link to the sitting, limits, other countries."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.domain.items import Level
from app.checks.service import requests
from app.db.session import db, transaction
from app.kernel import clock
from app.rights.service import supervision
from tests.support import check_requests, competence_site, factories
from tests.support.competence_site import Scene
from tests.support.plan_pages import words_of
from tests.support.sql_statements import counted

PAGE, TEAM = "/country/matrix", "/supervision/matrix"
FOUNDATION, PRACTITIONER, _SPECIALIST = Level
VIC, LRE = "VIC-01.practitioner", "LRE-04.foundation"  # what both need, and what the first responder needs


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with check_requests.ways({("LRE-04", FOUNDATION): 30}, {("VIC-01", PRACTITIONER): ("M02/T1",)}):
        with app.app_context():
            scene = competence_site.make()
            with transaction():
                supervision.assign(scene.officer, scene.supervisor, clock.today())
            db.session.remove()
        yield scene


def _post(app: Flask, client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": factories.token(app, client), **fields})
    return answer.status_code, answer.headers.get("Location", "") or answer.get_data(as_text=True)


def _query(address: str) -> dict[str, list[str]]:
    assert urlsplit(address).path == "/sittings/new"
    return parse_qs(urlsplit(address).query)


def _ids(*people: UUID) -> list[str]:
    return [str(person_id) for person_id in people]


def test_contact_point_chooses_competencies_for_several_officers(app: Flask, scene: Scene) -> None:
    with app.app_context():
        with transaction():
            assert isinstance(requests.ask(scene.officer, "VIC-01", PRACTITIONER, clock.now()), UUID)
        db.session.remove()
    contact = factories.sign_in(app, scene.contact_point)
    assert "Plan a check" in contact.get(PAGE).text
    officers = _ids(scene.officer, scene.colleague)
    status, page = _post(app, contact, f"{PAGE}/check", officer=officers)
    assert status == 200
    shown = words_of(page)
    assert "Practitioner level. 2 officers lack it. 1 asked for it." in shown
    assert "Foundation level. 1 officer lacks it." in shown
    assert "A sitting cannot verify these yet" in shown
    status, address = _post(app, contact, f"{PAGE}/checks", officer=officers, competency=[VIC, LRE])
    assert status == 302
    query = _query(address)
    assert query["competency"] == [LRE, VIC]
    assert sorted(query["officer"]) == sorted(officers)
    query = _query(_post(app, contact, f"{PAGE}/checks", officer=officers, competency=LRE)[1])
    assert query == {"competency": [LRE], "officer": _ids(scene.colleague)}


def test_competency_that_is_verified_is_not_offered(app: Flask, scene: Scene) -> None:
    with app.app_context():
        competence_site.verify(scene.officer, "VIC-01", PRACTITIONER, right=12)
        db.session.remove()
    contact = factories.sign_in(app, scene.contact_point)
    assert "No check to plan" in _post(app, contact, f"{PAGE}/check", officer=_ids(scene.officer))[1]
    assert _post(app, contact, f"{PAGE}/checks", officer=_ids(scene.officer), competency=VIC)[0] == 422


@pytest.mark.parametrize("competency", [[], ["VIC-02.practitioner"], ["VIC-01.specialist", "x"]])
def test_choice_without_a_competency_of_the_list_is_refused(app: Flask, scene: Scene, competency: list[str]) -> None:
    contact = factories.sign_in(app, scene.contact_point)
    status, page = _post(app, contact, f"{PAGE}/checks", officer=_ids(scene.officer), competency=competency)
    assert status == 422
    assert "Choose 1 to 4 competencies." in page


def test_officer_of_another_country_is_not_found(app: Flask, scene: Scene) -> None:
    contact = factories.sign_in(app, scene.contact_point)
    for step in ("check", "checks"):
        assert _post(app, contact, f"{PAGE}/{step}", officer=_ids(scene.officer, scene.foreigner))[0] == 404


def test_supervisor_plans_for_one_own_officer(app: Flask, scene: Scene) -> None:
    supervisor = factories.sign_in(app, scene.supervisor)
    assert _post(app, supervisor, f"{PAGE}/check", officer=_ids(scene.officer))[0] == 403
    assert _post(app, supervisor, f"{TEAM}/check", officer=_ids(scene.colleague))[0] == 404
    status, address = _post(app, supervisor, f"{TEAM}/checks", officer=_ids(scene.officer), competency=VIC)
    assert (status, _query(address)) == (302, {"competency": [VIC], "officer": _ids(scene.officer)})
    with app.app_context(), transaction():
        supervision.assign(scene.colleague, scene.supervisor, clock.today())
    officers = _ids(scene.officer, scene.colleague)
    assert _post(app, supervisor, f"{TEAM}/check", officer=officers) == (302, TEAM)
    assert "You plan a check for one officer. Tick one." in supervisor.get(TEAM).text


def test_sitting_takes_at_most_forty_officers(app: Flask, scene: Scene) -> None:
    with app.app_context():
        with transaction():
            for _number in range(39):
                factories.person(roles=("investigator",))
        db.session.remove()
    contact = factories.sign_in(app, scene.contact_point)
    assert _post(app, contact, f"{PAGE}/checks", who="found", competency=VIC) == (302, PAGE)
    assert "At most 40 officers in a sitting." in contact.get(PAGE).text


def test_choice_takes_as_many_statements_for_many_officers(app: Flask, scene: Scene) -> None:
    contact = factories.sign_in(app, scene.contact_point)
    fields = {"csrf_token": factories.token(app, contact), "who": "found"}

    def statements() -> int:
        contact.post(f"{PAGE}/check", data=fields)
        with counted(app) as told:
            assert contact.post(f"{PAGE}/check", data=fields).status_code == 200
        return len(told)

    before = statements()
    with app.app_context():
        with transaction():
            for _number in range(20):
                factories.person(roles=("investigator",))
        db.session.remove()
    assert statements() == before
