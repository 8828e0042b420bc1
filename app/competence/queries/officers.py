"""Read officers of a country for contact points and supervisors: lists, needs and their ends, claims to decide."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows, own_scope
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain import needs as rules
from app.competence.domain.evidence import LEVELS
from app.competence.models import CompetencyValidity, NamedNeed
from app.competence.queries import competencies
from app.competence.shapes import ClaimLine, PeriodSpan
from app.db.session import db
from app.identity.queries import people as accounts
from app.identity.queries.people import OfficerLine
from app.identity.queries.postings import roles_on
from app.kernel import clock
from app.rights.queries import supervision

PAGE = 50
BATCH = 500
SOON = 60  # days ahead that a contact point looks
QUARTER = 90


class OfficerFilter(StrEnum):
    """The filter by state in the list of officers."""

    DUE = "due"  # something needed ends within 60 days
    SOON = "soon"  # within 90 days
    LAPSED = "lapsed"  # something needed has ended


@dataclass(frozen=True, slots=True)
class CompetencyCounts:
    """The needs of an officer: all, verified, due within 60 days, lapsed; and the nearest end."""

    needed: int
    verified: int
    due: int
    lapsed: int
    next_end: date | None


@dataclass(frozen=True, slots=True)
class VisibleOfficer:
    """An officer of the actor's country."""

    officer: OfficerLine
    country: str

    @property
    def person_id(self) -> UUID:
        """Return the id of the person."""
        return self.officer.person_id


@dataclass(frozen=True, slots=True)
class EndingNeed:
    """A competency that a person needs, with the last day of its validity."""

    person_id: UUID
    competency: str
    until: date


@dataclass(frozen=True, slots=True)
class Decidable:
    """A claim of an officer of this country, with the officer's supervisors."""

    claim: ClaimLine
    country: str
    supervisors: frozenset[UUID]


def officers(
    country: str, today: date, framework: Competencies, *, role: str, narrowed: OfficerFilter | None, after: str
) -> list[OfficerLine]:
    """Return a page of officers by alias, and one more when there are more."""
    having = None if narrowed is None else _ending(today, _by_role(framework, role), narrowed)
    return accounts.officers_of(country, today, role=role, having=having, after=after, size=PAGE + 1)


def count(country: str, today: date, framework: Competencies, narrowed: OfficerFilter | None = None) -> int:
    """Return how many officers a list of `officers` has in all."""
    having = None if narrowed is None else _ending(today, _by_role(framework, ""), narrowed)
    return accounts.count_officers_of(country, today, having=having)


def tallies(people: Sequence[OfficerLine], today: date, framework: Competencies) -> Mapping[UUID, CompetencyCounts]:
    """Return the counts of the needs of these officers, in one statement for all."""
    needs_by_person = ends(framework, {line.person_id: line.roles for line in people})
    return {key: _tally(list(asked.values()), today) for key, asked in needs_by_person.items()}


def ends(framework: Competencies, people: Mapping[UUID, Collection[str]]) -> Mapping[UUID, Mapping[str, date | None]]:
    """Return the needs of these people by competency, each with its last valid day (None: never verified)."""
    last_days: dict[tuple[UUID, str, Level], date] = {}
    named: list[tuple[UUID, str, Level]] = []
    for person_id, name, level, until in db.session.execute(_ENDS, {"people": list(people)}):
        if until is None:
            named.append((person_id, name, level))
        else:
            last_days[person_id, name, level] = until
    return {
        key: {need.competency: last_days.get((key, need.competency, need.level)) for need in asked}
        for key, asked in competencies.asked_of(framework, people, named).items()
    }


def held_by(person_id: UUID, today: date) -> list[PeriodSpan]:
    """Return the newest validity of each competency of a person, at the highest level, a valid one first."""
    return held_by_all([person_id], today).get(person_id, [])


def held_by_all(ids: Collection[UUID], today: date) -> Mapping[UUID, list[PeriodSpan]]:
    """Return the result of `held_by` for several people; people without any validity are left out."""
    spans_by_person: dict[UUID, list[PeriodSpan]] = {}
    for row in db.session.execute(_VALIDITIES, {"people": list(ids)}):
        spans_by_person.setdefault(row[0], []).append(PeriodSpan(*row[1:]))
    return {person_id: _highest(spans, today) for person_id, spans in spans_by_person.items()}


def needs(framework: Competencies, people: Mapping[UUID, Collection[str]]) -> Mapping[UUID, Mapping[str, Level]]:
    """Return the needs of these people by competency, with their levels: of the roles given for each, and by name."""
    needs_by_person = competencies.needs_of_all(framework, people)
    return {key: {need.competency: need.level for need in asked} for key, asked in needs_by_person.items()}


def ending(competency: str, level: Level, *, first: date, last: date, after: UUID | None) -> list[tuple[UUID, date]]:
    """Return the next 500 people by id whose validity ends from `first` to `last`, each with its last day."""
    query = (
        select(CompetencyValidity.person_id, CompetencyValidity.until)
        .where(
            CompetencyValidity.competency == competency,
            CompetencyValidity.level == level,
            CompetencyValidity.until.between(first, last),
        )
        .order_by(CompetencyValidity.person_id)
        .limit(BATCH)
    )
    if after is not None:
        query = query.where(CompetencyValidity.person_id > after)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def people_losing(framework: Competencies, span: tuple[date, date], after: UUID | None, size: int) -> list[UUID]:
    """Return the next people by id with any validity of the framework that ends in the span, needed or not."""
    # the levels are named, too: an index that begins with both of them has the days
    named = (
        CompetencyValidity.competency.in_([competency.id for competency in framework.competencies]),
        CompetencyValidity.level.in_(LEVELS),
    )
    query = select(CompetencyValidity.person_id).where(*named, CompetencyValidity.until.between(*span)).distinct()
    if after is not None:
        query = query.where(CompetencyValidity.person_id > after)
    return list(db.session.scalars(query.order_by(CompetencyValidity.person_id).limit(size)))


