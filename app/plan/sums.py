"""Adding up the roll-ups: the whole months before a day's month, and the days of that month up to the day."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, union_all

from app.db.session import db
from app.plan.domain.definitions import Collected, Defined, collected
from app.plan.domain.figures import Sum
from app.plan.domain.spans import ends_month, first_of, month_of
from app.plan.models import FigureDay, FigureMonth

RollUp = type[FigureDay] | type[FigureMonth]
Cells = dict[str, Sum]


def of_day(
    defined: Collection[Defined], day: date, split: str, *, country: str = "", agency_kind: str = "", role: str = ""
) -> Mapping[tuple[str, int], Cells]:
    """Return the sums on a day by code and version, then by `country`, `agency_kind` or `role`, in one statement."""
    counted = [one for one in defined if collected(one.indicator) is not Collected.NOT_YET]
    wanted = {"country": country, "agency_kind": agency_kind, "role": role}
    when: dict[RollUp, tuple[ColumnElement[bool], ...]] = {
        FigureMonth: (FigureMonth.month < month_of(day),),
        FigureDay: _within(first_of(day), day),
    }
    parts = [
        _added(table, "code", "version", split).where(
            # each named, so that the database looks nowhere else in the tables' keys
            table.code.in_({one.code for one in counted}),
            table.version.in_({one.version for one in counted}),
            *condition,
            *_in_cell(table, wanted),
        )
        for table, condition in when.items()
    ]
    found: dict[tuple[str, int], Cells] = defaultdict(lambda: defaultdict(Sum))
    for code, version, cell, numerator, denominator in db.session.execute(union_all(*parts)):
        found[code, version][cell] += Sum(numerator, denominator)
    return found


def history(defined: Collection[Defined], days: Collection[date]) -> Mapping[tuple[str, int, date], Cells]:
    """Return the sums of many indicators on several days by code, version and day, then by country.

    Two statements, however many days; the second only for days that do not end a month.
    """
    counted = [one for one in defined if collected(one.indicator) is not Collected.NOT_YET]
    codes, versions = {one.code for one in counted}, {one.version for one in counted}
    months = _added(FigureMonth, "month", "code", "version", "country").where(
        FigureMonth.code.in_(codes),
        FigureMonth.version.in_(versions),
        FigureMonth.month < max(map(month_of, days), default=0) + 1,
    )
    waiting = list(reversed(db.session.execute(months.order_by(FigureMonth.month)).all()))
    broken = [day for day in days if not ends_month(day)]
    within = _added(FigureDay, "day", "code", "version", "country").where(
        FigureDay.code.in_(codes),
        FigureDay.version.in_(versions),
        or_(*(and_(*_within(first_of(day), day)) for day in broken)),
    )
    loose = db.session.execute(within).all() if broken else []
    running: dict[tuple[str, int, str], Sum] = defaultdict(Sum)
    found: dict[tuple[str, int, date], Cells] = defaultdict(lambda: defaultdict(Sum))
    for day in sorted(set(days)):
        while waiting and waiting[-1].month < month_of(day) + ends_month(day):
            _, code, version, cell, *parts = waiting.pop()
            running[code, version, cell] += Sum(*parts)
        for (code, version, cell), added in running.items():
            found[code, version, day][cell] += added
        for at, code, version, cell, *parts in () if ends_month(day) else loose:
            if first_of(day) <= at <= day:
                found[code, version, day][cell] += Sum(*parts)
    return found


def of_days(code: str, days: Collection[date], *, country: str = "") -> Mapping[tuple[int, date], Cells]:
    """Return the sums of an indicator by version and day, then by country; the ends of months need one statement."""
    wanted = {"country": country}
    months = _added(FigureMonth, "month", "version", "country").where(FigureMonth.code == code)
    months = months.where(*_in_cell(FigureMonth, wanted)).order_by(FigureMonth.month)
    waiting = list(reversed(db.session.execute(months).all()))
    within = _days(code, [day for day in days if not ends_month(day)], wanted)
    running: dict[tuple[int, str], Sum] = defaultdict(Sum)
    found: dict[tuple[int, date], Cells] = defaultdict(lambda: defaultdict(Sum))
    for day in sorted(set(days)):
        while waiting and waiting[-1].month < month_of(day) + ends_month(day):
            _, version, cell, *parts = waiting.pop()
            running[version, cell] += Sum(*parts)
        for (version, cell), added in running.items():
            found[version, day][cell] += added
        for at, version, cell, *parts in () if ends_month(day) else within[month_of(day)]:
            if at <= day:
                found[version, day][cell] += Sum(*parts)
    return found


def _days(code: str, days: Sequence[date], wanted: Mapping[str, str]) -> Mapping[int, list[Row[*tuple[Any, ...]]]]:
    """Return the rows of the months of these days, by month."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    if days:
        query = _added(FigureDay, "day", "version", "country").where(FigureDay.code == code)
        query = query.where(*_within(first_of(min(days)), max(days)), *_in_cell(FigureDay, wanted))
        for row in db.session.execute(query):
            found[month_of(row.day)].append(row)
    return found


def _added(table: RollUp, *keys: str) -> Select[Any]:
    columns = [getattr(table, key) for key in keys]
    return select(*columns, func.sum(table.numerator), func.sum(table.denominator)).group_by(*columns)


def _within(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return FigureDay.day >= first, FigureDay.day <= last


def _in_cell(table: RollUp, wanted: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    for column, value in wanted.items():
        if value:
            yield getattr(table, column) == value
