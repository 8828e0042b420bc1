"""Concurrent changes of one event with real threads on both databases: rules that hold after every order of steps."""

from datetime import timedelta
from random import Random
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel import clock
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.seats import BookingState
from app.workshops.models import Assessment, AttendanceMark, Booking
from app.workshops.queries import bookings, workshops
from app.workshops.service import bookings as workshops_bookings, lifecycle, results
from tests.support import factories, workshop_events as given, workshop_rubrics
from tests.support.concurrency import Step, at_once
from tests.support.settings import NOW
from tests.support.workshop_pages import BEGUN, at
from tests.support.workshop_rubrics import SECURELY


def test_seats_stay_unique_under_concurrent_bookings_and_capacity_changes(app: Flask) -> None:
    with app.app_context():
        workshop_id = given.announced(capacity=6)
        by = given.staff()[0]
        with transaction():
            people = [factories.person() for _ in range(24)]
        db.session.remove()
    random = Random(3)
    steps: list[Step] = [lambda one=one: workshops_bookings.book(workshop_id, one, NOW) for one in people * 2]  # type: ignore[misc]
    steps += [lambda one=one: workshops_bookings.withdraw(workshop_id, one, NOW) for one in people[::3]]  # type: ignore[misc]
    steps += [lambda n=n: lifecycle.set_capacity(workshop_id, n, by=by, now=NOW) for n in (2, 9, 4, 7, 3)]  # type: ignore[misc]
    random.shuffle(steps)
    at_once(app, steps)
    with app.app_context():
        with transaction():
            lifecycle.set_capacity(workshop_id, 5, by=by, now=NOW)
        capacity, seated, waiting = (
            workshops.get(workshop_id).capacity,
            bookings.seated(workshop_id),
            _waiting(workshop_id),
        )
        live = {one.person_id for one in seated} | set(waiting)
        # no person is listed twice, none is lost, and no seat is free while people wait
        assert len(live) == len(seated) + len(waiting)
        assert live >= set(people) - set(people[::3])
        assert len({one.seat for one in seated}) == len(seated)
        assert not waiting or len(seated) >= capacity
        told = select(func.count()).select_from(Notice).where(Notice.kind == NoticeKind.SEAT_GIVEN)
        assert (db.session.scalar(told) or 0) == len(_promoted(workshop_id))
        db.session.remove()


def _waiting(workshop_id: UUID) -> list[UUID]:
    return [one.person_id for one in bookings.waiting(workshop_id)]


def _promoted(workshop_id: UUID) -> list[UUID]:
    """Return the people with a notice that they got a seat from the waiting list; each got one notice."""
    query = select(Notice.person_id).where(Notice.kind == NoticeKind.SEAT_GIVEN, Notice.path.contains(str(workshop_id)))
    return list(db.session.scalars(query))


def test_concurrent_repeated_request_is_one_booking(app: Flask) -> None:
    with app.app_context():
        workshop_id, person_id = given.announced(), factories.person()
        db.session.remove()
    at_once(app, [lambda: workshops_bookings.book(workshop_id, person_id, NOW)] * 20)
    with app.app_context():
        rows = list(db.session.scalars(select(Booking.state).where(Booking.workshop_id == workshop_id)))
        assert rows == [BookingState.SEATED]
        db.session.remove()
    given_up = at_once(app, [lambda: workshops_bookings.withdraw(workshop_id, person_id, NOW)] * 20)
    assert given_up == [None] * 20


def test_concurrent_repeated_scores_and_marks_count_once(app: Flask) -> None:
    with app.app_context():
        workshop_rubrics.load()
        workshop_id = given.announced(outcomes=(("VIC-02", Level.PRACTITIONER),))
        given.booked(workshop_id, 1)
        booking = bookings.seated(workshop_id)[0].id
        event = (Role.ASSESSOR, Scope.EVENT, str(workshop_id))
        assessors = [factories.person(country=country, grants=(event,)) for country in ("BG", "NL")]
        session_id = workshops.get(workshop_id).sessions[0].id
        trainer = factories.person(roles=(), grants=((Role.TRAINER, Scope.EVENT, str(workshop_id)),))
        db.session.remove()
    at(BEGUN)
    now = clock.now() + timedelta(hours=1)
    steps: list[Step] = [
        lambda by=by: results.score(workshop_id, booking, competency="VIC-02", scores=SECURELY, by=by, now=now)  # type: ignore[misc]
        for by in assessors * 6
    ]
    mark = {booking: Attendance.PRESENT}
    steps += [lambda: results.save_attendance(workshop_id, session_id, mark, by=trainer, now=now)] * 6
    said = at_once(app, steps)
    assert not [one for one in said if isinstance(one, str)]
    with app.app_context():
        scored = list(db.session.execute(select(Assessment.assessor_id, Assessment.number)))
        assert sorted(scored) == sorted((one, 1) for one in assessors)
        watched = select(func.count()).select_from(Evidence).where(Evidence.watched)
        assert db.session.scalar(watched) == 2
        assert db.session.scalar(select(func.count()).select_from(AttendanceMark)) == 1
        db.session.remove()
