"""The number of statements of each page of the plan, on both databases, does not grow with the records."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from app.db.session import db, transaction
from app.plan.service import store
from app.plan.service.store import ContributionKey, ContributionValue
from tests.support import plan_figures as numbers
from tests.support.plan_figures import SINCE, Scene
from tests.support.plan_pages import send, text
from tests.support.site_snapshots import kept
from tests.support.sql_statements import counted

# one statement reads the user, one counts the notices for the layout, one reads who is left out of tables abroad, one
# the agreed targets; a view of records is recorded in a transaction
EACH = {
    "coordinator": {
        "/plan": 21,  # figures of locked quarters, two for waiting values, three for falls and their reminders
        "/plan?on=2026-11-01": 12,
        "/plan?on=2026-12-31": 11,
        "/plan.csv": 8,
        "/plan/countries.csv": 8,  # process counts of today, officers who need a competency
        "/plan/outcomes/OC1": 11,
        "/plan/outputs/OP1": 11,
        "/plan/indicators/OP2.1": 15,
        "/plan/indicators/OC2.1": 21,  # with the numbers of the own chain
        "/plan/indicators/OP3.2": 14,
        "/plan/indicators/OC2.1/rows": 15,
        "/plan/indicators/OC2.1/rows?country=FR": 13,
        "/plan/indicators/OC2.1/rows.csv": 16,
        "/plan/capacity": 9,
        "/plan/countries/IQ": 15,
        "/plan/edit": 5,
        "/plan/edit/OP2.1/2028": 8,
        "/plan/edit/OP2.1/2028/IQ": 8,
        "/plan/edit/OP2.1/2028/split": 7,
        "/plan/countries/IQ/needs": 5,
        "/plan/figures": 5,
        "/plan/checks": 3,
        "/plan/periods": 7,
        "/plan/periods/2027-q1": 13,
    },
    "contact point": {
        "/plan": 9,
        "/plan/outputs/OP1": 11,
        "/plan/indicators/OC2.1": 21,  # with the numbers of the own chain
        "/plan/indicators/OP3.2": 13,
        "/plan/indicators/OC2.1/rows": 13,
        "/plan/capacity": 10,
        "/plan/countries/IQ": 16,
        "/plan/countries/IQ/needs": 6,
        "/plan/edit/OP2.1/2028/IQ": 8,
        "/plan/figures": 5,
        "/plan/figures/new": 3,
    },
}


@pytest.fixture
@kept
def scene(app: Flask) -> Scene:
    scene = numbers.make(app)
    _sit(scene, 3)
    _enter(scene)
    return scene


@pytest.mark.each_database
def test_number_of_statements_does_not_grow_with_records(scene: Scene) -> None:
    first = _asked(scene)
    more = {
        name: {path: (n, EACH[name][path]) for path, n in asked.items() if n > EACH[name][path]}
        for name, asked in first.items()
    }
    assert more == {"coordinator": {}, "contact point": {}}
    with scene.app.app_context():
        numbers.add(scene, {"BG": 20, "DE": 20, "FR": 20, "IQ": 20})
        db.session.remove()
    _sit(scene, 20)
    for _ in range(3):
        _enter(scene)
    assert _asked(scene) == first


def test_every_page_of_a_figure_needs_the_same_statements(scene: Scene) -> None:
    place = _enter(scene)
    client = scene.client("coordinator")
    text(client, place)
    with counted(scene.app) as told:
        text(client, place)
    assert len(told) <= 6  # one of them for the last approved figure


def _asked(scene: Scene) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name, paths in EACH.items():
        client = scene.client(name)
        text(client, "/plan")  # the first page of a session does more
        found[name] = {}
        for path in paths:
            with counted(scene.app) as told:
                text(client, path)
            found[name][path] = len(told)
    return found


def _sit(scene: Scene, people: int) -> None:
    """Let so many officers of each country have a seat at a session."""
    day = SINCE + timedelta(days=people)
    seats = {
        ContributionKey("OP3.2", 1, uuid4(), f"session:{people}:{person_id}", day): ContributionValue(
            None, country, "border", "first_responder", 1.0, 1.0, person_id
        )
        for country, officers in scene.officers.items()
        for person_id in officers[:people]
    }
    with scene.app.app_context(), transaction():
        store.replace({}, seats)


def _enter(scene: Scene) -> str:
    figure = {"code": "OC2.3", "country": "IQ", "day": "2027-02-01", "value": "17", "source": "Form 3"}
    status, place = send(scene, scene.client("contact point"), "/plan/figures/new", **figure)
    assert status == 302
    return place
