"""`/plan/countries/<country>`, for a meeting: the figures of a country, and its officers by competency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.plan import labels
from app.plan.domain.cells import HIDDEN, Published, Shown
from app.plan.domain.definitions import BY_HAND, SHARES, Collected, collected
from app.plan.domain.entries import entry_rule
from app.plan.domain.figures import last_target
from app.plan.pages import published
from app.plan.pages.capacity import CapacityTable
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.pages.lines import History, PlanLink
from app.plan.shapes import IndicatorTotals
from app.web.pages import Page
from app.web.table_files import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRow(PlanLink):
    """An indicator with the figure of one country; `part` is its part of the community's target."""

    shown: bool
    number: str
    counted: str
    number_href: str
    target: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryPage(Page):
    """A country with its figures and the numbers of its officers by competency."""

    template: ClassVar[str] = "plan/country.html"
    frame: Frame
    name: str
    rows: Sequence[CountryRow]
    capacity: CapacityTable
    links: Mapping[str, str]


def rows(
    plan: Plan,
    history: History,
    country: str,
    asked: PlanFilter,
    people: Mapping[str, Mapping[str, int]],
    *,
    values: Mapping[str, float],
    opens_rows: bool,
) -> list[CountryRow]:
    """Return the indicators that have a figure for single countries.

    `people` are numbers of officers by code for those that need it, `values` the values entered by hand by code.
    """
    result = []
    for indicator in plan.indicator:
        totals = history[asked.published].get(indicator.id)
        if totals is not None and has_countries(totals):
            cell = _cell(plan, totals, country, asked, people.get(indicator.id, {}))
            row = _row(plan, indicator, totals, cell, country, asked, opens_rows=opens_rows)
            result.append(_of_one_country(row, plan, indicator, cell, values))
    return result


def _of_one_country(
    row: CountryRow, plan: Plan, indicator: Indicator, cell: Published, values: Mapping[str, float]
) -> CountryRow:
    """Return the row of an indicator that counts countries with its own title, and whether the country counts."""
    needed, value = _needed(indicator), _value(indicator, cell, values)
    if needed is None:
        return row
    title = labels.part(plan, indicator.id, "country_title")
    row = replace(row, title=title if title.text else row.title, part="")
    if value is None:
        return row
    return replace(row, number=_with_unit(plan, indicator, value), counted=_verdict(value, needed))


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
    cell: Published,
    country: str,
    asked: PlanFilter,
    *,
    opens_rows: bool,
) -> CountryRow:
    silent = totals.defined.rule in BY_HAND and country not in totals.cells
    opens = opens_rows and isinstance(cell, Shown) and not silent
    return CountryRow(
        code=indicator.id,
        title=labels.plan_title(plan, indicator.id),
        href=asked.link("plan.indicator", code=indicator.id),
        shown=isinstance(cell, Shown),
        number=_("Not reported yet") if silent else published.text(cell, indicator.unit),
        counted=_counted(cell),
        number_href=asked.link("plan.rows", code=indicator.id, **_cut(asked, country)) if opens else "",
        target=_target_text(indicator, country),
        part="" if silent else _part(indicator, totals, cell),
    )


def _counted(cell: Published) -> str:
    return labels.ratio(cell.n, cell.of) if isinstance(cell, Shown) else ""


def _target_text(indicator: Indicator, country: str) -> str:
    target = last_target(indicator, country)
    return labels.number(target.value, indicator.unit) if target else ""


def has_countries(totals: IndicatorTotals) -> bool:
    """Return whether an indicator has figures of single countries."""
    indicator = totals.defined.indicator
    if collected(indicator) is Collected.NOT_YET:
        return False
    is_countable = published.about_officers(indicator) or totals.defined.rule in {"events_closed", *BY_HAND}
    return is_countable and ("country" in indicator.split_by or "host_country" in indicator.split_by)


def table(rows: Sequence[CountryRow], capacity: CapacityTable) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of a country."""
    heads = [_("Part"), _("Code"), _("Title"), _("Figure"), _("Counted"), _("Target")]
    indicators: list[Row] = [
        [
            _("Plan"),
            row.code,
            row.title.text,
            row.number if row.shown else _("Not shown"),
            row.counted,
            row.target,
        ]
        for row in rows
    ]
    competencies = [
        [_("Verified"), row.code, f"{row.title.text}, {row.level}", row.verified or _("Not shown"), "", ""]
        for row in capacity.rows
    ]
    return heads, [*indicators, *competencies]


def _cell(
    plan: Plan, counted: IndicatorTotals, country: str, asked: PlanFilter, people: Mapping[str, int]
) -> Published:
    indicator = counted.defined.indicator
    if asked.own_country:
        return published.by_country(indicator, counted.cells, (), asked).get(country, HIDDEN)
    cells = {**dict.fromkeys(published.members(plan), published.NOTHING), **counted.cells}
    return published.publish(indicator, cells, people, own=False).get(country, HIDDEN)


def _cut(asked: PlanFilter, country: str) -> dict[str, str]:
    return {} if asked.own_country else {"country": country}


def _part(indicator: Indicator, totals: IndicatorTotals, cell: Published) -> str:
    """Return which part of the community's target a count is; empty for a ratio."""
    rule = totals.defined.rule
    if rule in SHARES or rule == "active_countries" or not isinstance(cell, Shown) or cell.n is None:
        return ""
    target = last_target(indicator)
    return labels.number(100 * cell.n / target.value, "percent") if target and target.value else ""
