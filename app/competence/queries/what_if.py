"""Read what a what-if needs: groups of officers by the competencies they have, samples with states, durations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain.assessment import rules
from app.competence.domain.measure import SkillState
from app.competence.domain.needs import at_least
from app.competence.domain.what_if import Skill, valid_days_after_workshop
from app.competence.models import CompetencyValidity, Period, State
from app.competence.queries.rule_inputs import skill_state
from app.db.session import db
from app.identity.queries import postings as accounts

Aim = tuple[str, Level]
DURATIONS = 3000  # newest periods that a duration is estimated from
LOOKED_AT = 1000  # officers among whom a sample is taken
PORTION = 30  # aims whose digits fit into 63 bits
EVER, TODAY, LATER = 1, 2, 3  # digits of an aim: verified once, valid today, valid on a later day


@dataclass(frozen=True, slots=True)
class WantedAims:
    """Competencies with levels, and the roles of the officers who need them (none: all officers)."""

    aims: Sequence[Aim]
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HolderGroup:
    """Officers with the same roles who had, have and will have the same of the wanted competencies."""

    roles: tuple[str, ...]
    ever: frozenset[Aim]
    today: frozenset[Aim]
    later: frozenset[Aim]
    count: int


@dataclass(frozen=True, slots=True)
class HolderEnds:
    """An officer with roles, and the last day of each competency ever verified."""

    person_id: UUID
    roles: tuple[str, ...]
    ends: Mapping[Aim, date]


@dataclass(frozen=True, slots=True)
class PeriodLength:
    """A period of a competency: its first and last day."""

    competency: str
    since: date
    until: date


def holder_groups(asked: WantedAims, today: date, later: date, *, country: str = "") -> list[HolderGroup]:
    """Return the officers who serve on a later day by roles and by which of these competencies they have."""
    serving = _serving(asked.roles, later, country)
    portions = [asked.aims[start : start + PORTION] for start in range(0, len(asked.aims), PORTION)]
    digits = [_digits(portion, today, later).label(f"digits_{number}") for number, portion in enumerate(portions)]
    wanted = CompetencyValidity.competency.in_({name for name, _level in asked.aims})
    query = select(CompetencyValidity.person_id, *digits).where(wanted).group_by(CompetencyValidity.person_id)
    if country:
        query = query.where(CompetencyValidity.person_id.in_(select(serving.c.person_id)))
    had = query.subquery()
    columns = (serving.c.roles, *(had.c[column.name] for column in digits))
    groups = (
        select(*columns, func.count())
        .select_from(serving.outerjoin(had, had.c.person_id == serving.c.person_id))
        .group_by(*columns)
    )
    return [_group(portions, *row) for row in db.session.execute(groups)]


def _group(portions: Sequence[Sequence[Aim]], roles: str, *columns: Any) -> HolderGroup:
    """Return a group from a row: its roles, the digits of each portion of aims, its number of officers."""
    *digits, count = columns
    pairs = zip(portions, digits, strict=True)
    had = [
        (aim, int(number or 0) >> 2 * position & 3) for portion, number in pairs for position, aim in enumerate(portion)
    ]
    ever, valid, later = (frozenset(aim for aim, digit in had if digit >= least) for least in (EVER, TODAY, LATER))
    return HolderGroup(roles=tuple(roles.split()), ever=ever, today=valid, later=later, count=count)


def _serving(roles: Collection[str], day: date, country: str) -> Subquery:
    """Return the officers who serve on a day, those without any of the roles left out."""
    serving = accounts.serving_with_roles(day, country)
    if not roles:
        return serving
    names = literal(" ") + serving.c.roles + " "
    return select(serving).where(or_(*(names.contains(f" {role} ") for role in roles))).subquery("serving_in_roles")


def _digits(aims: Sequence[Aim], today: date, later: date) -> ColumnElement[int]:
    """Return a number with a digit of two bits for each aim: 0 never, 1 ended, 2 valid today, 3 valid on a later day.

    A sum over the rows of an officer: each competency and level is one row.
    """
    row = CompetencyValidity
    at = case(
        *(
            (and_(row.competency == name, row.level == level), literal(4**position, BigInteger))
            for position, (name, level) in enumerate(aims)
        ),
        else_=literal(0, BigInteger),
    )
    digit = case((row.until >= later, LATER), (row.until >= today, TODAY), else_=EVER)
    return func.sum(at * digit)


def sample(competencies: Collection[str], day: date, *, country: str = "") -> list[HolderEnds]:
    """Return up to 1,000 officers who serve on a day, with the last days of these competencies, by their ids."""
    serving = accounts.serving_with_roles(day, country)
    is_holder = exists().where(
        CompetencyValidity.person_id == serving.c.person_id, CompetencyValidity.competency.in_(competencies)
    )
    query = select(serving.c.person_id, serving.c.roles).where(is_holder)
    roles = {row[0]: row[1] for row in db.session.execute(query.order_by(serving.c.person_id).limit(LOOKED_AT))}
    return ends_of(roles, competencies)


def ends_of(roles: Mapping[UUID, str], competencies: Collection[str]) -> list[HolderEnds]:
    """Return the last day of each of these competencies of people, who are given with their roles."""
    query = select(
        CompetencyValidity.person_id, CompetencyValidity.competency, CompetencyValidity.level, CompetencyValidity.until
    ).where(CompetencyValidity.person_id.in_(roles), CompetencyValidity.competency.in_(competencies))
    ends: dict[UUID, dict[Aim, date]] = {person_id: {} for person_id in roles}
    for person_id, name, level, until in db.session.execute(query):
        ends[person_id][name, level] = until
    return [HolderEnds(person_id, tuple(roles[person_id].split()), ends[person_id]) for person_id in roles]


def skills_of(gaps: Mapping[UUID, Collection[Aim]]) -> Mapping[UUID, list[Skill]]:
    """Return the skills of people in the competencies that each of them lacks."""
    framework = catalogue.competencies() or Competencies()
    names = {name for aims in gaps.values() for name, _level in aims}
    query = select(State.__table__).where(State.person_id.in_(gaps), State.competency.in_(names))
    states = {(row.person_id, row.competency, row.level): skill_state(row) for row in db.session.execute(query)}
    return {
        person_id: [
            Skill(_best(states, person_id, name, level), rules(framework, name)(level)) for name, level in sorted(aims)
        ]
        for person_id, aims in gaps.items()
    }


def period_lengths(competencies: Collection[str], level: Level) -> list[PeriodLength]:
    """Return the newest periods of these competencies at a level, at most 3,000."""
    query = (
        select(Period.competency, Period.since, Period.until)
        .where(Period.competency.in_(competencies), Period.level == level)
        .order_by(Period.id.desc())
        .limit(DURATIONS)
    )
    return [PeriodLength(*row) for row in db.session.execute(query)]


def standard_days(competency: str, level: Level, day: date) -> int:
    """Return for how many days the standard path of the measure keeps a competency verified after a workshop."""
    framework = catalogue.competencies() or Competencies()
    return valid_days_after_workshop(rules(framework, competency)(level), day)


def _best(
    states: Mapping[tuple[UUID, str, Level], SkillState], person_id: UUID, name: str, level: Level
) -> SkillState | None:
    return next((states[key] for at in at_least(level) if (key := (person_id, name, at)) in states), None)
