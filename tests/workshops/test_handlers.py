from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.identity import service as identity_service
from app.identity.models import RoleGrant
from app.kernel import clock
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.rights.service import roles
from app.workshops import jobs
from app.workshops.queries import bookings, workshops
from app.workshops.service import lifecycle
from tests.support import factories
from tests.support.settings import NOW
from tests.support.workshop_events import announced, booked, seat, session, staff


def standing(workshop_id: UUID) -> tuple[list[UUID], list[UUID]]:
    return (
        [one.person_id for one in bookings.seated(workshop_id)],
        [one.person_id for one in bookings.waiting(workshop_id)],
    )


def leave(person_id: UUID) -> None:
    with transaction():
        identity_service.deactivate(person_id, clock.today())


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_deactivated_person_loses_bookings_to_the_waiting_list() -> None:
    full, queued = announced(capacity=1), announced(capacity=1)
    gone, following = booked(full, 2)
    (seated,) = booked(queued, 1)
    seat(queued, gone)
    seat(queued, following)
    leave(gone)
    assert standing(full) == ([following], [])
    assert standing(queued) == ([seated], [following])
    assert [one.kind for one in messages.notices(following, 1)] == [NoticeKind.SEAT_GIVEN]
    assert messages.notices(gone, 1) == []


@pytest.mark.usefixtures("context")
def test_begun_and_cancelled_events_are_unchanged_by_deactivation() -> None:
    past, cancelled = announced(capacity=1), announced()
    gone, waiting = booked(past, 2)
    seat(cancelled, gone)
    with transaction():
        lifecycle.cancel(cancelled, reason="No hall.", by=staff()[0], now=NOW)
    starts, start = workshops.get(past).starts_at, clock.real_now()
    clock.move(lambda: starts - start)
    leave(gone)
    assert standing(past) == ([gone], [waiting])
    assert standing(cancelled) == ([gone], [])


def test_deactivation_reaches_the_subscribed_handler(context: Flask) -> None:
    workshop_id = announced()
    (gone,) = booked(workshop_id, 1)
    leave(gone)
    leave(gone)
    assert standing(workshop_id) == ([], [])


@pytest.mark.usefixtures("context")
def test_former_practitioner_loses_bookings_to_the_waiting_list() -> None:
    full, queued = announced(capacity=1), announced(capacity=1)
    gone, following = booked(full, 2)
    (seated,) = booked(queued, 1)
    seat(queued, gone)
    with transaction():
        roles.add_role(gone, Role.TRAINER, scope=Scope.ALL, since=clock.today())
        roles.revoke_role(gone, Role.TRAINER, scope=Scope.ALL, today=clock.today())
    assert standing(full) == ([gone], [following])
    with transaction():
        roles.revoke_role(gone, Role.PRACTITIONER, scope=Scope.SELF, today=clock.today())
    assert standing(full) == ([following], [])
    assert standing(queued) == ([seated], [])


@pytest.mark.usefixtures("context")
def test_role_ended_by_contact_point_frees_the_seat() -> None:
    workshop_id = announced(capacity=1)
    gone, following = booked(workshop_id, 2)
    contact = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    mine = select(RoleGrant.id).where(RoleGrant.person_id == gone, RoleGrant.role == Role.PRACTITIONER)
    grant_id = db.session.scalars(mine).one()
    db.session.rollback()
    with transaction():
        actor = Actor(contact, "IQ", frozenset({Role.CONTACT_POINT}))
        assert roles.end_role(actor, gone, grant_id, clock.today()) is None
    assert standing(workshop_id) == ([following], [])


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_expired_role_frees_seats_the_next_day() -> None:
    workshop_id, past = announced(capacity=1), announced(sessions=(session(date(2027, 4, 20)),))
    gone, following = booked(workshop_id, 2)
    seat(past, gone)
    assert jobs.free_seats() == 0
    with transaction():
        mine = (RoleGrant.person_id == gone, RoleGrant.role == Role.PRACTITIONER)
        db.session.execute(update(RoleGrant).where(*mine).values(until=date(2027, 4, 20)))
    start = clock.real_now()
    clock.move(lambda: datetime(2027, 4, 21, 1, tzinfo=UTC) - start)
    assert jobs.free_seats() == 1
    assert jobs.free_seats() == 0
    assert standing(workshop_id) == ([following], [])
    assert standing(past) == ([gone], [])  # a begun event is unchanged
