"""Read what the secretariat needs to share seats: obstacles, seats by country, rounds with decisions, counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from app.db.session import db
from app.workshops.domain.allocation import CountryYear, ExceptionCategory, Reason, SeatSource
from app.workshops.domain.eligibility import Obstacle
from app.workshops.domain.nominations import NominationState, RoundKind
from app.workshops.domain.phases import NominationRules
from app.workshops.models import Nomination, SeatDecision, SeatRound, Workshop
from app.workshops.queries import nominations
from app.workshops.queries.nominations import NominationLine
from app.workshops.queries.seat_requests import country_years
from app.workshops.shapes import nomination_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedCountry:
    """The values of a country's best nominee that were compared for a seat; `women` is None once it was deleted."""

    country: str
    used_rate: float
    has_named_role: bool
    has_done_courses: bool
    women: int | None
    nominated_at: datetime
    draw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A decision of a round about a nominee, the compared countries with the winner first."""

    position: int
    nomination_id: UUID
    country: str
    reason: Reason
    seat_source: SeatSource | None
    reserve: int | None
    problems: tuple[str, ...]
    compared: tuple[ComparedCountry, ...]
    exception_reason: str
    exception_category: ExceptionCategory | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """A round that shared seats, with its decisions in their order; `made_by` is None for the system."""

    number: int
    kind: RoundKind
    made_at: datetime
    made_by: UUID | None
    seed: int
    decisions: tuple[StoredDecision, ...]


def obstacles_of(workshop_id: UUID, lines: Sequence[NominationLine], today: date) -> Mapping[UUID, list[Obstacle]]:
    """Return the obstacles of these nominees by person."""
    answers = {line.person_id: line.language_level for line in lines}
    return nominations.obstacles(_workshop(workshop_id), answers, today)


def years_of(workshop_id: UUID, countries: Collection[str]) -> Mapping[str, CountryYear]:
    """Return what each of these countries used in the year of this event."""
    return country_years(_workshop(workshop_id), countries)


def rounds(workshop_id: UUID) -> list[RoundLine]:
    """Return the rounds of an event, the first one first."""
    of_event = select(SeatRound).where(SeatRound.workshop_id == workshop_id)
    rows = list(db.session.scalars(of_event.order_by(SeatRound.number)))
    query = select(SeatDecision).where(SeatDecision.round_id.in_([row.id for row in rows]))
    decisions: dict[UUID, list[StoredDecision]] = {row.id: [] for row in rows}
    for decision in db.session.scalars(query.order_by(SeatDecision.position)):
        decisions[decision.round_id].append(_decision(decision))
    return [
        RoundLine(
            number=row.number,
            kind=row.kind,
            made_at=row.made_at,
            made_by=row.made_by,
            seed=row.seed,
            decisions=tuple(decisions[row.id]),
        )
        for row in rows
    ]


def counts_by_state(workshops: Collection[UUID]) -> Mapping[UUID, Mapping[NominationState, int]]:
    """Return how many nominations of each event are in each state, observers left out."""
    counts: dict[UUID, dict[NominationState, int]] = {workshop_id: {} for workshop_id in workshops}
    if not counts:
        return counts
    query = (
        select(Nomination.workshop_id, Nomination.state, func.count())
        .where(Nomination.workshop_id.in_(workshops))
        .where(Nomination.seat_source.is_(None) | (Nomination.seat_source != SeatSource.OBSERVER))
        .group_by(Nomination.workshop_id, Nomination.state)
    )
    for workshop_id, state, number in db.session.execute(query):
        counts[workshop_id][state] = number
    return counts


def rules_of(workshops: Collection[UUID]) -> Mapping[UUID, NominationRules]:
    """Return the rules of the nominated events among these."""
    if not workshops:
        return {}
    rows = db.session.execute(select(*Workshop.__table__.columns).where(Workshop.id.in_(workshops)))
    rules = {row.id: nomination_rules(row) for row in rows}
    return {workshop_id: rule for workshop_id, rule in rules.items() if rule is not None}


def nomination(workshop_id: UUID, nomination_id: UUID) -> NominationLine:
    """Return a nomination of an event, or raise NoResultFound."""
    query = select(Nomination).where(Nomination.id == nomination_id, Nomination.workshop_id == workshop_id)
    row = db.session.scalars(query).one()
    return NominationLine(**{name: getattr(row, name) for name in NominationLine.__slots__})


def _workshop(workshop_id: UUID) -> Workshop:
    return db.session.get_one(Workshop, workshop_id)


def _decision(row: SeatDecision) -> StoredDecision:
    return StoredDecision(
        position=row.position,
        nomination_id=row.nomination_id,
        country=row.country,
        reason=row.reason,
        seat_source=row.seat_source,
        reserve=row.reserve,
        problems=tuple(row.problems.split()),
        compared=tuple(_compared(values) for values in msgspec.json.decode(row.competitors)),
        exception_reason=row.exception_reason,
        exception_category=row.exception_category,
    )


def _compared(values: Mapping[str, Any]) -> ComparedCountry:
    above, _slash, below = str(values["used_rate"]).partition("/")
    return ComparedCountry(
        country=values["country"],
        used_rate=int(above) / int(below or 1),
        has_named_role=not values["role"],
        has_done_courses=not values["courses"],
        women=values.get("women"),
        nominated_at=datetime.fromisoformat(values["nominated_at"]),
        draw=values["draw"],
    )
