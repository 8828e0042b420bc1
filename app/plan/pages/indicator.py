"""One indicator on a page: how it is counted, where it stands, its line over time, its cells."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.cells import Published, Shown
from app.plan.domain.definitions import SHARES, Collected, Defined
from app.plan.domain.figures import targets_of
from app.plan.pages import lines, over_time, published
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History, IndicatorLine
from app.plan.pages.published import Few, Headline
from app.web.table_files import Row

QUARTERS = 8  # of the line over time
AHEAD = 4  # quarters of the forecast
SPLITS = {"country": "country", "host_country": "country", "agency_type": "agency_kind", "role": "role"}
Split = tuple[str, Mapping[str, Published]]


def days(asked: PlanFilter, plan: Plan) -> list[date]:
    """Return the days that the page needs: quarter ends since the plan began, the day itself, what lies ahead."""
    starts = plan.head.period.starts if plan.head else asked.on
    back = [day for day in cells.quarter_ends(asked.on, QUARTERS) if (starts - day).days <= 1]
    needed = {*back, *cells.quarter_ends(asked.on, lines.QUARTERS + 1), asked.on, asked.published}
    return sorted(needed | set(ahead(asked)))


def ahead(asked: PlanFilter) -> list[date]:
    """Return the quarter ends of the coming year; of an earlier day the past knows better than a forecast."""
    if asked.past:
        return []
    ends = [cells.quarter_end(asked.on)]
    while len(ends) < AHEAD:
        ends.append(cells.quarter_end(date.fromordinal(ends[-1].toordinal() + 1)))
    return [day for day in ends if day > asked.on]


def splits(defined: Defined) -> list[str]:
    """Return by what the indicator can be cut, as the definition says."""
    named = dict.fromkeys(SPLITS[one] for one in defined.indicator.split_by if one in SPLITS)
    officers = published.about_officers(defined.indicator)
    return [one for one in named if officers or one == "country"]


def show(
    plan: Plan,
    line: IndicatorLine,
    defined: Defined,
    history: History,
    asked: PlanFilter,
    few: Few,
    *,
    opens_rows: bool,
) -> dict[str, Any]:
    """Return head, numbers and line over time of an indicator."""
    indicator = line.indicator
    word, kind = labels.status(line.state)
    collected = line.now.collected is not Collected.NOT_YET
    opens = opens_rows and collected and not line.now.hidden
    series = over_time.series_of(plan, history, line, asked, few)
    return {
        "code": line.code,
        "title": labels.said(plan, line.code),
        "body": labels.body(plan, line.code),
        "unit": labels.part(plan, line.code, "unit"),
        "caution": labels.part(plan, line.code, "caution"),
        "verification": labels.part(plan, line.code, "verification"),
        "result": _result(plan, indicator),
        "result_href": _result_href(plan, indicator, asked),
        "version": defined.version,
        "since": defined.valid_from,
        "owner": labels.owner(indicator.owner),
        "frequency": labels.frequency(indicator.frequency),
        "source": labels.source(indicator.entered),
        "word": word,
        "kind": kind,
        "collected": collected,
        "by_hand": line.now.collected is Collected.BY_HAND,
        "hidden": line.now.hidden,
        "not_by_sex": "gender" in indicator.split_by or "sex" in indicator.split_by,
        "rows_href": asked.link("plan.rows", code=line.code) if opens else "",
        "now_opens": opens and published.opens(indicator, asked),
        **_tiles(line, asked, opens),
        **over_time.over_time(plan, line, series, asked),
    }


def cells_of(
    splits: Sequence[Split], indicator: Indicator, total: Headline, asked: PlanFilter, *, opens_rows: bool
) -> list[dict[str, Any]]:
    """Return the tables by country, kind of agency and role; `total` is the figure of the published day."""
    return [_table(name, table, indicator, total, asked, opens_rows) for name, table in splits]


def table(shown: Mapping[str, Any], split: Sequence[Mapping[str, Any]]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of an indicator: its line over time, then its cells."""
    heads = [_("Indicator"), _("Part"), _("Cell"), _("On"), _("Figure")]
    over = [[shown["code"], _("Over time"), "", day, value] for day, _text, value in shown["series"]]
    cut = [
        [shown["code"], one["title"], row["label"], one["day"], row["number"]] for one in split for row in one["rows"]
    ]
    return heads, [*over, *cut]


