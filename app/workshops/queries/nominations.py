"""Read nominations: whether officers are eligible, the lines of a country or an event, decisions and their keys."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import func, not_, select
from sqlalchemy.orm import aliased

from app.access.policy import Actor, Sensitivity
from app.catalogue.domain.items import Level
from app.competence.queries import officers as competence
from app.db.session import db
from app.identity.queries import people, postings, roles
from app.learning.queries import progress as learning
from app.workshops.domain import allocation, eligibility
from app.workshops.domain.allocation import CountedAs, ExceptionCategory, LostSeat, Reason, SeatSource
from app.workshops.domain.eligibility import Obstacle, OfficerQualifications, Requirements
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.nominations import LanguageLevel, NominationReason, NominationState
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking, Nomination, NominationChange, SeatDecision, SeatRound, Workshop
from app.workshops.queries import event_days

LEVELS = list(Level)


class HasRequirements(Protocol):
    """The row of an event."""

    id: Any
    roles: Any
    prerequisites: Any
    competencies: Any
    sensitivity: Any
    languages: Any


@dataclass(slots=True, kw_only=True)
class EventRequirementRow:
    """The requirements of an event that was read before; lists are parted by blanks as in its row."""

    id: UUID
    roles: str
    prerequisites: str
    competencies: str
    sensitivity: Sensitivity
    languages: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationLine:
    """A nomination as its country and the staff of the event see it; the answers are of the officer."""

    id: UUID
    workshop_id: UUID
    person_id: UUID
    country: str
    state: NominationState
    role: str
    rank: int | None
    language_level: LanguageLevel | None
    aim: str
    endorsed_at: datetime | None
    nominated_at: datetime | None
    decision_reason: str
    offered_until: datetime | None
    seat_source: SeatSource | None
    admission_reason: str
    nomination_reason: NominationReason | None
    nomination_text: str
    counted_as: CountedAs | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of a nomination: by whom is None for the system."""

    at: datetime
    changed_by: UUID | None
    from_state: NominationState | None
    to_state: NominationState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A decision about a nominee; `competitors` are the compared values as JSON, the winner first.

    `lost_seat`: the nominee waits while a guaranteed seat of the country went to another one by exception.
    """

    number: int
    position: int
    made_at: datetime
    seed: int
    reason: Reason
    seat_source: SeatSource | None
    reserve: int | None
    problems: tuple[str, ...]
    competitors: str
    exception_reason: str
    exception_category: ExceptionCategory | None = None
    lost_seat: LostSeat | None = None


def obstacles(
    workshop: HasRequirements,
    answers: Mapping[UUID, LanguageLevel | None],
    today: date,
    framework_roles: Mapping[UUID, Sequence[str]] | None = None,
) -> Mapping[UUID, list[Obstacle]]:
    """Return the obstacles of these officers, who may have told their level of the working language.

    `framework_roles` are their roles today, None to read them.
    """
    event = _requirements(workshop)
    return {
        person_id: eligibility.obstacles(event, officer)
        for person_id, officer in _officers(workshop, answers, today, framework_roles).items()
    }


def of_country(actor: Actor, workshop_id: UUID) -> list[NominationLine]:
    """Return the nominations of the actor's own country for an event, by rank."""
    return _lines(Nomination.workshop_id == workshop_id, Nomination.country == actor.country)


def of_workshop(workshop_id: UUID) -> list[NominationLine]:
    """Return all nominations of an event, by country and rank."""
    return _lines(Nomination.workshop_id == workshop_id)


def of_person(person_id: UUID) -> list[NominationLine]:
    """Return the nominations of a person."""
    return _lines(Nomination.person_id == person_id)


def nominees(workshop_id: UUID, states: Collection[NominationState]) -> list[UUID]:
    """Return the people whose nomination for an event is in one of these states."""
    query = select(Nomination.person_id).where(Nomination.workshop_id == workshop_id, Nomination.state.in_(states))
    return list(db.session.scalars(query))


def changes(nomination_id: UUID) -> list[ChangeLine]:
    """Return the history of a nomination, the oldest change first."""
    query = select(
        NominationChange.at,
        NominationChange.changed_by,
        NominationChange.from_state,
        NominationChange.to_state,
        NominationChange.reason,
    ).where(NominationChange.nomination_id == nomination_id)
    return [ChangeLine(*row) for row in db.session.execute(query.order_by(NominationChange.id))]


def decisions(nomination_id: UUID) -> list[DecisionLine]:
    """Return the decisions about a nominee, the first round first."""
    return [line for _key, line in _decisions([nomination_id])]


def last_decisions(ids: Collection[UUID]) -> Mapping[UUID, DecisionLine]:
    """Return the decision of the last round about each of these nominees."""
    return dict(_decisions(ids))


def waiting_places(workshop_id: UUID) -> Mapping[UUID, int]:
    """Return the place on the waiting list of each nominee who still waits, in the order of the last round."""
    last_round = select(func.max(SeatRound.number)).where(SeatRound.workshop_id == workshop_id).scalar_subquery()
    query = (
        select(Nomination.id)
        .join(SeatDecision, SeatDecision.nomination_id == Nomination.id)
        .join(SeatRound, SeatRound.id == SeatDecision.round_id)
        .where(Nomination.workshop_id == workshop_id, Nomination.state == NominationState.WAITLISTED)
        .where(SeatRound.number == last_round, SeatDecision.reserve.is_not(None))
        .order_by(SeatDecision.reserve)
    )
    return {nomination_id: place for place, nomination_id in enumerate(db.session.scalars(query), 1)}


