"""Pages of those who teach workshops: clients, forms and states."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.db.session import db
from app.kernel import clock
from app.workshops.domain.events import WorkshopState
from app.workshops.queries import bookings as workshops_bookings, workshops
from tests.support import factories, workshop_events as given

BEGUN = datetime(2027, 5, 4, 7, tzinfo=UTC)
HELD = datetime(2027, 5, 6, 9, tzinfo=UTC)
# the answers of an officer who would like to take part in an event
ANSWERS = {"use_time": "now", "language_level": "working", "aim": "train my shift", "counted_as": "not_said"}


def at(now: datetime) -> None:
    start = clock.real_now()
    clock.move(lambda: now - start)


def person_with(role: Role, workshop_id: UUID | None = None, *, country: str = "BG") -> UUID:
    reach = (role, Scope.EVENT, str(workshop_id)) if workshop_id else (role, Scope.ALL, "")
    return factories.person(country=country, roles=(), grants=(reach,))


def client_of(app: Flask, role: Role, workshop_id: UUID | None = None) -> FlaskClient:
    with app.app_context():
        person_id = person_with(role, workshop_id)
    return factories.sign_in(app, person_id)


def post(app: Flask, client: FlaskClient, path: str, **fields: Any) -> Any:
    return client.post(path, data={"csrf_token": factories.token(app, client), **fields})


def announced(app: Flask, seats: int = 0, **more: Any) -> UUID:
    with app.app_context():
        workshop_id = given.announced(**more)
        given.booked(workshop_id, seats)
        db.session.remove()
    return workshop_id


def state_of(app: Flask, workshop_id: UUID) -> WorkshopState:
    with app.app_context():
        return workshops.get(workshop_id).state


def fields(**more: str) -> dict[str, str]:
    return {
        "title": "A watch at the quay",
        "summary": "Two days of practice.",
        "practise": "comparing the list\nwriting the note",
        "code": "WS-2027-90",
        "kind": "workshop",
        "sensitivity": "law_enforcement_only",
        "form": "in_person",
        "host_country": "BG",
        "town": "Sofia",
        "venue": "Hall 3",
        "time_zone": "Europe/Sofia",
        "booking_until": "2027-04-20",
        "capacity": "20",
        "language": "en",
        "percent": "80",
        "session-0-title": "First day",
        "session-0-kind": "practice",
        "session-0-day": "2027-05-04",
        "session-0-starts": "09:00",
        "session-0-ends": "16:30",
        "session-1-title": "Second day",
        "session-1-kind": "assessment",
        "session-1-day": "2027-05-05",
        "session-1-starts": "09:00",
        "session-1-ends": "12:00",
        "outcome-0-competency": "",
        "outcome-0-level": "foundation",
        "title-ar": "نوبة على الرصيف",
    } | more


def attendance(workshop_id: UUID, number: int = 1) -> str:
    return f"/teaching/workshops/{workshop_id}/sessions/{number}/attendance"


def bookings(app: Flask, workshop_id: UUID) -> list[UUID]:
    with app.app_context():
        return [booking.id for booking in workshops_bookings.seated(workshop_id)]
