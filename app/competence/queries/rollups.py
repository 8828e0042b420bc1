"""Read the capacity rollups: sums of a day (`CapacityDay`), and holders by the month in which validity ends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import LEVELS
from app.competence.domain.periods import EVERY, first_of, month_of
from app.competence.models import AgencyMonth, CapacityDay, CompetencyValidity, CountryMonth
from app.db.session import db

AHEAD = 3  # months: who still holds it when the third one from now begins
MIDDLE = 15  # of a month
SUMMED = ("need", "headcount", "expected", "var", "audited", "low", "high", "watched", "checks")

Aim = tuple[str, Level]


@dataclass(frozen=True, slots=True)
class NightSums:
    """The sums of a competency and level on a day, as in `CapacityDay`; None without surprise checks."""

    day: date
    need: float | None = 0
    headcount: float | None = 0
    expected: float | None = 0.0
    var: float | None = 0.0
    audited: float | None = None
    low: float | None = None
    high: float | None = None
    watched: float | None = 0
    checks: float | None = 0

    def __add__(self, other: "NightSums") -> "NightSums":
        return NightSums(self.day, **{name: _added(getattr(self, name), getattr(other, name), 1) for name in SUMMED})

    def __sub__(self, other: "NightSums") -> "NightSums":
        return NightSums(self.day, **{name: _added(getattr(self, name), getattr(other, name), -1) for name in SUMMED})


def _added(first: float | None, second: float | None, sign: int) -> float | None:
    """Return a sum or difference; None without either."""
    if first is None and second is None:
        return None
    return (first or 0) + sign * (second or 0)


def of_night_by_country(day: date) -> dict[str, dict[Aim, NightSums]]:
    """Return the newest sums up to a day by country, then by competency and level."""
    newest = select(func.max(CapacityDay.day)).where(CapacityDay.day <= day).scalar_subquery()
    by = (CapacityDay.country, CapacityDay.competency, CapacityDay.level)
    added = (func.sum(getattr(CapacityDay, name)).label(name) for name in SUMMED)
    query = select(*by, func.max(CapacityDay.day).label("day"), *added).where(CapacityDay.day == newest).group_by(*by)
    sums: dict[str, dict[Aim, NightSums]] = {}
    for row in db.session.execute(query):
        night = NightSums(row.day, **{name: getattr(row, name) for name in SUMMED})
        sums.setdefault(row.country, {})[row.competency, row.level] = night
    return sums


def of_night(day: date, country: str, agency_id: UUID | None) -> Mapping[Aim, Any]:
    """Return the newest sums up to a day by competency and level."""
    newest = select(func.max(CapacityDay.day)).where(CapacityDay.day <= day).scalar_subquery()
    by = (CapacityDay.day, CapacityDay.competency, CapacityDay.level)
    added = (func.sum(getattr(CapacityDay, name)).label(name) for name in SUMMED)
    query = select(*by, *added).where(CapacityDay.day == newest, *_of(CapacityDay, country, agency_id)).group_by(*by)
    return {(row.competency, row.level): row for row in db.session.execute(query)}


def holders(
    day: date, competencies: Collection[str], country: str, agency_id: UUID | None
) -> Mapping[Aim, tuple[int, int]]:
    """Return how many officers have each competency on a day from today on, and how many still do three months later.

    Whole months are counted by the rollups; the rest of the day's month by the stored validity, from its nearer end.
    """
    month, early = month_of(day), day.day <= MIDDLE
    counts: dict[Aim, tuple[int, int]] = {}
    for name, level, now, later in db.session.execute(_months(month, month + (not early), country, agency_id)):
        counts[name, level] = int(now), int(later)
    edge = (first_of(month), day - timedelta(days=1)) if early else (day, first_of(month + 1) - timedelta(days=1))
    for name, level, n in db.session.execute(_between(*edge, competencies, country, agency_id)):
        now, later = counts.get((name, level), (0, 0))
        counts[name, level] = now + (-n if early else n), later
    return {aim: pair for aim, pair in counts.items() if pair != (0, 0)}


def _months(month: int, first: int, country: str, agency_id: UUID | None) -> Select[Any]:
    model: Any = CountryMonth if agency_id is None else AgencyMonth
    later = func.sum(case((model.month >= month + AHEAD, model.n), else_=0))
    query = select(model.competency, model.level, func.sum(model.n), later).where(model.month >= first)
    if agency_id is None:
        query = query.where(CountryMonth.role == EVERY)
    return query.where(*_of(model, country, agency_id)).group_by(model.competency, model.level)


def _between(
    first: date, last: date, competencies: Collection[str], country: str, agency_id: UUID | None
) -> Select[str, Level, int]:
    query = select(CompetencyValidity.competency, CompetencyValidity.level, func.count().label("n")).group_by(
        CompetencyValidity.competency, CompetencyValidity.level
    )
    # each of them named, so that the database looks nowhere else in the index
    named = (CompetencyValidity.competency.in_(competencies), CompetencyValidity.level.in_(LEVELS))
    return query.where(
        CompetencyValidity.until.between(first, last), *named, *_of(CompetencyValidity, country, agency_id)
    )


def _of(model: Any, country: str, agency_id: UUID | None) -> list[ColumnElement[bool]]:
    if agency_id is not None:
        return [model.agency_id == agency_id]
    return [model.country == country] if country else []