def _decisions(ids: Collection[UUID]) -> list[tuple[UUID, DecisionLine]]:
    query = (
        select(SeatDecision, SeatRound)
        .join(SeatRound, SeatRound.id == SeatDecision.round_id)
        .where(SeatDecision.nomination_id.in_(ids))
        .order_by(SeatRound.number)
    )
    rows = [(decision, seat_round) for decision, seat_round in db.session.execute(query)]
    lost = _lost_seats([decision for decision, _round in rows])
    return [
        (
            decision.nomination_id,
            _decision(decision, seat_round, lost.get((decision.round_id, decision.nomination_id))),
        )
        for decision, seat_round in rows
    ]


def _lost_seats(decisions: Sequence[SeatDecision]) -> Mapping[tuple[UUID, UUID], LostSeat]:
    """Return `allocation.lost_seats` of the rounds of these decisions, by round and nomination."""
    waiting = [decision for decision in decisions if decision.reason is Reason.NO_SEAT_LEFT]
    if not waiting:
        return {}
    query = select(SeatDecision).where(
        SeatDecision.round_id.in_({decision.round_id for decision in waiting}),
        SeatDecision.country.in_({decision.country for decision in waiting}),
    )
    rows = db.session.scalars(query.order_by(SeatDecision.round_id, SeatDecision.position))
    rounds = groupby(rows, key=attrgetter("round_id"))
    return {
        (round_id, nomination): seat
        for round_id, group in rounds
        for nomination, seat in allocation.lost_seats([*group]).items()
    }


def _decision(decision: SeatDecision, seat_round: SeatRound, lost_seat: LostSeat | None) -> DecisionLine:
    return DecisionLine(
        number=seat_round.number,
        position=decision.position,
        made_at=seat_round.made_at,
        seed=seat_round.seed,
        reason=decision.reason,
        seat_source=decision.seat_source,
        reserve=decision.reserve,
        problems=tuple(decision.problems.split()),
        competitors=decision.competitors,
        exception_reason=decision.exception_reason,
        exception_category=decision.exception_category,
        lost_seat=lost_seat,
    )


def _lines(*conditions: Any) -> list[NominationLine]:
    query = select(Nomination).where(*conditions).order_by(Nomination.country, Nomination.rank, Nomination.made_at)
    return [
        NominationLine(**{name: getattr(row, name) for name in NominationLine.__slots__})
        for row in db.session.scalars(query)
    ]


def _requirements(workshop: HasRequirements) -> Requirements:
    return Requirements(
        roles=tuple(workshop.roles.split()),
        courses=tuple(workshop.prerequisites.split()),
        competencies=tuple(workshop.competencies.split()),
        sensitivity=Sensitivity(workshop.sensitivity),
        languages=tuple(workshop.languages.split()),
    )


def _officers(
    workshop: HasRequirements,
    answers: Mapping[UUID, LanguageLevel | None],
    today: date,
    framework_roles: Mapping[UUID, Sequence[str]] | None,
) -> Mapping[UUID, OfficerQualifications]:
    ids = list(answers)
    if framework_roles is None:
        framework_roles = postings.roles_on(ids, today)
    practitioners = roles.practitioners(ids, today)
    courses = learning.completed_by_each(ids) if workshop.prerequisites else {}
    competencies = _competencies(ids, today) if workshop.competencies else {}
    languages = people.languages(ids)
    overlapping = _overlapping(workshop, ids)
    return {
        person_id: OfficerQualifications(
            is_practitioner=person_id in practitioners,
            roles=framework_roles.get(person_id, ()),
            courses=courses.get(person_id, frozenset()),
            competencies=competencies.get(person_id, frozenset()),
            language=languages.get(person_id, ""),
            language_level=answers[person_id],
            overlapping=overlapping.get(person_id, ()),
        )
        for person_id in ids
    }


def _competencies(ids: Sequence[UUID], today: date) -> Mapping[UUID, frozenset[str]]:
    """Return the valid competencies with their levels: a higher level contains the lower ones."""
    return {
        person_id: frozenset(
            f"{span.competency}:{level}"
            for span in spans
            if span.since <= today <= span.until
            for level in LEVELS[: LEVELS.index(span.level) + 1]
        )
        for person_id, spans in competence.held_by_all(ids, today).items()
    }


def _overlapping(workshop: HasRequirements, ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """Return the codes of other events on the same days in which these people have a seat."""
    event = aliased(Workshop)
    query = (
        select(Booking.person_id, Workshop.code)
        .join(Workshop, Workshop.id == Booking.workshop_id)
        .join(event, event.id == workshop.id)
        .where(
            Booking.person_id.in_(ids),
            Booking.state == BookingState.SEATED,
            Workshop.state.in_(ACTIVE),
            Workshop.id != event.id,
            Workshop.first_day <= event.last_day,
            Workshop.last_day >= event.first_day,
            not_(event_days.without_days(event)),
        )
        .order_by(Workshop.code)
    )
    codes: dict[UUID, tuple[str, ...]] = {}
    for person_id, code in db.session.execute(query):
        codes[person_id] = (*codes.get(person_id, ()), code)
    return codes
