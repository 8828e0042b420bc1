"""A sitting on the watched course: an invigilator, a second one, officers of the country, and steps of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.checks.domain.sittings import SittingState
from app.checks.models import Sitting
from app.checks.queries import sittings as queries
from app.checks.service import seats, sittings
from app.checks.service.seats import SeatDevice
from app.checks.service.sittings import CheckAim, NewSitting
from app.checks.shapes import AttemptReader, OfficerSeatLine, SittingDetails
from app.db.session import db, transaction
from app.identity.queries import people
from app.kernel import clock
from app.quizzes import queries as quizzes_queries
from app.quizzes.service import attempts as quizzes
from tests.support import courses, factories, watched_course
from tests.support.site_snapshots import kept

COUNTRY = "IQ"
QUESTIONS = CheckAim(competency=watched_course.COMPETENCY, level=Level.FOUNDATION)
INVIGILATOR = ((Role.INVIGILATOR, Scope.ALL, ""),)
CONTACT_POINT = ((Role.CONTACT_POINT, Scope.COUNTRY, COUNTRY),)


@dataclass(frozen=True, slots=True)
class Scene:
    """A planned sitting, or an open one, with its people."""

    sitting_id: UUID
    code: str
    invigilator: UUID
    second: UUID
    officers: tuple[UUID, ...]


@kept
def scene(app: Flask, officers: int = 2, reserve: int = watched_course.RESERVE, *, opened: bool = True) -> Scene:
    """Publish the course, plan a sitting with questions for so many officers, and open it."""
    with app.app_context():
        watched_course.publish(reserve)
        return _scene(officers, (QUESTIONS,), opened=opened)


def in_site(app: Flask, invigilator: UUID, officer: UUID, *, opened: bool = True) -> Scene:
    """Add the reserve questions to the course of a sample site, and plan a sitting of one of its people for another."""
    with app.app_context():
        course, _references = watched_course.ready()
        first, second = factories.person(), factories.person()
        now = clock.now()
        with transaction():
            publication.store_draft(course, now)
        with transaction():
            publication.publish(
                courses.CODE,
                kind=VersionKind.SUBSTANTIVE,
                message="Reserve questions.",
                first_id=first,
                second_id=second,
                now=now,
            )
        sitting_id = plan((officer,), by=invigilator)
        if opened:
            open_it(sitting_id, invigilator)
        made = Scene(sitting_id, queries.get(sitting_id).code, invigilator, second, (officer,))
        db.session.rollback()
        return made


def _scene(officers: int, aims: Sequence[CheckAim], *, opened: bool) -> Scene:
    with transaction():
        invigilator = factories.person(roles=(), grants=INVIGILATOR)
        second = factories.person(roles=(), grants=CONTACT_POINT)
        officer_ids = tuple(factories.person(name=f"Name of officer {n}") for n in range(1, officers + 1))
    sitting_id = plan(officer_ids, aims, by=invigilator)
    if opened:
        open_it(sitting_id, invigilator)
    code = queries.get(sitting_id).code
    db.session.rollback()
    return Scene(sitting_id, code, invigilator, second, officer_ids)


def plan(officer_ids: Sequence[UUID], aims: Sequence[CheckAim] = (QUESTIONS,), *, by: UUID) -> UUID:
    """Plan a sitting of today for these people."""
    new = NewSitting(country=COUNTRY, planned_for=clock.now(), aims=aims, officers=officer_ids, location="Room 4")
    with transaction():
        return sittings.plan(new, by=by, now=clock.now())


def open_it(sitting_id: UUID, by: UUID) -> None:
    """Open a planned sitting."""
    with transaction():
        sittings.open_sitting(sitting_id, by=by, now=clock.now())


def end(sitting_ids: Sequence[UUID]) -> None:
    """Cancel these planned sittings, and set the hours for which they were planned in this order."""
    with transaction():
        for number, sitting_id in enumerate(sitting_ids):
            row = db.session.get_one(Sitting, sitting_id)
            row.state, row.planned_for = SittingState.CANCELLED, row.planned_for + timedelta(hours=number)


def device(name: str = "phone") -> SeatDevice:
    """Return a device by its name."""
    return SeatDevice(f"session of {name}", f"browser of {name}")


def arrive(code: str, person_id: UUID, name: str = "phone", *, now: datetime | None = None) -> seats.ArrivalResult:
    """Enter the code as a person on a device."""
    with transaction():
        return seats.arrive(code, person_id, device(name), now=now or clock.now())


def confirm(line: OfficerSeatLine, by: UUID) -> None:
    """Confirm the identity of the officer of a seat."""
    with transaction():
        seats.confirm(line.id, by=by, now=clock.now())


def seat_of(sitting_id: UUID, person_id: UUID) -> OfficerSeatLine:
    """Return the seat of a person as it is now."""
    db.session.rollback()
    return next(line for line in queries.seats_of(sitting_id) if line.person_id == person_id)


def seats_of(sitting_id: UUID) -> list[OfficerSeatLine]:
    """Return the seats of a sitting by alias."""
    return queries.seats_of(sitting_id)


def details(sitting_id: UUID) -> SittingDetails:
    """Return a sitting as it is now."""
    db.session.rollback()
    return queries.get(sitting_id)


def begin(code: str, person_id: UUID, name: str = "phone", *, position: int = 1, extra_time: int = 0) -> UUID:
    """Begin the work of a confirmed officer and return its attempt."""
    with transaction():
        return seats.begin_work(
            code, AttemptReader(person_id, "en", extra_time), position, device(name), now=clock.now()
        )


def at_work(made: Scene, person_id: UUID, name: str = "phone") -> UUID:
    """Let an officer arrive, be confirmed and begin; return the attempt."""
    arrive(made.code, person_id, name)
    confirm(seat_of(made.sitting_id, person_id), made.invigilator)
    return begin(made.code, person_id, name)


def answer(attempt: UUID, question: int, body: object) -> None:
    """Save an answer, as JSON values of the source order."""
    now = clock.now()
    with transaction():
        quizzes.save_form(attempt, question, body, certainty=None, marked=False, arrived_at=now, now=now)


def hand_in(attempt: UUID) -> None:
    """Hand in an attempt."""
    with transaction():
        quizzes.hand_in(attempt, clock.now())


def people_alias(person_id: UUID) -> str:
    """Return the alias of a person."""
    return people.names([person_id])[person_id]


def order_of(attempt: UUID, number: int) -> tuple[int, ...]:
    """Return the order in which the page shows the options of a question."""
    return quizzes_queries.of_id(attempt).slips[number - 1].order
