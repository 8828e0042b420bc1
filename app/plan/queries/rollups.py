"""Sum the rollups for a day: whole months (`FigureMonth`), then the days of its own month (`FigureDay`)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, union_all

from app.db.session import db
from app.plan.domain.definitions import Collected, StoredDefinition, collected
from app.plan.domain.spans import ends_month, first_of, month_of
from app.plan.domain.sums import EVERY, TOLERANCE, FigureSum
from app.plan.models import FigureDay, FigureMonth

RollUp = type[FigureDay] | type[FigureMonth]
Cells = dict[str, FigureSum]
Running = dict[tuple[str, int, str], FigureSum]  # by code, version and country


def of_day(
    defined: Collection[StoredDefinition],
    day: date,
    split: str,
    *,
    country: str = "",
    agency_kind: str = "",
    role: str = "",
    among: Collection[str] | None = None,
) -> Mapping[tuple[str, int], Cells]:
    """Return the sums on a day by code and version, then by `country`, `agency_kind` or `role`, in one statement.

    `among`: only of these countries.
    """
    wanted = {"country": country, "agency_kind": agency_kind, "role": role, "among": among}
    parts = [
        _added(FigureMonth, defined, split).where(FigureMonth.month < month_of(day), *_in(FigureMonth, wanted, split)),
        _added(FigureDay, defined, split).where(_within(day), *_in(FigureDay, wanted, split)),
    ]
    sums: dict[tuple[str, int], Cells] = defaultdict(lambda: defaultdict(FigureSum))
    for code, version, cell, numerator, denominator in db.session.execute(union_all(*parts)):
        sums[code, version][cell] += FigureSum(numerator, denominator)
    return {key: _with_records(cells) for key, cells in sums.items()}


def history(
    defined: Collection[StoredDefinition], days: Collection[date], *, country: str = ""
) -> Mapping[tuple[str, int, date], Cells]:
    """Return the sums of many indicators on several days by code, version and day, then by country.

    Two statements, however many days; the second only for days that do not end a month.
    """
    months, loose_days = _months(defined, days, country), _days(defined, days, country)
    sums: dict[tuple[str, int, date], Cells] = defaultdict(dict)
    running: Running = defaultdict(FigureSum)
    part: Running = defaultdict(FigureSum)  # of a broken month, up to the day
    before = 0
    for day in sorted(set(days)):
        month, ends = month_of(day), ends_month(day)
        _add_until(running, months, month - 1 + ends)
        if month != before or ends:
            part.clear()
        _add_until(part, [] if ends else loose_days[month], day)
        before = month
        for (code, version, cell), amount in _both(running, part).items():
            sums[code, version, day][cell] = amount
    return {key: _with_records(cells) for key, cells in sums.items()}


def all_cells(defined: Collection[StoredDefinition], month_end: date) -> Mapping[tuple[str, str, str, str], FigureSum]:
    """Return all cells at the end of a month by code, country, kind of agency and role; each code has one version."""
    table, versions = FigureMonth, {definition.code: definition.version for definition in defined}
    by = (table.code, table.version, table.country, table.agency_kind, table.role)
    query = select(*by, func.sum(table.numerator), func.sum(table.denominator)).group_by(*by)
    counted = query.where(*_of(table, defined), table.month <= month_of(month_end))
    return {
        (code, country, kind, role): FigureSum(numerator, denominator)
        for code, version, country, kind, role, numerator, denominator in db.session.execute(counted)
        if versions[code] == version
    }


def _both(running: Running, part: Running) -> Running:
    """Return the sums of whole months and of the broken month together."""
    return {key: running[key] + part[key] if key in part else running[key] for key in running.keys() | part.keys()}


def _add_until(sums: Running, moves: list[Row[*tuple[Any, ...]]], last: Any) -> None:
    """Add moves up to a month or day to the sums, and remove them from the list, which ends with the oldest."""
    while moves and moves[-1][0] <= last:
        _, code, version, cell, numerator, denominator = moves.pop()
        sums[code, version, cell] += FigureSum(numerator, denominator)


def _with_records(cells: Cells) -> Cells:
    """Leave out cells whose records no longer count: their sums are zero."""
    return {cell: amount for cell, amount in cells.items() if not _is_zero(amount)}


def _is_zero(amount: FigureSum) -> bool:
    return abs(amount.numerator) <= TOLERANCE and abs(amount.denominator) <= TOLERANCE


def _months(defined: Collection[StoredDefinition], days: Collection[date], country: str) -> list[Row[*tuple[Any, ...]]]:
    """Return the moves of the months that are needed, the newest first."""
    last = max(map(month_of, days), default=0)
    query = _moved(FigureMonth, FigureMonth.month, defined, country).where(FigureMonth.month <= last)
    return list(reversed(db.session.execute(query.order_by(FigureMonth.month)).all()))


def _days(
    defined: Collection[StoredDefinition], days: Collection[date], country: str
) -> Mapping[int, list[Row[*tuple[Any, ...]]]]:
    """Return the moves of the days in broken months, by month, the newest first."""
    moves: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    last = {month_of(day): day for day in sorted(days) if not ends_month(day)}
    if last:
        query = _moved(FigureDay, FigureDay.day, defined, country)
        broken = query.where(or_(*map(_within, last.values())))
        for row in db.session.execute(broken.order_by(FigureDay.day.desc())):
            moves[month_of(row.day)].append(row)
    return moves


def _moved(table: RollUp, when: Any, defined: Collection[StoredDefinition], country: str) -> Select[Any]:
    columns = (when, table.code, table.version, table.country, table.numerator, table.denominator)
    return select(*columns).where(*_of(table, defined), *_in(table, {"country": country}, "country"))


def _added(table: RollUp, defined: Collection[StoredDefinition], split: str) -> Select[Any]:
    columns = (table.code, table.version, getattr(table, split))
    added = select(*columns, func.sum(table.numerator), func.sum(table.denominator)).group_by(*columns)
    return added.where(*_of(table, defined))


def _of(table: RollUp, defined: Collection[StoredDefinition]) -> Iterator[ColumnElement[bool]]:
    counted = [definition for definition in defined if collected(definition.indicator) is not Collected.NOT_YET]
    # codes and versions are named, so that the database uses the tables' keys
    yield table.code.in_({definition.code for definition in counted})
    yield table.version.in_({definition.version for definition in counted})


def _in(table: RollUp, wanted: Mapping[str, Any], split: str) -> Iterator[ColumnElement[bool]]:
    """Return the conditions for a cell; without a kind of agency or role, the rows of the sums over all are read."""
    if wanted.get("among") is not None:
        yield table.country.in_(wanted["among"])
    if wanted.get("country"):
        yield table.country == wanted["country"]
    for name in ("agency_kind", "role"):
        column = getattr(table, name)
        if wanted.get(name) or split != name:
            yield column == (wanted.get(name) or EVERY)
        else:
            yield column != EVERY


def _within(day: date) -> ColumnElement[bool]:
    return and_(FigureDay.day >= first_of(day), FigureDay.day <= day)
