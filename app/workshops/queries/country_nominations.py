"""Read the nominated events of a country for its contact points: events, counts, decisions, and tasks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows, own_scope
from app.db.session import db
from app.kernel import clock
from app.rights.queries import supervision
from app.workshops.domain.allocation import SeatSource
from app.workshops.domain.events import EnrolmentMode, WorkshopState
from app.workshops.domain.nominations import ENDED, USED_SEATS, NominationState
from app.workshops.domain.phases import EventTimes, NominationRules, Phase, phase
from app.workshops.models import Nomination, Workshop, WorkshopSession
from app.workshops.queries import nominations, workshops
from app.workshops.queries.nominations import NominationLine
from app.workshops.queries.workshops import PUBLIC
from app.workshops.shapes import WorkshopFacts, WorkshopLine, line_columns, nomination_rules

PAGE_SIZE = 20  # past events of a page
MOST_OPEN = 50  # events that take nominations
OPEN_NOW = frozenset({Phase.ANNOUNCED, Phase.NOMINATIONS_OPEN})


@dataclass(frozen=True, slots=True)
class CountryCounts:
    """The nominees of a country for an event: who asked and is not ranked, who is ranked, who has or had a seat."""

    asked: int = 0
    ranked: int = 0
    waitlisted: int = 0
    seats: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryEventLine:
    """A nominated event as its contact point sees it in a list."""

    workshop: WorkshopLine
    rules: NominationRules
    times: EventTimes
    phase: Phase
    counts: CountryCounts


@dataclass(frozen=True, slots=True)
class CountryEvent:
    """A nominated event, and the country whose nominations are meant."""

    workshop: WorkshopFacts
    rules: NominationRules
    country: str


@dataclass(frozen=True, slots=True)
class CountryNomination:
    """A nomination of the actor's country with its event."""

    event: CountryEvent
    line: NominationLine

    @property
    def country(self) -> str:
        """Return the country that nominated the officer."""
        return self.line.country


def event(actor: Actor, workshop_id: UUID) -> CountryEvent:
    """Return a nominated event to which the country of a contact point is invited, or raise NoResultFound."""
    if not allows(actor, Action.NOMINATE, own_scope(actor)):
        raise NoResultFound
    workshop = workshops.get(workshop_id)
    rules = workshop.nomination
    if rules is None or workshop.state not in PUBLIC:
        raise NoResultFound
    if rules.countries and actor.country not in rules.countries:
        raise NoResultFound
    return CountryEvent(workshop, rules, actor.country)


def nomination(actor: Actor, workshop_id: UUID, nomination_id: UUID) -> CountryNomination:
    """Return a nomination of another person of the actor's country, or raise NoResultFound."""
    loaded = event(actor, workshop_id)
    line = next((line for line in nominations.of_country(actor, workshop_id) if line.id == nomination_id), None)
    if line is None or line.person_id == actor.id:
        raise NoResultFound
    return CountryNomination(loaded, line)


def open_events(country: str, now: datetime) -> list[CountryEventLine]:
    """Return the announced events whose nominations are open or will open, the nearest deadline first."""
    conditions = (Workshop.state == WorkshopState.ANNOUNCED, Workshop.nomination_deadline >= _yesterday(now))
    query = _of_country(country).where(*conditions).order_by(Workshop.nomination_deadline, Workshop.code)
    lines = _lines(db.session.execute(query.limit(MOST_OPEN)).all(), country, now)
    return [line for line in lines if line.phase in OPEN_NOW]


def count_past_events(country: str, without: Collection[UUID]) -> int:
    """Return how many events of a country there are beside those that take nominations."""
    return db.session.scalar(select(func.count()).select_from(_past(country, without).subquery())) or 0


def past_events(
    country: str, without: Collection[UUID], now: datetime, *, offset: int, size: int
) -> list[CountryEventLine]:
    """Return a page of the events of a country beside those that take nominations, the newest first."""
    query = _past(country, without).order_by(Workshop.first_day.desc(), Workshop.code).offset(offset).limit(size)
    return _lines(db.session.execute(query).all(), country, now)


def is_open(country: str, now: datetime) -> bool:
    """Return whether an event takes nominations of a country now."""
    return any(line.phase is Phase.NOMINATIONS_OPEN for line in open_events(country, now))