def needs_ending(
    framework: Competencies, ids: Collection[UUID], span: tuple[date, date], today: date
) -> list[EndingNeed]:
    """Return the needs of these people whose validity ends in the span."""
    needs_by_person = ends(framework, roles_on(ids, today))
    return [
        EndingNeed(person_id, competency, until)
        for person_id, asked in needs_by_person.items()
        for competency, until in asked.items()
        if until is not None and span[0] <= until <= span[1]
    ]


def officer(actor: Actor, person_id: UUID) -> VisibleOfficer:
    """Return an officer of the actor's country for its contact point, or raise NoResultFound."""
    if not allows(actor, Action.SEE_OFFICERS, own_scope(actor)):
        raise NoResultFound
    # a loader receives no time, and a posting ends by the day
    return VisibleOfficer(accounts.officer(person_id, actor.country, clock.today()), actor.country)


def waiting(actor: Actor, today: date, *, offset: int = 0, size: int | None = None) -> list[ClaimLine]:
    """Return the claims that wait for the actor, the oldest first; own claims are left out."""
    among = _mine(actor, today)
    return competencies.claims_waiting(actor.country, today, among=among, but=actor.id, offset=offset, size=size)


def count_waiting(actor: Actor, today: date) -> int:
    """Return how many claims wait for the actor."""
    return competencies.count_claims_waiting(actor.country, today, among=_mine(actor, today), but=actor.id)


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the query that counts the claims that the actor may decide."""
    if not allows(actor, Action.DECIDE_CLAIM, own_scope(actor)):
        return {}
    today = clock.today()
    among = _mine(actor, today)
    return {"claims": competencies.counting_claims_waiting(actor.country, today, among=among, but=actor.id)}


def decidable(actor: Actor, claim_id: UUID) -> Decidable:
    """Return a claim of another officer of the actor's country, or of one supervised, or raise NoResultFound."""
    if not actor.country or not allows(actor, Action.DECIDE_CLAIM, own_scope(actor)):
        raise NoResultFound
    today = clock.today()
    line = competencies.claim(claim_id, actor.country, today)
    claim = Decidable(line, actor.country, supervision.supervisors_of(line.person_id, today))
    if line.person_id == actor.id or not allows(actor, Action.DECIDE_CLAIM, claim):
        raise NoResultFound
    return claim


def _highest(spans: Sequence[PeriodSpan], today: date) -> list[PeriodSpan]:
    ordered = sorted(spans, key=lambda span: (span.until >= today, LEVELS.index(span.level)))
    highest = {span.competency: span for span in ordered}
    return [highest[name] for name in sorted(highest)]


def _mine(actor: Actor, today: date) -> Select[UUID] | None:
    """Return the officers whose claims the actor decides: None for a contact point (all), else the supervised ones."""
    return None if allows(actor, Action.SEE_OFFICERS, own_scope(actor)) else supervision.officers_of(actor.id, today)


def _ending(
    today: date, by_role: Sequence[ColumnElement[bool]], narrowed: OfficerFilter
) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    """Return the condition that a person has a need that ends or ended, by first role or by name.

    The validity has only the first role of the posting: needs of a second role alone are not found here. The
    condition is checked person by person, so that the query of a page ends after its fiftieth row.
    """
    end = CompetencyValidity.until
    when = {
        OfficerFilter.DUE: and_(end >= today, end < today + timedelta(days=SOON)),
        OfficerFilter.SOON: and_(end >= today, end < today + timedelta(days=QUARTER)),
        OfficerFilter.LAPSED: end < today,
    }[narrowed]
    by_name = exists().where(
        NamedNeed.person_id == CompetencyValidity.person_id,
        NamedNeed.competency == CompetencyValidity.competency,
        NamedNeed.level == CompetencyValidity.level,
    )
    return lambda person_id: exists().where(CompetencyValidity.person_id == person_id, when, or_(*by_role, by_name))


def _by_role(framework: Competencies, role: str) -> list[ColumnElement[bool]]:
    roles = [role] if role else [role.id for role in framework.roles]
    asked = {role: list(rules.of_roles(framework, [role]).items()) for role in roles}
    return [
        and_(
            CompetencyValidity.role == role, tuple_(CompetencyValidity.competency, CompetencyValidity.level).in_(pairs)
        )
        for role, pairs in asked.items()
        if pairs
    ]


def _tally(ends: Sequence[date | None], today: date) -> CompetencyCounts:
    counting = sorted(end for end in ends if end is not None and end >= today)
    return CompetencyCounts(
        needed=len(ends),
        verified=len(counting),
        due=sum(1 for end in counting if end < today + timedelta(days=SOON)),
        lapsed=sum(1 for end in ends if end is not None and end < today),
        next_end=counting[0] if counting else None,
    )


# built once: the home page and the record send them
_HOLDER = CompetencyValidity.person_id.in_(bindparam("people"))
_VALIDITIES = select(
    CompetencyValidity.person_id,
    CompetencyValidity.competency,
    CompetencyValidity.level,
    CompetencyValidity.since,
    CompetencyValidity.until,
).where(_HOLDER)
# validities, and needs by name, in one statement
_ENDS = union_all(
    select(
        CompetencyValidity.person_id, CompetencyValidity.competency, CompetencyValidity.level, CompetencyValidity.until
    ).where(_HOLDER),
    select(NamedNeed.person_id, NamedNeed.competency, NamedNeed.level, cast(null(), Date)).where(
        NamedNeed.person_id.in_(bindparam("people"))
    ),
)
