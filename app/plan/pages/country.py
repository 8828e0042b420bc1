"""`/plan/countries/<country>`, for a meeting: the figures of a country, and its officers by competency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.plan import labels
from app.plan.domain import targets as rules
from app.plan.domain.cells import HIDDEN, Banded, Published, Shown
from app.plan.domain.definitions import BY_HAND, MEANS, SHARES, Collected, collected
from app.plan.domain.entries import entry_rule
from app.plan.domain.figures import last_target
from app.plan.domain.readers import FigureReader
from app.plan.pages import tables
from app.plan.pages.capacity import CapacityTable
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.pages.lines import History, PlanLink
from app.plan.pages.tables import PlanTable
from app.plan.queries import published
from app.plan.queries.need_texts import NeedTexts
from app.plan.shapes import IndicatorTotals
from app.web.pages import Page
from app.web.table_files import Row

BY_COUNTRY = (
    frozenset({"events_closed", "action_points_on_time"}) | BY_HAND
)  # of no officers, with figures of countries
BY_COUNTRY_SPLITS = frozenset({"country", "host_country", "owner_country"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRow(PlanLink):
    """An indicator with the figure of one country; `part` is its part of the community's target."""

    shown: bool
    number: str
    counted: str
    number_href: str
    target: str
    part: str
    target_href: str
    need: str
    day: date
    is_under_five: bool


@dataclass(frozen=True, slots=True)
class CountryLinks:
    """Which pages the user may open: the records behind a number, the targets of the country."""

    opens_rows: bool
    opens_targets: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryPage(Page):
    """A country with its figures and the numbers of its officers by competency."""

    template: ClassVar[str] = "plan/country.html"
    frame: Frame
    name: str
    rows: Sequence[CountryRow]
    capacity: CapacityTable
    links: Mapping[str, str]
    needs_href: str

    @property
    def has_needs(self) -> bool:
        """Return whether a row has a need."""
        return any(row.need for row in self.rows)

    @property
    def has_under_five(self) -> bool:
        """Return whether a coordinator reads a number of fewer than five officers."""
        return any(row.is_under_five for row in self.rows)


def rows(
    plan: Plan,
    history: History,
    country: str,
    asked: PlanFilter,
    *,
    values: Mapping[str, float],
    needs: NeedTexts | None,
    opens: CountryLinks,
) -> list[CountryRow]:
    """Return the indicators that have a figure for single countries; `values` are those entered by hand, by code."""
    result = []
    for indicator in plan.indicator:
        day = asked.table_day(indicator.rule)
        totals = history[day].get(indicator.id)
        if totals is not None and has_countries(totals):
            table = tables.read(plan, totals.defined, totals.cells, asked, day=day)
            row = _row(plan, indicator, totals, table, country, asked, links=opens)
            cell = table.cells.get(country, HIDDEN)
            row = replace(row, need=needs.text(indicator, country, cell) if needs else "")
            result.append(_of_one_country(row, plan, indicator, cell, asked, values=values))
    return result


def _of_one_country(
    row: CountryRow,
    plan: Plan,
    indicator: Indicator,
    cell: Published,
    asked: PlanFilter,
    *,
    values: Mapping[str, float],
) -> CountryRow:
    """Return the row of an indicator that counts countries with its own title, and whether the country counts.

    A number of officers that is rounded cannot tell whether the country counts.
    """
    needed, value = _needed(indicator), _value(indicator, cell, values)
    if needed is None:
        return row
    title = labels.part(plan, indicator.id, "country_title")
    row = replace(row, title=title if title.text else row.title, part="")
    if value is None:
        return row
    rounded = asked.reader is FigureReader.OUTSIDE and published.about_officers(indicator)
    verdict = "" if rounded else _verdict(value, needed)
    return replace(row, number=_with_unit(plan, indicator, value), counted=verdict)


def _needed(indicator: Indicator) -> float | None:
    """Return from which value on a country counts; None for an indicator that does not count countries."""
    if indicator.rule == "active_countries":
        return float(indicator.settings.get("officers", 1))
    return entry_rule(indicator).counts_from if indicator.rule == "observed_countries" else None


def _value(indicator: Indicator, cell: Published, values: Mapping[str, float]) -> float | None:
    if indicator.rule == "observed_countries":
        return values.get(indicator.id)
    return cell.n if isinstance(cell, Shown) else None


def _with_unit(plan: Plan, indicator: Indicator, value: float) -> str:
    unit = labels.part(plan, indicator.id, "country_unit").text
    number = labels.number(value)
    return _("%(n)s (%(unit)s)", n=number, unit=unit) if unit else number


