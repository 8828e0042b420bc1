from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel.errors import DomainError
from app.workshops.domain.attendance import Attendance
from app.workshops.events import AttendanceRecorded
from app.workshops.models import AttendanceMark
from app.workshops.queries import bookings as workshops_bookings, participants, workshops
from app.workshops.service import results
from tests.support import factories, workshop_events as given
from tests.support.sql_statements import statements
from tests.support.workshop_events import doing

BEGUN = datetime(2027, 5, 4, 7, tzinfo=UTC)  # 10:00 in Sofia
LATER = datetime(2027, 6, 1, 9, tzinfo=UTC)
READER = Actor(uuid4(), "IQ", frozenset({Role.TRAINER}))


def trainer(workshop_id: UUID) -> UUID:
    return factories.person(grants=((Role.TRAINER, Scope.EVENT, str(workshop_id)),))


def coordinator() -> UUID:
    return factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))


def first_session(workshop_id: UUID) -> UUID:
    return workshops.get(workshop_id).sessions[0].id


def bookings(workshop_id: UUID) -> list[UUID]:
    return [one.id for one in workshops_bookings.seated(workshop_id)]


def keep(
    workshop_id: UUID, marks: Mapping[UUID, Attendance], *, by: UUID, now: datetime = BEGUN, reason: str = ""
) -> tuple[Any, list[Any]]:
    return doing(results.save_attendance, workshop_id, first_session(workshop_id), marks, by=by, now=now, reason=reason)


def test_saved_marks_are_recorded_once(context: Flask) -> None:
    workshop_id = given.announced()
    people = given.booked(workshop_id, 2)
    first, second = bookings(workshop_id)
    by = trainer(workshop_id)
    marks = {first: Attendance.PRESENT, second: Attendance.LATE}
    marked, told = keep(workshop_id, marks, by=by)
    assert set(marked) == set(people)
    assert [(type(one), set(one.people), one.session_id) for one in told] == [
        (AttendanceRecorded, set(people), first_session(workshop_id))
    ]
    again, told = keep(workshop_id, marks, by=by)
    assert (again, told) == ((), [])
    assert db.session.scalar(select(func.count()).select_from(AttendanceMark)) == 2


@pytest.mark.each_database
def test_correction_adds_a_mark_with_its_reason(context: Flask) -> None:
    workshop_id = given.announced()
    given.booked(workshop_id, 2)
    first, second = bookings(workshop_id)
    by = trainer(workshop_id)
    keep(workshop_id, {first: Attendance.PRESENT, second: Attendance.PRESENT}, by=by)
    with pytest.raises(DomainError, match="Say why"):
        keep(workshop_id, {first: Attendance.ABSENT}, by=by)
    keep(workshop_id, {first: Attendance.ABSENT, second: Attendance.PRESENT}, by=by, reason="Wrong row")
    assert participants.marks_of(first_session(workshop_id)) == {first: Attendance.ABSENT, second: Attendance.PRESENT}
    rows = db.session.execute(select(AttendanceMark.booking_id, AttendanceMark.reason).order_by(AttendanceMark.id))
    assert [tuple(row) for row in rows] == [(first, ""), (second, ""), (first, "Wrong row")]


def test_marks_are_refused_before_the_session_and_later_for_trainers(context: Flask) -> None:
    workshop_id = given.announced()
    given.booked(workshop_id, 1)
    (booking,) = bookings(workshop_id)
    by = trainer(workshop_id)
    with pytest.raises(DomainError, match="begun"):
        keep(workshop_id, {booking: Attendance.PRESENT}, by=by, now=datetime(2027, 5, 4, 5, 59, tzinfo=UTC))
    keep(workshop_id, {booking: Attendance.PRESENT}, by=by)
    with pytest.raises(DomainError, match="coordinator"):
        keep(workshop_id, {booking: Attendance.ABSENT}, by=by, now=LATER, reason="Sheet found")
    keep(workshop_id, {booking: Attendance.ABSENT}, by=coordinator(), now=LATER, reason="Sheet found")
    assert participants.marks_of(first_session(workshop_id)) == {booking: Attendance.ABSENT}


def test_marks_of_people_without_a_seat_are_refused(context: Flask) -> None:
    workshop_id, other = given.announced(capacity=1), given.announced()
    given.booked(workshop_id, 2)
    given.booked(other, 1)
    by = trainer(workshop_id)
    waiting = workshops_bookings.waiting(workshop_id)[0].id
    for booking in (waiting, bookings(other)[0]):
        with pytest.raises(NoResultFound):
            keep(workshop_id, {booking: Attendance.PRESENT}, by=by)
    with pytest.raises(NoResultFound), transaction():
        results.save_attendance(workshop_id, first_session(other), {}, by=by, now=BEGUN)


def test_marks_of_an_unannounced_event_are_refused(context: Flask) -> None:
    workshop_id = given.made()
    with pytest.raises(DomainError, match="not held"), transaction():
        results.save_attendance(workshop_id, first_session(workshop_id), {}, by=trainer(workshop_id), now=BEGUN)


def test_attendance_rate_counts_marks_of_all_sessions(context: Flask) -> None:
    workshop_id = given.announced()
    given.booked(workshop_id, 1)
    (booking,) = bookings(workshop_id)
    by = trainer(workshop_id)
    assert participants.attendance_rate_of(booking) == 0.0
    keep(workshop_id, {booking: Attendance.LEFT_EARLY}, by=by)
    assert participants.attendance_rate_of(booking) == 0.5
    second = workshops.get(workshop_id).sessions[1].id
    with transaction():
        results.save_attendance(
            workshop_id, second, {booking: Attendance.EXCUSED}, by=by, now=BEGUN + timedelta(days=1)
        )
    assert participants.attendance_rate_of(booking) == 0.5


def test_participants_are_listed_by_seat_with_alias_country_and_marks(context: Flask) -> None:
    workshop_id = given.announced(capacity=1)
    people = given.booked(workshop_id, 2)
    by = trainer(workshop_id)
    (booking,) = bookings(workshop_id)
    keep(workshop_id, {booking: Attendance.PRESENT}, by=by)
    (seated,) = participants.participants(workshops.get(workshop_id), BEGUN.date(), READER)
    assert (seated.person_id, seated.country, seated.seat, seated.attendance_rate) == (people[0], "IQ", 1, 0.5)
    assert seated.marks == {first_session(workshop_id): Attendance.PRESENT}
    assert seated.alias.startswith("Officer ")
    (waits,) = participants.waiting_list(workshop_id, BEGUN.date(), READER)
    alias = db.session.get_one(Person, people[1]).alias
    assert (waits.alias, waits.country, waits.position) == (alias, "IQ", 1)


def test_pages_need_as_many_statements_for_26_people_as_for_2(context: Flask) -> None:
    counted = {}
    for many in (2, 26):
        workshop_id = given.announced(capacity=26)
        given.booked(workshop_id, many)
        by = trainer(workshop_id)
        marks = dict.fromkeys(bookings(workshop_id), Attendance.PRESENT)
        session_id = first_session(workshop_id)
        with statements() as asked:
            with transaction():
                results.save_attendance(workshop_id, session_id, marks, by=by, now=BEGUN)
            assert len(participants.participants(workshops.get(workshop_id), BEGUN.date(), READER)) == many
        db.session.rollback()
        counted[many] = len(asked)
    assert counted[26] == counted[2]