def without_supervisor(people: Collection[UUID], today: date) -> frozenset[UUID]:
    """Return those of these officers who have no supervisor today: their contact point endorses."""
    return frozenset(people) - supervision.supervisors_of_each(people, today).keys() if people else frozenset()


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the queries of the events that wait for the nominations of a contact point.

    `nominations` counts them; the others are of the event with the nearest deadline.
    """
    if not allows(actor, Action.NOMINATE, own_scope(actor)):
        return {}
    now = clock.now()  # sources of tasks receive no time
    waiting = _taking_nominations(actor.country, now.date()).where(_has_work(actor))
    first = waiting.order_by(Workshop.nomination_deadline, Workshop.code).limit(1)
    return {
        "nominations": select(func.count()).select_from(waiting.subquery()),
        "nominations_first": first.with_only_columns(Workshop.id),
        "nominations_code": first.with_only_columns(Workshop.code),
        "nominations_until": first.with_only_columns(Workshop.nomination_deadline),
    }


def _of_country(country: str) -> Select[*tuple[Any, ...]]:
    invited = (" " + Workshop.invited_countries + " ").contains(f" {country} ", autoescape=True)
    return select(*Workshop.__table__.columns).where(
        Workshop.enrolment == EnrolmentMode.NOMINATED, or_(Workshop.invited_countries == "", invited)
    )


def _past(country: str, without: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    return _of_country(country).where(Workshop.state.in_(PUBLIC), Workshop.id.not_in(without))


def _taking_nominations(country: str, today: date) -> Select[*tuple[Any, ...]]:
    return _of_country(country).where(
        Workshop.state == WorkshopState.ANNOUNCED,
        Workshop.nomination_opens <= today,
        Workshop.nomination_deadline >= today,
    )


def _has_work(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the country has no nominee, or has endorsed officers without a rank."""
    own = (Nomination.workshop_id == Workshop.id, Nomination.country == actor.country)
    ranked = exists().where(*own, Nomination.nominated_by.is_not(None), Nomination.state.not_in(ENDED))
    waits = (Nomination.nominated_by.is_(None), Nomination.state == NominationState.ENDORSED)
    return or_(~ranked, exists().where(*own, *waits, Nomination.person_id != actor.id))


def _yesterday(now: datetime) -> date:
    """Return a day on which the deadline of no time zone has passed for longer than a day."""
    return date.fromordinal(now.date().toordinal() - 1)


def _lines(rows: Sequence[Any], country: str, now: datetime) -> list[CountryEventLine]:
    ids = [row.id for row in rows]
    spans, counts = _spans(ids), _counts(ids, country)
    return [_line(row, spans[row.id], counts.get(row.id, CountryCounts()), now) for row in rows]


def _line(row: Any, span: tuple[datetime, datetime], counts: CountryCounts, now: datetime) -> CountryEventLine:
    rules = nomination_rules(row)
    if rules is None:
        raise NoResultFound
    times = EventTimes(
        state=row.state,
        enrolment=row.enrolment,
        time_zone=row.time_zone,
        starts_at=span[0],
        ends_at=span[1],
        nomination_opens=rules.opens,
        nomination_deadline=rules.deadline,
    )
    workshop = WorkshopLine(**line_columns(row))
    return CountryEventLine(workshop=workshop, rules=rules, times=times, phase=phase(times, now), counts=counts)


def _spans(ids: Collection[UUID]) -> Mapping[UUID, tuple[datetime, datetime]]:
    """Return the first start and the last end of the sessions of these events."""
    query = select(
        WorkshopSession.workshop_id, func.min(WorkshopSession.starts_at), func.max(WorkshopSession.ends_at)
    ).where(WorkshopSession.workshop_id.in_(ids))
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query.group_by(WorkshopSession.workshop_id))}


def _counts(ids: Collection[UUID], country: str) -> Mapping[UUID, CountryCounts]:
    ranked = Nomination.nominated_by.is_not(None)
    query = (
        select(Nomination.workshop_id, Nomination.state, ranked, func.count())
        .where(
            Nomination.workshop_id.in_(ids),
            Nomination.country == country,
            func.coalesce(Nomination.seat_source, "") != SeatSource.OBSERVER.value,
        )
        .group_by(Nomination.workshop_id, Nomination.state, ranked)
    )
    numbers: dict[UUID, dict[str, int]] = {}
    for workshop_id, state, is_ranked, count in db.session.execute(query):
        group = _group(state, is_ranked=bool(is_ranked))
        if group:
            of_event = numbers.setdefault(workshop_id, {})
            of_event[group] = of_event.get(group, 0) + count
    return {key: CountryCounts(**values) for key, values in numbers.items()}


def _group(state: NominationState, *, is_ranked: bool) -> str:
    """Return the count to which a nomination belongs, or "" if it has ended without a seat."""
    if state in USED_SEATS:
        return "seats"
    if state is NominationState.WAITLISTED:
        return "waitlisted"
    if state in ENDED:
        return ""
    return "ranked" if is_ranked else "asked"
