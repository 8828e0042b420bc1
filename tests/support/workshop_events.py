"""A workshop of the invented port: plain functions, keyword arguments, no surprises."""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.policy import Role, Scope, Sensitivity
from app.catalogue.domain.items import Level
from app.db.session import db, is_in_transaction, queued_events, transaction
from app.identity.models import Person
from app.kernel import clock
from app.kernel.events import Event
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.drafts import NewSession, NewWorkshop
from app.workshops.domain.events import Format, SessionKind, WorkshopKind
from app.workshops.models import AttendanceMark, Workshop, WorkshopSession
from app.workshops.queries import bookings
from app.workshops.service import bookings as workshops_bookings, lifecycle
from app.workshops.service.store import locking
from tests.support import factories
from tests.support.site_snapshots import kept

FIRST_DAY = date(2027, 5, 4)
STAFF = ("Coordinator of events", "Second coordinator of events")  # their aliases
_number = count(1)


def session(day: date = FIRST_DAY, *, starts: time = time(9), ends: time = time(16, 30), **more: Any) -> NewSession:
    values = {"kind": SessionKind.PRACTICE, "title": {"en": "The night watch", "ar": "نوبة الليل"}} | more
    return NewSession(day=day, starts=starts, ends=ends, **values)


def draft(**more: Any) -> NewWorkshop:
    """Return a workshop of two days in Sofia, for 2 people, booking until 20 April."""
    values: dict[str, Any] = {
        "code": f"WS-{next(_number)}",
        "kind": WorkshopKind.WORKSHOP,
        "sensitivity": Sensitivity.LAW_ENFORCEMENT_ONLY,
        "host_country": "BG",
        "town": "Sofia",
        "venue": "Hall 3 of the invented port",
        "form": Format.IN_PERSON,
        "time_zone": "Europe/Sofia",
        "booking_until": date(2027, 4, 20),
        "capacity": 2,
        "languages": ("en", "ar"),
        "sessions": (session(), session(date(2027, 5, 5))),
        "outcomes": (("PRT-01", Level.FOUNDATION),),
        "title": {"en": "A watch at the quay", "ar": "نوبة على الرصيف"},
        "summary": {"en": "Two days of practice at an invented port."},
        "practise": {"en": "comparing the list with the quay\nwriting the note"},
        "roles": ("first_responder",),
    }
    return NewWorkshop(**values | more)


def staff() -> tuple[UUID, UUID]:
    """Return two coordinators: the one who makes, the one who clears; add them to a database that lacks them."""
    there = db.session.scalars(select(Person.id).where(Person.alias.in_(STAFF)).order_by(Person.alias)).all()
    if not is_in_transaction():
        db.session.rollback()
    if there:
        first, second = there
        return first, second
    grants = ((Role.COORDINATOR, Scope.ALL, ""),)
    first, second = (factories.person(alias=alias, country="BG", roles=(), grants=grants) for alias in STAFF)
    return first, second


@kept
def made(**more: Any) -> UUID:
    """Make a draft in a transaction of its own."""
    first, _second = staff()
    with transaction():
        return lifecycle.create_workshop(draft(**more), by=first, now=clock.now())


@kept
def announced(**more: Any) -> UUID:
    """Make, clear and announce a workshop in a transaction of its own."""
    first, second = staff()
    with transaction():
        workshop_id = lifecycle.create_workshop(draft(**more), by=first, now=clock.now())
        lifecycle.clear(workshop_id, by=second, now=clock.now())
        lifecycle.announce(workshop_id, by=second, now=clock.now())
    db.session.rollback()
    return workshop_id


def ask_for(workshop_id: UUID, *courses: str) -> None:
    """Ask for courses before an event, those too that are published no more."""
    with transaction():
        db.session.get_one(Workshop, workshop_id).prerequisites = " ".join(courses)
    db.session.rollback()


def booked(workshop_id: UUID, how_many: int) -> list[UUID]:
    """Let new practitioners book one after the other; return them in this order."""
    people = []
    for _ in range(how_many):
        people.append(factories.person())
        with transaction():
            workshops_bookings.book(workshop_id, people[-1], clock.now())
    db.session.rollback()
    return people


def seat(workshop_id: UUID, person_id: UUID) -> None:
    """Give a person a seat or a place on the waiting list, also beside another event on the same days."""
    with transaction():
        workshop = locking.lock_workshop(workshop_id)
        if locking.live_booking(workshop_id, person_id) is None:
            workshops_bookings.book_without_requirements(workshop, person_id, clock.now())
    db.session.rollback()


def hold(workshop_id: UUID, person_id: UUID, marks: Sequence[Attendance]) -> None:
    """Move an event a hundred days back and write how a person was at its first sessions."""
    back = timedelta(days=100)
    with transaction():
        booking = bookings.booking_of(workshop_id, person_id)
        assert booking is not None
        rows = db.session.query(WorkshopSession).filter_by(workshop_id=workshop_id).order_by(WorkshopSession.number)
        for row in rows:
            row.day, row.starts_at, row.ends_at = row.day - back, row.starts_at - back, row.ends_at - back
        db.session.add_all(
            AttendanceMark(
                session_id=row.id,
                booking_id=booking.id,
                mark=mark,
                recorded_by=person_id,
                recorded_at=clock.now(),
            )
            for row, mark in zip(rows, marks, strict=False)
        )
    db.session.rollback()


def doing(step: Callable[..., Any], *args: Any, **more: Any) -> tuple[Any, list[Event]]:
    """Call a function in a transaction and return its result and the events of workshops."""
    with transaction():
        result = step(*args, **more)
        db.session.flush()
        events = [event for event in queued_events() if type(event).__module__.startswith("app.workshops.events")]
    return result, events
