from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Sensitivity
from app.db.session import db, transaction
from app.identity.models import Country
from app.kernel import clock
from app.workshops.domain.seats import Placement, Seat, WaitingListPlace
from app.workshops.queries import bookings
from app.workshops.service import bookings as workshops_bookings
from tests.soak.ground import Ground
from tests.support import factories
from tests.support.examples import FULL
from tests.support.forked_commands import ForkedServer
from tests.support.http_client import Visit
from tests.support.settings import LITE, POSTGRES
from tests.support.workshop_events import announced, session

SEATS = 20
AT_ONCE = 10  # as many as there are connections: each waits for the row, none for a connection

pytestmark = pytest.mark.soak


def an_event(app: Flask) -> UUID:
    """Announce an event in the weeks to come: the server's clock cannot be moved."""
    day = clock.today() + timedelta(days=60)
    with app.app_context():
        workshop_id = announced(
            capacity=SEATS,
            booking_until=day - timedelta(days=1),
            sessions=(session(day),),
            sensitivity=Sensitivity.UNRESTRICTED,
        )
        db.session.remove()
    return workshop_id


def standing(app: Flask, workshop_id: UUID) -> tuple[list[UUID], list[UUID]]:
    with app.app_context():
        seated, waiting = bookings.seated(workshop_id), bookings.waiting(workshop_id)
        assert [one.seat for one in seated] == list(range(1, len(seated) + 1))
        assert [one.position for one in waiting] == list(range(1, len(waiting) + 1))
        db.session.remove()
    return [one.person_id for one in seated], [one.person_id for one in waiting]


@pytest.mark.parametrize(("ground", "count"), [(POSTGRES, 500), (LITE, 500 if FULL else 100)], indirect=["ground"])
def test_parallel_bookings_for_20_seats_leave_all_others_waiting(ground: Ground, count: int) -> None:
    """R4: no booking is lost, no error, and each response has the stored position. SQLite has one writer at a time."""
    with ground.app.app_context():
        with transaction():
            first = factories.person()
            country = db.session.get_one(Country, "IQ")  # held by the session, else each person asks for it
            people = [first, *(factories.person(country=country.code) for _ in range(count - 1))]
        db.session.remove()
    workshop_id = an_event(ground.app)

    def book(person_id: UUID) -> tuple[UUID, Placement]:
        with ground.app.app_context():
            try:
                with transaction():
                    return person_id, workshops_bookings.book(workshop_id, person_id, clock.now())
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        told = dict(threads.map(book, people))
    seated, waiting = standing(ground.app, workshop_id)
    assert (len(seated), len(waiting)) == (SEATS, count - SEATS)
    assert {*seated, *waiting} == set(people)
    assert {person: told[person] for person in seated} == {one: Seat(n) for n, one in enumerate(seated, 1)}
    assert {person: told[person] for person in waiting} == {
        one: WaitingListPlace(n) for n, one in enumerate(waiting, 1)
    }


def test_40_parallel_requests_for_20_seats_give_20_waiting(ground: Ground) -> None:
    people = ground.people(40)
    workshop_id = an_event(ground.app)
    with ForkedServer(ground.folder, ground.url) as server:
        visits = [ground.visit(person_id, server.port) for person_id, _name in people]

        def book(visit: Visit) -> tuple[int, str]:
            answer = visit.post(f"/workshops/{workshop_id}/booking")
            return answer.status, answer.to

        with ThreadPoolExecutor(40) as threads:
            answers = list(threads.map(book, visits))
        for visit in visits:
            visit.close()
    assert set(answers) == {(302, f"/workshops/{workshop_id}")}
    seated, waiting = standing(ground.app, workshop_id)
    assert (len(seated), len(waiting)) == (SEATS, 20)
    assert {*seated, *waiting} == {person for person, _name in people}
