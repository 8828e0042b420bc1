import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import queries as accounts
from app.catalogue.loading import ReadyCourse
from app.db.session import db
from app.demo import cast, history, invariants
from app.demo.views import PARTS
from app.learning import domain
from app.learning import queries as learning
from app.messages import queries as messages
from tests.conftest import NOW
from tests.demo.conftest import set_stage
from tests.factories import PASSWORD_HASH

PEOPLE = 25


@pytest.fixture
def year(lite_app: Flask, ready: list[ReadyCourse]) -> object:
    with lite_app.app_context():
        agencies, courses = set_stage(ready)
        players = cast.officers(PEOPLE, 1)
        history.people_of_the_year(players, agencies, courses, password_hash=PASSWORD_HASH, now=NOW, seed=1)
        yield courses


def test_the_practitioner_goes_on_in_the_third_lesson(year: object) -> None:
    me = accounts.person_by_alias(PARTS["practitioner"].alias)
    assert me is not None
    under_way, guide = learning.begun(me)
    assert (guide.outline.code, guide.way.state) == ("H01", domain.EnrolmentState.COMPLETED)
    third = under_way.outline.facts.lessons[2].slug
    assert domain.next_step(under_way.asks, under_way.standing) == domain.Lesson(third)
    assert under_way.way.places[third] > 0
    assert messages.unread(me) > 0


def test_a_year_has_all_that_a_tour_shows(year: object) -> None:
    tables = db.metadata.tables
    attempt, enrolment = tables["attempt"].c, tables["enrolment"].c
    assert set(db.session.scalars(select(attempt.passed))) == {True, False, None}
    assert set(db.session.scalars(select(enrolment.state))) == set(domain.EnrolmentState)
    assert db.session.scalars(select(tables["playthrough"].c.share)).first() is not None
    assert db.session.scalars(select(tables["notice"].c.read_at).where(tables["notice"].c.read_at.is_not(None))).first()


def test_nothing_happens_in_the_future_or_before_the_year(year: object) -> None:
    entry = db.metadata.tables["audit_entry"].c
    times = list(db.session.scalars(select(entry.at)))
    assert min(times) >= NOW - history.lives.YEAR
    assert max(times) <= NOW


def test_services_leave_no_fault_behind(year: object) -> None:
    assert list(invariants.faults()) == []
