"""Workshops in the plan: closed events; attendance recorded, corrected, withdrawn."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.competence.events import StandingChanged
from app.db.session import db, record, transaction
from app.plan.domain.sums import FigureSum
from app.plan.queries import figures
from app.plan.service import consistency_checks, recalculation
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import WorkshopKind
from app.workshops.queries import bookings, workshops
from app.workshops.service import closing, results
from tests.support import plans as it, workshop_events as events
from tests.support.indicator_figures import figures_on
from tests.support.plans import value

DAY = events.FIRST_DAY
EVENING = datetime.combine(DAY, time(16), tzinfo=it.NOW.tzinfo)
AFTER = EVENING + timedelta(days=2)


@pytest.fixture(autouse=True)
def plan(context: Flask) -> None:
    it.load()


def keep(workshop_id: UUID, marks: Sequence[Attendance], *, reason: str = "", now: datetime = EVENING) -> list[UUID]:
    """Record the attendance at the first session, in the order of seats."""
    seated = bookings.seated(workshop_id)
    session = workshops.get(workshop_id).sessions[0].id
    by = it.coordinator()
    with transaction():
        given = {one.id: mark for one, mark in zip(seated, marks, strict=False)}
        results.save_attendance(workshop_id, session, given, by=by, now=now, reason=reason)
    db.session.rollback()
    return [one.person_id for one in seated]


def attendance(days: int = 0) -> FigureSum:
    found = figures_on(DAY + timedelta(days=days))["OP3.2"].sum
    db.session.rollback()
    return found


@pytest.mark.each_database
def test_recorded_attendance_counts_from_the_day_of_the_session() -> None:
    workshop_id = events.announced(capacity=3)
    events.booked(workshop_id, 3)
    assert value("OP3.2", DAY) is None
    keep(workshop_id, [Attendance.PRESENT, Attendance.ABSENT])
    assert [attendance(-1), attendance(0), attendance(90)] == [FigureSum(), FigureSum(1, 2), FigureSum(1, 2)]
    assert value("OP3.2", DAY) == 50
    keep(workshop_id, [Attendance.EXCUSED, Attendance.ABSENT], reason="A letter came.")
    assert attendance() == FigureSum(0, 1)
    keep(workshop_id, [Attendance.LATE, Attendance.LEFT_EARLY, Attendance.PRESENT], reason="Seen on the list.")
    assert value("OP3.2", DAY) == 100
    assert list(consistency_checks.faults()) == []


def test_a_closed_event_counts_in_the_country_of_its_host() -> None:
    workshop_id = events.announced()
    visit = events.announced(kind=WorkshopKind.STUDY_VISIT)
    for one in (workshop_id, visit):
        with transaction():
            closing.close(one, by=it.coordinator(), now=AFTER)
    closed = AFTER.date()
    assert [value("OP3.1", closed - timedelta(days=1)), value("OP3.1", closed)] == [0, 1]
    assert figures.cells("OP3.1", closed, "country") == {"BG": FigureSum(1)}
    assert value("OP5.1", closed) is None
    assert list(consistency_checks.faults()) == []


def test_withdrawal_without_recorded_attendance_needs_one_query() -> None:
    workshop_id = events.announced()
    with transaction(), it.statements() as told:
        recalculation.booking_ended(workshop_id)
    assert len(told) == 1


def test_levels_that_change_together_are_recalculated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    person_id, counted = it.officer(), []
    monkeypatch.setattr(recalculation, "standing_changed", lambda *given: counted.append(given))
    with transaction():
        for competency, level in (("PRT-01", "foundation"), ("PRT-01", "practitioner"), ("PRT-02", "foundation")):
            record(StandingChanged(person_id=person_id, competency=competency, level=level, until=None))
    assert counted == [(person_id, "PRT-01"), (person_id, "PRT-02")]
