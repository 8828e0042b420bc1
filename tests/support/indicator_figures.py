"""Figures of indicators on any day, from the roll-ups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.plan.domain import definitions as defining
from app.plan.domain.definitions import Collected, StoredDefinition
from app.plan.domain.figures import figure, total
from app.plan.domain.sums import FigureSum
from app.plan.queries import rollups
from app.plan.queries.figures import definitions


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator on a day; `value` is None if it has no figure, percents run from 0 to 100."""

    code: str
    version: int
    sum: FigureSum
    value: float | None
    collected: Collected


def figures_on(day: date, *, country: str = "", agency_kind: str = "", role: str = "") -> dict[str, Figure]:
    """Return the figure of every indicator on a day (a past one, or a future one: the forecast), by code."""
    valid = defining.all_valid_on(definitions(), day)
    sums = rollups.of_day(valid.values(), day, "country", country=country, agency_kind=agency_kind, role=role)
    return {code: _figure(defined, sums.get((code, defined.version), {})) for code, defined in valid.items()}


def figures_by_country(day: date) -> dict[str, dict[str, Figure]]:
    """Return the figures of all indicators for every country that has a record: country, then code."""
    sums = rollups.of_day(defining.all_valid_on(definitions(), day).values(), day, "country")
    countries = sorted({country for parts in sums.values() for country in parts if country})
    return {country: figures_on(day, country=country) for country in countries}


def figure_line(code: str, days: Sequence[date], *, country: str = "") -> list[float | None]:
    """Return the figure on each of these days."""
    versions = [defined for defined in definitions() if defined.code == code]
    sums = rollups.history(versions, days, country=country)
    values = []
    for day in days:
        valid = defining.valid_on(versions, day)
        values.append(None if valid is None else _figure(valid, sums.get((code, valid.version, day), {})).value)
    return values


def _figure(defined: StoredDefinition, parts: Mapping[str, FigureSum]) -> Figure:
    source = defining.collected(defined.indicator)
    value = None
    if source is not Collected.NOT_YET:
        value = figure(defined.rule, defined.indicator.unit, defined.indicator.settings, parts)
    return Figure(defined.code, defined.version, total(parts), value, source)
