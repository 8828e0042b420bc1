from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.checks.models import SittingSeat
from app.db.session import db, transaction
from app.identity.models import Person
from tests.support import factories, sitting_scene, sql_statements, surprise_scene
from tests.support.competency_evidence import YEARLY, days
from tests.support.settings import NOW
from tests.support.surprise_scene import SurpriseScene, checked, share_agency

PAGE = "/sittings/watching"
ALL, MOST, FEW = 12 / 12, 8 / 12, 3 / 12


@pytest.fixture
def scene(lite_app: Flask) -> SurpriseScene:
    with lite_app.app_context():
        made = surprise_scene.make()
        db.session.remove()
    return made


def _visit(app: Flask, person_id: UUID) -> FlaskClient:
    return factories.sign_in(app, person_id)


def _watch(app: Flask, scene: SurpriseScene, index: int, *, passed: int, failed: int, competency: str = YEARLY) -> None:
    """Let an invigilator watch one officer after another."""
    with app.app_context():
        for number, officer in enumerate(scene.officers[: passed + failed]):
            right = ALL if number < passed else FEW
            checked(officer, [scene.invigilators[index]], right=right, competency=competency)
        db.session.remove()


def test_outlier_is_named_in_words_and_the_view_is_recorded(lite_app: Flask, scene: SurpriseScene) -> None:
    _watch(lite_app, scene, 0, passed=20, failed=0, competency="LRE-01")
    _watch(lite_app, scene, 1, passed=6, failed=14)
    with lite_app.app_context():
        for officer in scene.officers:
            checked(officer, [scene.invigilators[2]], days(1), right=FEW, competency="LRE-01")
    page = _visit(lite_app, scene.coordinator).get(PAGE).text
    assert "20 of 20 passed, expected" in page
    assert "Much higher than expected" in page
    assert 'id="funnel-title"' in page
    with lite_app.app_context():
        assert [entry.name for entry in db.session.scalars(select(Entry).where(Entry.name == "WatchingViewed"))]


def test_few_results_or_officers_are_not_compared(lite_app: Flask, scene: SurpriseScene) -> None:
    _watch(lite_app, scene, 0, passed=19, failed=0)
    page = _visit(lite_app, scene.coordinator).get(PAGE).text
    assert "Nothing to compare yet" in page
    assert "Invigilator 1" not in page
    assert "1 invigilator has too few results or officers" in page


def test_seats_with_a_refused_second_device_are_counted_for_a_year(lite_app: Flask) -> None:
    made = sitting_scene.scene(lite_app)
    with lite_app.app_context():
        coordinator = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
        for person_id in made.officers:
            sitting_scene.arrive(made.code, person_id)
            for _twice in range(2):
                sitting_scene.arrive(made.code, person_id, "other phone")
        with transaction():
            seat = db.session.scalars(select(SittingSeat).where(SittingSeat.person_id == made.officers[1])).one()
            seat.device_refused_at = NOW - timedelta(days=366)
    assert "A second device was refused at 1 seat of a sitting." in _visit(lite_app, coordinator).get(PAGE).text


def test_few_failures_are_shown_in_a_band(lite_app: Flask, scene: SurpriseScene) -> None:
    _watch(lite_app, scene, 0, passed=19, failed=2)
    page = _visit(lite_app, scene.coordinator).get(PAGE).text
    assert "17 to 20 of 21" in page
    assert "19 of 21" not in page


def test_coordinator_reads_no_alias_of_a_person_under_threat(lite_app: Flask, scene: SurpriseScene) -> None:
    _watch(lite_app, scene, 0, passed=15, failed=7)
    assert "Invigilator 1" in _visit(lite_app, scene.coordinator).get(PAGE).text
    with lite_app.app_context(), transaction():
        db.session.get_one(Person, scene.invigilators[0]).protected = True
    page = _visit(lite_app, scene.coordinator).get(PAGE).text
    assert "Invigilator 1" not in page
    assert "An invigilator" in page
    assert "Iraq" not in page


@pytest.mark.parametrize("reader", ["contact_point", "officer", "invigilator"])
def test_results_by_invigilator_are_for_coordinators(lite_app: Flask, scene: SurpriseScene, reader: str) -> None:
    people = {
        "contact_point": scene.contact_point,
        "officer": scene.officers[0],
        "invigilator": scene.invigilators[0],
    }
    assert _visit(lite_app, people[reader]).get(PAGE).status_code == 403


def test_comparison_takes_as_many_statements_for_two_invigilators(lite_app: Flask, scene: SurpriseScene) -> None:
    client = _visit(lite_app, scene.coordinator)
    _watch(lite_app, scene, 0, passed=15, failed=7)
    before = sql_statements.asked(lite_app, client, PAGE)
    _watch(lite_app, scene, 1, passed=15, failed=7, competency="LRE-01")
    assert sql_statements.asked(lite_app, client, PAGE) == before


def test_contact_point_sees_who_watched_an_officer(lite_app: Flask, scene: SurpriseScene) -> None:
    officer, (colleague, other, _third) = scene.officers[0], scene.invigilators
    with lite_app.app_context():
        share_agency(officer, colleague)
        checked(officer, [colleague])
        checked(officer, [colleague, other], competency="LRE-01")
    client, path = _visit(lite_app, scene.contact_point), f"/people/{officer}/watched"
    page = client.get(path).text
    assert "Watched by Invigilator 1." in page
    assert "Watched by Invigilator 1 and Invigilator 2." in page
    assert page.count("By the own agency or supervisor alone.") == 1
    assert _visit(lite_app, scene.foreign_contact_point).get(path).status_code == 404
    assert _visit(lite_app, scene.coordinator).get(path).status_code in {403, 404}


def test_officer_reads_who_watched_on_the_own_path(lite_app: Flask, scene: SurpriseScene) -> None:
    officer = scene.officers[0]
    with lite_app.app_context():
        checked(officer, [scene.invigilators[0]])
    assert "Watched by Invigilator 1." in _visit(lite_app, officer).get(f"/path/{YEARLY}").text
