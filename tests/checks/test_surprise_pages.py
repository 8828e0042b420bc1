from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import Entry
from app.checks.domain.surprise import PickState
from app.checks.jobs import surprise as jobs
from app.checks.models import SurpriseDraw, SurprisePick
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel import clock
from tests.support import factories, sites, sql_statements, surprise_scene
from tests.support.settings import NOW
from tests.support.surprise_scene import SurpriseScene, checked, share_agency

PAGE, DRAW = "/sittings/surprise", "/sittings/surprise/draw"


@pytest.fixture
def scene(lite_app: Flask) -> SurpriseScene:
    with lite_app.app_context():
        made = surprise_scene.make()
        db.session.remove()
    return made


@pytest.fixture
def drawn(scene: SurpriseScene, lite_app: Flask) -> SurpriseScene:
    with lite_app.app_context():
        jobs.draw_surprise_checks()
        db.session.remove()
    return scene


def _visit(app: Flask, person_id: UUID) -> FlaskClient:
    return factories.sign_in(app, person_id)


def _draw_id(app: Flask) -> UUID:
    with app.app_context():
        return db.session.scalars(select(SurpriseDraw.id)).one()


def _state(app: Flask, person_id: UUID) -> PickState:
    with app.app_context():
        return db.session.scalars(select(SurprisePick.state).where(SurprisePick.person_id == person_id)).one()


def _entries(app: Flask, name: str) -> int:
    with app.app_context():
        return len(list(db.session.scalars(select(Entry.id).where(Entry.name == name))))


def test_coordinator_draws_once_and_reads_seed_and_counts(lite_app: Flask, scene: SurpriseScene) -> None:
    client = _visit(lite_app, scene.coordinator)
    assert DRAW in client.get(PAGE).text
    for _twice in range(2):
        assert sites.post(lite_app, client, DRAW).status_code == 302
    page = client.get(PAGE).text
    with lite_app.app_context():
        seed = db.session.scalars(select(SurpriseDraw.seed)).one()
    assert str(seed) in page
    assert DRAW not in page
    assert _entries(lite_app, "SurpriseDrawn") == 1


def test_coordinator_reads_no_alias_and_no_country_before_the_end(lite_app: Flask, drawn: SurpriseScene) -> None:
    page = _visit(lite_app, drawn.coordinator).get(PAGE).text
    assert "Responder" not in page
    assert "Numbers by country appear when the quarter has ended." in page
    assert "Iraq" not in page


def test_countries_of_an_ended_quarter_are_published_outside(lite_app: Flask, drawn: SurpriseScene) -> None:
    with lite_app.app_context(), transaction():
        rows = db.session.scalars(select(SurprisePick).where(SurprisePick.person_id.in_(drawn.officers[:9])))
        for row in rows:
            row.state = PickState.CHECKED
    start = clock.real_now()
    clock.move(lambda: NOW + timedelta(days=92) - start)
    page = _visit(lite_app, drawn.coordinator).get(f"{PAGE}?quarter=2027-Q1").text
    # 9 of 22 and 0 of 3: the total without the small cell would reveal it
    assert page.count("Not shown") >= 2
    assert "9 of 22" not in page


def test_contact_point_sees_the_officers_of_the_own_country(lite_app: Flask, drawn: SurpriseScene) -> None:
    page = _visit(lite_app, drawn.contact_point).get(PAGE).text
    assert page.count("Plan a sitting") == 22
    assert f"officer={drawn.officers[0]}" in page
    assert "surprise=1" in page
    assert "Colleague 1" not in page
    assert "Colleague 1" in _visit(lite_app, drawn.foreign_contact_point).get(PAGE).text


def test_officer_under_threat_is_shown_to_the_own_country(lite_app: Flask, drawn: SurpriseScene) -> None:
    with lite_app.app_context(), transaction():
        db.session.get_one(Person, drawn.officers[0]).protected = True
    assert f"officer={drawn.officers[0]}" in _visit(lite_app, drawn.contact_point).get(PAGE).text


def test_own_chain_pick_asks_for_another_invigilator(lite_app: Flask, scene: SurpriseScene) -> None:
    with lite_app.app_context():
        share_agency(scene.officers[0], scene.invigilators[0])
        checked(scene.officers[0], [scene.invigilators[0]])
        jobs.draw_surprise_checks()
    page = _visit(lite_app, scene.contact_point).get(PAGE).text
    assert page.count("An invigilator of another agency has to watch.") == 1
    assert "Another agency watches 1 officer." in _visit(lite_app, scene.coordinator).get(PAGE).text


def test_contact_point_excuses_with_a_reason(lite_app: Flask, drawn: SurpriseScene) -> None:
    client, officer = _visit(lite_app, drawn.contact_point), drawn.officers[0]
    path = f"{PAGE}/{_draw_id(lite_app)}/{officer}/excuse"
    assert client.get(path).status_code == 200
    assert sites.post(lite_app, client, path, {"reason": " "}).status_code == 422
    assert sites.post(lite_app, client, path, {"reason": "Away until June"}).status_code == 302
    assert _state(lite_app, officer) is PickState.EXCUSED
    assert "Away until June" in client.get(PAGE).text
    assert _entries(lite_app, "SurpriseExcused") == 1


def test_officer_of_another_country_is_not_found(lite_app: Flask, drawn: SurpriseScene) -> None:
    path = f"{PAGE}/{_draw_id(lite_app)}/{drawn.officers[0]}/excuse"
    client = _visit(lite_app, drawn.foreign_contact_point)
    assert client.get(path).status_code == 404
    assert sites.post(lite_app, client, path, {"reason": "x"}).status_code == 404
    assert _state(lite_app, drawn.officers[0]) is PickState.DRAWN


def test_officers_and_coordinators_are_refused(lite_app: Flask, drawn: SurpriseScene) -> None:
    officer = _visit(lite_app, drawn.officers[0])
    assert officer.get(PAGE).status_code == 403
    assert sites.post(lite_app, officer, DRAW).status_code == 403
    assert sites.post(lite_app, _visit(lite_app, drawn.contact_point), DRAW).status_code == 403
    path = f"{PAGE}/{_draw_id(lite_app)}/{drawn.officers[0]}/excuse"
    assert _visit(lite_app, drawn.coordinator).get(path).status_code in {403, 404}


def test_pages_take_as_many_statements_for_many_officers(lite_app: Flask, drawn: SurpriseScene) -> None:
    client, officers = _visit(lite_app, drawn.contact_point), drawn.officers
    before = sql_statements.asked(lite_app, client, PAGE)
    with lite_app.app_context(), transaction():
        for row in db.session.scalars(select(SurprisePick).where(SurprisePick.person_id.in_(officers[1:]))):
            db.session.delete(row)
    assert sql_statements.asked(lite_app, client, PAGE) == before
