"""Read what a what-if needs: groups of officers by the competencies they have, samples with states, durations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

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


def holder_groups(aims: Sequence[Aim], today: date, later: date, *, country: str = "") -> list[HolderGroup]:
    """Return the officers who serve on a later day by roles and by which of these competencies they have."""
    serving = accounts.serving_with_roles(later, country)
    bits = _bits(aims)
    masks = (
        select(
            CompetencyValidity.person_id,
            func.sum(bits).label("ever"),
            func.sum(case((CompetencyValidity.until >= today, bits), else_=0)).label("today"),
            func.sum(case((CompetencyValidity.until >= later, bits), else_=0)).label("later"),
        )
        .where(
            CompetencyValidity.competency.in_({name for name, _level in aims}),
            CompetencyValidity.level.in_({level for _name, level in aims}),
        )
        .group_by(CompetencyValidity.person_id)
        .subquery()
    )
    columns = (serving.c.roles, masks.c.ever, masks.c.today, masks.c.later)
    query = (
        select(*columns, func.count().label("n"))
        .select_from(serving.outerjoin(masks, masks.c.person_id == serving.c.person_id))
        .group_by(*columns)
    )
    sets = _SetsOfMasks(aims)
    return [
        HolderGroup(
            roles=tuple(row.roles.split()),
            ever=sets[row.ever],
            today=sets[row.today],
            later=sets[row.later],
            count=row.n,
        )
        for row in db.session.execute(query)
    ]


def sample(competencies: Collection[str], day: date, *, country: str = "") -> list[HolderEnds]:
    """Return up to 1,000 officers who serve on a day, with the last days of these competencies, by their ids."""
    serving = accounts.serving_with_roles(day, country)
    holders = select(CompetencyValidity.person_id).where(CompetencyValidity.competency.in_(competencies))
    query = select(serving.c.person_id, serving.c.roles).where(serving.c.person_id.in_(holders))
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


def _bits(aims: Sequence[Aim]) -> ColumnElement[int]:
    """Return the bit of a row's competency and level; a sum of bits over distinct rows is a set."""
    whens = [
        (and_(CompetencyValidity.competency == name, CompetencyValidity.level == level), 2**position)
        for position, (name, level) in enumerate(aims)
    ]
    return case(*whens, else_=0)


class _SetsOfMasks(dict[int | None, frozenset[Aim]]):
    """The set of each mask, made once."""

    def __init__(self, aims: Sequence[Aim]) -> None:
        super().__init__()
        self._aims = aims

    def __missing__(self, mask: int | None) -> frozenset[Aim]:
        number = int(mask or 0)
        self[mask] = frozenset(aim for position, aim in enumerate(self._aims) if number >> position & 1)
        return self[mask]


def _best(
    states: Mapping[tuple[UUID, str, Level], SkillState], person_id: UUID, name: str, level: Level
) -> SkillState | None:
    return next((states[key] for at in at_least(level) if (key := (person_id, name, at)) in states), None)