def _verdict(value: float, needed: float) -> str:
    n, of = labels.number(value), labels.number(needed)
    if value >= needed:
        return _("%(n)s of %(of)s needed: counts", n=n, of=of)
    return _("%(n)s of %(of)s needed: does not count yet", n=n, of=of)


def _row(
    plan: Plan,
    indicator: Indicator,
    totals: IndicatorTotals,
    table: PlanTable,
    country: str,
    asked: PlanFilter,
    *,
    links: CountryLinks,
) -> CountryRow:
    silent = totals.defined.rule in BY_HAND and country not in totals.cells
    cell = HIDDEN if silent else table.cells.get(country, HIDDEN)
    number = _("Not reported yet") if silent else _number(table, country)
    opens = links.opens_rows and isinstance(cell, Shown)
    return CountryRow(
        code=indicator.id,
        title=labels.plan_title(plan, indicator.id),
        href=asked.link("plan.indicator", code=indicator.id),
        shown=bool(number),
        number=number,
        counted=_counted(cell),
        number_href=_rows_href(indicator, country, asked) if opens else "",
        target=_target_text(indicator, country),
        target_href=_target_href(indicator, country, asked.on, opens=links.opens_targets),
        need="",
        part=_part(indicator, totals, cell),
        day=table.day,
        is_under_five=asked.is_coordinator and table.is_under_five(country),
    )


def _number(table: PlanTable, country: str) -> str:
    if table.withheld:
        whole = published.text(table.sum)
        return _("Not by country: %(n)s in all", n=whole) if whole else _("Not shown by country")
    return table.text(country)


def _counted(cell: Published) -> str:
    """Return the numbers behind a percentage."""
    return labels.ratio(cell.n, cell.of) if isinstance(cell, Shown) and cell.percent is not None else ""


def _target_text(indicator: Indicator, country: str) -> str:
    """Return the last target of a country; a share of the community counts for a country without an own target."""
    target = last_target(indicator, country)
    if target is None:
        return ""
    number = labels.values(target.value, target.second, indicator.unit)
    return number if target.country else _("%(n)s, as the community", n=number)


def _target_href(indicator: Indicator, country: str, day: date, *, opens: bool) -> str:
    """Return the page of the last target of a country, of the year if it has none; "" if it cannot have one."""
    if not opens or not rules.takes_countries(indicator):
        return ""
    target = last_target(indicator, country) or last_target(indicator)
    period = str(rules.period(target)) if target else str(day.year)
    return url_for("plan.show_target", code=indicator.id, period=period, country=country)


def has_countries(totals: IndicatorTotals) -> bool:
    """Return whether an indicator has figures of single countries."""
    indicator = totals.defined.indicator
    if collected(indicator) in {Collected.NOT_YET, Collected.INTERIM}:
        return False
    is_countable = published.about_officers(indicator) or totals.defined.rule in BY_COUNTRY
    return is_countable and not BY_COUNTRY_SPLITS.isdisjoint(indicator.split_by)


def table(rows: Sequence[CountryRow], capacity: CapacityTable) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of a country."""
    heads = [_("Part"), _("Code"), _("Title"), _("Figure"), _("Counted"), _("Target"), _("Need")]
    indicators: list[Row] = [
        [
            _("Plan"),
            row.code,
            row.title.text,
            row.number if row.shown else _("Not shown"),
            row.counted,
            row.target,
            row.need,
        ]
        for row in rows
    ]
    competencies = [
        [_("Verified"), row.code, f"{row.title.text}, {row.level}", row.verified or _("Not shown"), "", "", ""]
        for row in capacity.rows
    ]
    return heads, [*indicators, *competencies]


def _rows_href(indicator: Indicator, country: str, asked: PlanFilter) -> str:
    return asked.link("plan.rows", code=indicator.id, **_cut(asked, country))


def _cut(asked: PlanFilter, country: str) -> dict[str, str]:
    return {} if asked.own_country else {"country": country}


def _part(indicator: Indicator, totals: IndicatorTotals, cell: Published) -> str:
    """Return which part of the community's target a count is; empty for a ratio."""
    rule = totals.defined.rule
    target = last_target(indicator)
    if rule in SHARES | MEANS or rule == "active_countries" or target is None or not target.value:
        return ""
    return _part_text(cell, target.value)


def _part_text(cell: Published, target: float) -> str:
    if isinstance(cell, Banded):
        return _("about %(n)s", n=labels.number(100 * cell.middle / target, "percent"))
    n = cell.n if isinstance(cell, Shown) else None
    return "" if n is None else labels.number(100 * n / target, "percent")
