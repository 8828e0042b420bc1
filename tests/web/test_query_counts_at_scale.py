"""What the pages of numbers ask of the database: as much for a thousand officers, events and figures as for ten."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import time, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import FromClause, func, insert, select
from sqlalchemy.orm import DeclarativeBase

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.competence.domain.evidence import EvidenceKind
from app.competence.models import Claim, CompetencyValidity, Evidence, Period, State
from app.competence.service import claims, evidence_records
from app.db.session import db, transaction
from app.identity.models import Person, Posting
from app.kernel import clock
from app.plan.models import Contribution, Observation
from app.plan.service import manual_figures as plan
from app.plan.service.manual_figures import NewObservation
from app.workshops.models import Booking, Workshop, WorkshopOutcome, WorkshopSession
from app.workshops.queries import bookings as events
from app.workshops.service import staff as workshops
from tests.support import competency_evidence, courses, factories, plans, workshop_events
from tests.support.settings import NOW
from tests.support.site_snapshots import kept
from tests.support.sql_statements import asked

FEW, MANY = 10, 1000
PEOPLE: Mapping[str, tuple[str, tuple[tuple[Role, Scope, str], ...]]] = {
    "coordinator": ("BG", ((Role.COORDINATOR, Scope.ALL, ""),)),
    "contact point": ("IQ", ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),)),
    "staff": ("BG", ()),  # runs and assesses the event
}
# who asks for what, and how many statements it takes; three of a page with names tell the trail
# of it, one of each page of figures asks whether an officer is under threat
EACH: Mapping[str, Mapping[str, int]] = {
    "officer": {
        "/path": 15,
        "/path/PRT-01": 27,
        "/workshops": 10,
        "/workshops/{event}": 16,
    },
    "contact point": {
        "/people/{officer}": 12,
        "/people/{officer}/learning": 15,
        "/people/{officer}/who-looked": 14,
        "/people/{officer}/roles": 9,
        "/country/officers": 8,
        "/country/officers/{officer}": 11,
        "/country/claims": 6,
        "/plan": 8,
        "/plan/indicators/OC2.1": 18,
        "/plan/indicators/OC2.1/rows": 13,
        "/plan/records/{record}": 21,
        "/plan/countries/IQ": 16,
    },
    "staff": {
        "/teaching": 25,
        "/teaching/workshops/{event}": 27,
        "/teaching/workshops/{event}/sessions/1/attendance": 19,
        "/teaching/workshops/{event}/assess": 19,
        "/teaching/workshops/{event}/assess/{seat}/PRT-01": 13,
    },
    "coordinator": {
        "/people": 9,
        "/people/invitations": 5,
        "/people/{officer}/roles": 12,
        "/teaching": 17,
        "/plan": 21,
        "/plan?compare=1": 21,
        "/plan/outcomes/OC1": 11,
        "/plan/outputs/OP1": 11,
        "/plan/indicators/OC2.1": 25,
        "/plan/indicators/OC2.1/rows": 15,
        "/plan/countries/IQ": 15,
        "/plan/capacity": 8,
        "/plan/checks": 3,
        "/plan/periods": 7,
        "/plan/figures": 5,
        "/plan/figures/{figure}": 6,
    },
}


@pytest.fixture
@kept
def names(app: Flask) -> dict[str, Any]:
    """Bring one officer who did a thing of each kind; return what addresses name."""
    with app.app_context():
        courses.publish()
        plans.load()
        people = {name: factories.person(country=country, roles=(), grants=grants)
                  for name, (country, grants) in PEOPLE.items()}  # fmt: skip
        found = {**people, "officer": factories.person(now=NOW - timedelta(days=90))}
        found |= _event(found) | _figure(people["coordinator"])
        with transaction():
            for kind in EvidenceKind.MODULE, EvidenceKind.CHECK:
                new = competency_evidence.new(found["officer"], kind, NOW.date(), competency="PRT-01", right=1.0)
                evidence_records.add_evidence(new, clock.now())
        with transaction():
            claims.claim_skill(found["officer"], "PRT-02", Level.FOUNDATION, clock.now())
        own = Contribution.code == "OC2.1", Contribution.subject == found["officer"]
        found["record"] = db.session.scalar(select(Contribution.id).where(*own))
        db.session.remove()
    return found


def test_query_count_is_constant_for_a_thousand_rows(app: Flask, names: dict[str, Any]) -> None:
    real = clock.real_now()
    clock.move(lambda: NOW + timedelta(hours=4) - real)  # the event has begun
    for more in (FEW, MANY - FEW - 1):
        with app.app_context():
            _multiply(names, more)
        clients = {name: factories.sign_in(app, names[name]) for name in EACH}
        found = {name: {path: asked(app, clients[name], path.format(**names)) for path in EACH[name]} for name in EACH}
        assert found == EACH


def _event(people: Mapping[str, Any]) -> dict[str, UUID]:
    """Hold an event today with a seat for the officer."""
    session = partial(workshop_events.session, starts=time(13), ends=time(18))
    event = workshop_events.announced(
        sessions=(session(NOW.date()), session(NOW.date() + timedelta(days=1))),
        booking_until=NOW.date(),
        capacity=MANY,
    )
    workshop_events.seat(event, people["officer"])
    with transaction():
        for role in Role.TRAINER, Role.ASSESSOR:
            workshops.appoint(event, people["staff"], role, clock.now())
    booking = events.booking_of(event, people["officer"])
    db.session.rollback()
    assert booking is not None
    return {"event": event, "seat": booking.id, "coming": workshop_events.announced()}


def _figure(by: UUID) -> dict[str, UUID]:
    new = NewObservation(code="OC2.3", day=NOW.date() - timedelta(days=1), value=17, source="Form 3", country="IQ")
    with transaction():
        found = plan.enter(new, by=by, now=clock.now())
        plan.add_file(found, b"%PDF-1.7", by=by, now=clock.now())
        plan.submit(found, by=by, now=clock.now())
    return {"figure": found}


def _multiply(names: Mapping[str, Any], more: int) -> None:
    """Add copies of the officer with all that is kept of one, of an event to come and of a figure."""
    seats = itertools.count(db.session.scalar(select(func.count()).select_from(Booking)) + 1)
    people, coming, figures = ([uuid4() for _ in range(more)] for _ in range(3))

    def own(new: UUID) -> dict[str, Any]:
        return {"person_id": new}

    def seated(new: UUID) -> dict[str, Any]:
        number = next(seats)
        return {"person_id": new, "seat": number, "queued": number}

    with transaction():
        _copy(Person, names["officer"], people, lambda new: {"id": new, "alias": f"Copy {new}"})
        for kept in (Posting, Evidence, State, CompetencyValidity, Period, Claim):
            _copy(kept, names["officer"], people, own, by="person_id")
        _copy(Booking, names["officer"], people, seated, by="person_id")
        _copy(Contribution, names["officer"], people, lambda new: own(new) | {"subject": new}, by="person_id")
        _copy(Workshop, names["coming"], coming, lambda new: {"id": new, "code": new.hex[:20]})
        for part in (WorkshopSession, WorkshopOutcome):
            _copy(part, names["coming"], coming, lambda new: {"workshop_id": new}, by="workshop_id")
        _copy(Observation, names["figure"], figures, lambda new: {"id": new})


def _copy(
    model: type[DeclarativeBase],
    old: UUID,
    news: Sequence[UUID],
    changes: Callable[[UUID], Mapping[str, Any]],
    *,
    by: str = "id",
) -> None:
    """Write each row of the old thing again for each of the new ones."""
    table = model.__table__
    rows = [dict(row) for row in db.session.execute(select(table).where(table.c[by] == old)).mappings()]
    assert rows, table.name
    made = [_fresh(table, row) | changes(new) for new in news for row in rows]
    db.session.execute(insert(model), made)


def _fresh(table: FromClause, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with a key of its own, where it has one."""
    if "id" not in table.c:
        return row
    return {**row, "id": uuid4()} if isinstance(row["id"], UUID) else {k: v for k, v in row.items() if k != "id"}