def _result(plan: Plan, indicator: Indicator) -> str:
    if indicator.level == "context":
        return _("Context")
    kinds = {
        "outcome": _("Outcome %(code)s", code=indicator.result),
        "output": _("Output %(code)s", code=indicator.result),
    }
    return kinds[indicator.level]


def _result_href(plan: Plan, indicator: Indicator, asked: PlanFilter) -> str:
    if any(one.id == indicator.result for one in plan.outcome):
        return asked.link("plan.outcome", code=indicator.result)
    if any(one.id == indicator.result for one in plan.output):
        return asked.link("plan.output", code=indicator.result)
    return asked.link("plan.show_overview")


def _tiles(line: IndicatorLine, asked: PlanFilter, opens: bool) -> dict[str, Any]:
    unit, baseline = line.indicator.unit, line.indicator.baseline
    return {
        "baseline": _figure(baseline.value, unit),
        "baseline_on": baseline.as_of,
        "now": line.now.text,
        "now_known": line.now.value is not None,
        "now_counted": _counted(line.now),
        "planned": labels.goal(line.planned, unit) if line.planned is not None else "",
        **_target_tile(line.indicator),
        "own": _figure(line.own, unit),
        "own_href": asked.link("plan.rows", code=line.code) if opens else "",
    }


def _target_tile(indicator: Indicator) -> dict[str, Any]:
    targets = targets_of(indicator)
    if not targets:
        return {"target": "", "target_year": None, "illustrative": False}
    last = targets[-1]
    target = labels.number(last.value, indicator.unit)
    return {"target": target, "target_year": last.period, "illustrative": bool(last.illustrative)}


def _figure(value: float | None, unit: str) -> str:
    return "" if value is None else labels.number(value, unit)


def _counted(headline: Headline) -> str:
    """Return "12 of 40" for a ratio."""
    if headline.n is None or headline.of is None:
        return ""
    return _("%(n)s of %(of)s", n=labels.number(headline.n), of=labels.number(headline.of))


def _table(
    name: str,
    table: Mapping[str, Published],
    indicator: Indicator,
    total: Headline,
    asked: PlanFilter,
    opens_rows: bool,
) -> dict[str, Any]:
    titles = {"country": _("By country"), "agency_kind": _("By kind of agency"), "role": _("By role")}
    rows = [_cell(name, key, table[key], indicator, asked, opens_rows) for key in _in_order(name, table)]
    return {
        "name": name,
        "title": titles[name],
        "day": asked.published,
        "rows": rows,
        "hidden": sum(not row["shown"] for row in rows),
        "all_hidden": bool(rows) and not any(row["shown"] for row in rows),
        "total": "" if asked.mine or indicator.rule == "active_countries" else total.text,
        "shares": indicator.rule in SHARES,
    }


def _in_order(name: str, table: Mapping[str, Published]) -> list[str]:
    if name == "country":
        return labels.in_alphabet(table)
    titles = labels.roles() if name == "role" else {}
    return sorted(table, key=lambda key: (key == "", titles.get(key, key)))


def _cell(
    name: str, key: str, cell: Published, indicator: Indicator, asked: PlanFilter, opens_rows: bool
) -> dict[str, Any]:
    shown = isinstance(cell, Shown)
    opens = shown and opens_rows and bool(key)
    has_page = name == "country" and bool(key)
    return {
        "label": _label(name, key),
        "shown": shown,
        "text": published.text(cell),
        "number": _number(cell) if shown else _("Not shown"),
        "href": asked.link("plan.rows", code=indicator.id, **{name: key}) if opens else "",
        "country_href": asked.link("plan.country", country=key) if has_page else "",
    }


def _label(name: str, key: str) -> str:
    """Return the name of a country, kind of agency or role."""
    if name == "role":
        return labels.roles().get(key, key)
    if name == "agency_kind":
        return labels.agency_kind(key)
    return country_name(key) if key else _("No country known")


def _number(cell: Published) -> float | str:
    if not isinstance(cell, Shown):
        return ""
    value = cell.share if cell.share is not None else cell.n
    return value if value is not None else ""
