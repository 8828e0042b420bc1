"""The invariant checker finds each kind of fault, written past the services."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, insert, update

from app.catalogue.shapes import Outline
from app.competence.models import State
from app.db.session import db, transaction
from app.kernel import clock
from app.plan import jobs
from app.plan.models import Contribution, FigureDay, FigureMonth
from app.plan.queries import figures
from app.plan.service import consistency_checks
from app.workshops.models import Booking, Workshop
from app.workshops.service import lifecycle as workshops
from tests.support import courses as course, plans as it, workshop_events as events
from tests.support.plans import NOW, TODAY, officer
from tests.support.site_snapshots import kept


@pytest.fixture
@kept
def outline(context: Flask) -> Outline:
    found = course.publish().outline
    it.load()
    it.complete(officer(), found, NOW)
    return found


def broken(*statements: object) -> list[str]:
    with transaction():
        for statement in statements:
            db.session.execute(statement)
    found = list(consistency_checks.faults())
    db.session.rollback()
    return found


def test_checker_finds_no_fault_after_use_of_the_services(outline: Outline) -> None:
    assert list(consistency_checks.faults()) == []


@pytest.mark.each_database
def test_missing_contribution_is_found(outline: Outline) -> None:
    found = broken(delete(Contribution).where(Contribution.code == "OP2.1"))
    assert len(found) == 1 + 4 + 4 + 1  # the record, its day and month with their sums, the figure
    assert "is missing" in found[0]


def test_changed_contribution_is_found(outline: Outline) -> None:
    found = broken(update(Contribution).where(Contribution.code == "OP2.1").values(country="BG"))
    assert "is not what it was" in found[0]
    assert {one for one in found if "the figure of" in one} == {
        "OP2.1: the figure of BG is not the sum of its records",
        "OP2.1: the figure of IQ is not the sum of its records",
    }


@pytest.mark.each_database
def test_contribution_of_unknown_subject_is_found(outline: Outline) -> None:
    unknown = uuid4()
    values = {"code": "OP2.1", "version": 1, "subject": unknown, "thing": "completion", "since": TODAY}
    found = broken(insert(Contribution).values(**values, numerator=1, denominator=0, until=None))
    assert f"OP2.1: a contribution of {unknown}, which does not exist" in found


def test_contribution_to_unknown_version_is_found(outline: Outline) -> None:
    values = {"code": "OP2.1", "version": 9, "subject": uuid4(), "thing": "completion", "since": TODAY}
    found = broken(insert(Contribution).values(**values, numerator=0, denominator=0, until=None))
    assert "OP2.1: contributions to version 9, which no plan has" in found


@pytest.mark.each_database
@pytest.mark.parametrize("model", [FigureDay, FigureMonth])
def test_changed_roll_up_is_found(outline: Outline, model: type[FigureDay] | type[FigureMonth]) -> None:
    found = broken(update(model).where(model.code == "OP2.1").values(numerator=7))
    assert any("is not that of its records" in one for one in found)


def test_competency_period_without_evidence_is_found(outline: Outline) -> None:
    person_id = officer()
    it.verify(person_id, "PRT-01", TODAY, NOW)
    found = broken(update(State).where(State.person_id == person_id).values(mu=9.0))
    assert found == [f"{person_id}: the state of PRT-01 (foundation) is not what the evidence leads to"]


# seats


def _faults(workshop_id: UUID, *statements: object) -> list[str]:
    return [one.replace(str(workshop_id), "it") for one in broken(*statements)]


def test_lowered_capacity_is_no_fault(context: Flask) -> None:
    workshop_id = events.announced(capacity=3)
    events.booked(workshop_id, 4)
    with transaction():
        workshops.set_capacity(workshop_id, 2, by=it.coordinator(), now=clock.now())
    assert _faults(workshop_id) == []


@pytest.mark.each_database
def test_overbooked_event_is_found(context: Flask) -> None:
    workshop_id = events.announced(capacity=3)
    events.booked(workshop_id, 3)
    assert _faults(workshop_id, update(Workshop).values(capacity=2)) == ["workshop it: fewer than 5 people for 2 seats"]


def test_message_names_number_of_people_from_five(context: Flask) -> None:
    workshop_id = events.announced(capacity=5)
    events.booked(workshop_id, 5)
    assert _faults(workshop_id, update(Workshop).values(capacity=4)) == ["workshop it: 5 people for 4 seats"]


@pytest.mark.each_database
def test_free_seat_beside_waiting_list_is_found(context: Flask) -> None:
    workshop_id = events.announced(capacity=1)
    events.booked(workshop_id, 2)
    assert _faults(workshop_id, update(Workshop).values(capacity=2)) == [
        "workshop it: a seat is free, but the waiting list is not empty"
    ]


@pytest.mark.each_database
def test_seat_before_an_earlier_booking_is_found(context: Flask) -> None:
    workshop_id = events.announced(capacity=1)
    events.booked(workshop_id, 2)
    late = update(Booking).where(Booking.seat.is_not(None)).values(queued=99)
    [found] = _faults(workshop_id, late)
    assert found.endswith("has a seat before a person who booked earlier")


# the nightly run


def test_run_is_recorded_with_its_first_messages(outline: Outline) -> None:
    jobs.check_nightly()
    first = figures.newest_check()
    assert (first.faults, first.messages, first.checked) == (0, (), len(consistency_checks.CHECKS))
    db.session.rollback()
    broken(delete(FigureDay))
    clock.move(lambda: NOW + timedelta(days=1) - clock.real_now())
    jobs.check_nightly()
    second = figures.newest_check()
    assert second.faults > 0
    assert second.messages
    assert second.began_at > first.began_at


@pytest.mark.each_database
def test_recalculation_repairs_contributions_and_prints_how_many(outline: Outline, app: Flask) -> None:
    broken(update(Contribution).where(Contribution.code == "OP2.1").values(since=TODAY - timedelta(days=9)))
    for code, changed in (("OP2.4", 0), ("OP2.1", 2), ("OP2.1", 0)):  # the wrong record out, the right one in
        result = app.test_cli_runner().invoke(args=["plan", "recount", code])
        assert (result.exit_code, result.output) == (0, f"{changed} contributions were changed\n")
    assert it.spans("OP2.1") == [("completion", TODAY, None, 1, 0)]
    db.session.rollback()
    assert app.test_cli_runner().invoke(args=["plan", "recount"]).output == "0 contributions were changed\n"
