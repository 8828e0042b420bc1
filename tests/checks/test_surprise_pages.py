from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.checks.domain.surprise import PickState
from app.checks.jobs import surprise as jobs
from app.checks.models import SurpriseDraw, SurprisePick
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel import clock
from tests.support import factories, sites, sql_statements, surprise_scene
from tests.support.settings import NOW
from tests.support.surprise_scene import SurpriseScene, checked, share_agency

PAGE, DRAW, PLAN = "/sittings/surprise", "/sittings/surprise/draw", "/sittings/surprise/plan"
AIM = f"{surprise_scene.YEARLY}.practitioner"


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


def _tick(person_id: UUID) -> str:
    return f'name="officer" value="{person_id}" checked'


def _forms(page: str) -> list[str]:
    return [form.partition("</form>")[0] for form in page.split(f'action="{PLAN}"')[1:]]


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
    assert all(_tick(officer) in page for officer in drawn.officers)
    assert page.count('name="officer"') == len(drawn.officers)
    assert "Colleague 1" not in page
    assert "Colleague 1" in _visit(lite_app, drawn.foreign_contact_point).get(PAGE).text


def test_checks_of_a_competency_and_level_are_one_form(lite_app: Flask, drawn: SurpriseScene) -> None:
    with lite_app.app_context(), transaction():
        for row in db.session.scalars(select(SurprisePick).where(SurprisePick.person_id.in_(drawn.officers[:4]))):
            row.level = Level.SPECIALIST
    first, second = _forms(_visit(lite_app, drawn.contact_point).get(PAGE).text)
    assert f'name="competency" value="{surprise_scene.YEARLY}.' in first
    assert f'name="competency" value="{surprise_scene.YEARLY}.specialist"' in second
    assert {officer for officer in drawn.officers if _tick(officer) in second} == set(drawn.officers[:4])
    assert {officer for officer in drawn.officers if _tick(officer) in first} == set(drawn.officers[4:])


def test_only_checks_without_a_sitting_can_be_ticked(lite_app: Flask, drawn: SurpriseScene) -> None:
    seated, excused = drawn.officers[:2]
    with lite_app.app_context(), transaction():
        db.session.query(SurprisePick).filter_by(person_id=seated).one().state = PickState.SEATED
        db.session.query(SurprisePick).filter_by(person_id=excused).one().state = PickState.EXCUSED
    client = _visit(lite_app, drawn.contact_point)
    page = client.get(PAGE).text
    assert {officer for officer in drawn.officers if _tick(officer) not in page} == {seated, excused}
    assert f"{seated}/excuse" in page
    assert f"{excused}/excuse" not in page
    with lite_app.app_context(), transaction():
        db.session.query(SurprisePick).update({SurprisePick.state: PickState.SEATED})
    assert "Plan a sitting" not in client.get(PAGE).text


def test_ticked_officers_are_filled_into_the_form_of_a_surprise_check(lite_app: Flask, drawn: SurpriseScene) -> None:
    client, chosen = _visit(lite_app, drawn.contact_point), drawn.officers[1:4]
    answer = sites.post(lite_app, client, PLAN, {"competency": AIM, "officer": [str(key) for key in chosen]})
    assert answer.status_code == 302
    assert parse_qsl(urlsplit(answer.location).query) == [
        ("competency", AIM), *(("officer", str(key)) for key in chosen), ("surprise", "1"),
    ]  # fmt: skip
    form = client.get(answer.location).text
    assert 'name="surprise" value="1"' in form
    assert "Responder 2\nResponder 3\nResponder 4</textarea>" in form


@pytest.mark.parametrize(("count", "message"), [(0, "Tick at least one officer."), (41, "At most 40 officers")])
def test_selection_that_is_empty_or_too_large_is_explained(
    lite_app: Flask, drawn: SurpriseScene, count: int, message: str
) -> None:
    client = _visit(lite_app, drawn.contact_point)
    fields = {"competency": AIM, "officer": [str(uuid4()) for _number in range(count)]}
    answer = sites.post(lite_app, client, PLAN, fields)
    assert answer.location == PAGE
    assert message in client.get(PAGE).text


@pytest.mark.parametrize("fields", [{"competency": "x"}, {"competency": "", "officer": "x"}, {"officer": "x"}])
def test_selection_that_no_page_sends_is_not_found(
    lite_app: Flask, drawn: SurpriseScene, fields: dict[str, str]
) -> None:
    client = _visit(lite_app, drawn.contact_point)
    assert sites.post(lite_app, client, PLAN, fields).status_code == 404


def test_officer_under_threat_is_shown_to_the_own_country(lite_app: Flask, drawn: SurpriseScene) -> None:
    with lite_app.app_context(), transaction():
        db.session.get_one(Person, drawn.officers[0]).protected = True
    assert _tick(drawn.officers[0]) in _visit(lite_app, drawn.contact_point).get(PAGE).text


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
    assert sites.post(lite_app, officer, PLAN, {"competency": AIM}).status_code == 403
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
