"""Read the frozen figures of locked quarters."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from app.db.session import db
from app.plan.domain.cells import quarter_end
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.frozen import NOTHING, CellKey, FrozenCell, FrozenRow, LockedFigure
from app.plan.domain.sums import EVERY
from app.plan.models import FrozenFigure as Frozen

CUT = ("country", "agency_kind", "role")


def of_days(days: Collection[date], *, only: str = "") -> Mapping[date, Mapping[str, LockedFigure]]:
    """Return the frozen figures (or that of one indicator) by day and code; days that are not locked are left out.

    One statement, none if no day ends a quarter.
    """
    ends = {day for day in days if day == quarter_end(day)}
    if not ends:
        return {}
    query = select(*_COLUMNS).where(Frozen.day.in_(ends), Frozen.agency_kind == EVERY, Frozen.role == EVERY)
    by_day: dict[date, dict[str, list[Row[Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(query.where(Frozen.code == only) if only else query):
        by_day[row.day][row.code].append(row)
    return {day: {code: _figure(rows) for code, rows in codes.items()} for day, codes in by_day.items()}


def split_cells(
    defined: StoredDefinition,
    day: date,
    split: str,
    *,
    country: str = "",
    agency_kind: str = "",
    role: str = "",
    among: Collection[str] | None = None,
) -> dict[str, FrozenCell]:
    """Return the cells of a frozen figure by `country`, `agency_kind` or `role`; `among`: only of these countries."""
    wanted = {"country": country, "agency_kind": agency_kind, "role": role}
    query = select(*_COLUMNS).where(*_of(defined, day), Frozen.country != EVERY, *_in(wanted, split))
    if among is not None:
        query = query.where(Frozen.country.in_(among))
    cells: dict[str, FrozenCell] = {}
    for row in db.session.execute(query):
        key = getattr(row, split)
        cells[key] = cells.get(key, NOTHING) + _cell(row)
    return cells


def totals(defined: StoredDefinition, day: date, split: str) -> Mapping[str, FrozenCell]:
    """Return the cells of all countries together by `agency_kind` or `role`, or those of each country."""
    if split == "country":
        frozen = defined.frozen_on(day)
        return {} if frozen is None else frozen.cells
    wanted = {"country": EVERY, "agency_kind": "", "role": ""}
    query = select(*_COLUMNS).where(*_of(defined, day), *_in(wanted, split))
    return {getattr(row, split): _cell(row) for row in db.session.execute(query)}


def rows(end: date) -> list[FrozenRow]:
    """Return all rows that were locked with a quarter."""
    query = select(*_COLUMNS).where(Frozen.quarter_end == end)
    return [
        FrozenRow(
            row.day, CellKey(row.code, row.country, row.agency_kind, row.role), row.version, _cell(row), row.beside
        )
        for row in db.session.execute(query)
    ]


_CELL = (
    "numerator", "denominator", "protected_numerator", "protected_denominator", "officers", "outside", "need",
)  # fmt: skip
_COLUMNS: tuple[Any, ...] = tuple(getattr(Frozen, name) for name in ("day", "code", "version", *CUT, *_CELL, "beside"))
_values = attrgetter(*_CELL)


def _cell(row: Row[Any]) -> FrozenCell:
    return FrozenCell(*_values(row))


def _figure(rows: list[Row[Any]]) -> LockedFigure:
    beside = next((row.beside for row in rows if row.beside), "{}")
    return LockedFigure(rows[0].day, rows[0].version, {row.country: _cell(row) for row in rows}, beside)


def _of(defined: StoredDefinition, day: date) -> Iterator[ColumnElement[bool]]:
    yield Frozen.day == day
    yield Frozen.code == defined.code


def _in(wanted: Mapping[str, str], split: str) -> Iterator[ColumnElement[bool]]:
    """Return the conditions for a cell; without a kind of agency or role, the rows of the sums over all are read."""
    if wanted["country"]:
        yield Frozen.country == wanted["country"]
    for name in ("agency_kind", "role"):
        column = getattr(Frozen, name)
        if wanted[name] or split != name:
            yield column == (wanted[name] or EVERY)
        else:
            yield column != EVERY
