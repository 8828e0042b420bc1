"""One indicator on a page: how it is counted, where it stands, its line over time, its cells."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.babel import words as day_words
from app.i18n.languages import country_name, current, direction
from app.plan.domain import cells
from app.plan.domain.cells import HIDDEN, Published, Shown
from app.plan.domain.definitions import SHARES, Collected, Defined
from app.plan.domain.figures import targets_of
from app.plan.pages import lines, published, words
from app.plan.pages.asked import Asked
from app.plan.pages.lines import History, Line
from app.plan.pages.published import Headline
from app.plan.queries import Counted
from app.web import charts
from app.web.charts import Point
from app.web.sheets import Row

QUARTERS = 8  # of the line over time
AHEAD = 4  # quarters of the forecast
APART = 15  # days: a quarter end nearer to the day itself is left out of the drawing
TICK_ROOM = 0.24  # of the time shown: nearer than this, words below a chart would touch
SPLITS = {"country": "country", "host_country": "country", "agency_type": "agency_kind", "role": "role"}
Split = tuple[str, Mapping[str, Published]]


def days(asked: Asked, plan: Plan) -> list[date]:
    """Return the days that the page needs: quarter ends since the plan began, the day itself, what lies ahead."""
    starts = plan.head.period.starts if plan.head else asked.on
    back = [day for day in cells.quarter_ends(asked.on, QUARTERS) if (starts - day).days <= 1]
    needed = {*back, *cells.quarter_ends(asked.on, lines.QUARTERS + 1), asked.on, asked.published}
    return sorted(needed | set(ahead(asked)))


def ahead(asked: Asked) -> list[date]:
    """Return the quarter ends of the coming year; of an earlier day the past knows better than a forecast."""
    if asked.past:
        return []
    found = [cells.quarter_end(asked.on)]
    while len(found) < AHEAD:
        found.append(cells.quarter_end(date.fromordinal(found[-1].toordinal() + 1)))
    return [day for day in found if day > asked.on]


def splits(defined: Defined) -> list[str]:
    """Return by what the indicator can be cut, as the definition says."""
    named = dict.fromkeys(SPLITS[one] for one in defined.indicator.split_by if one in SPLITS)
    officers = published.about_officers(defined.indicator)
    return [one for one in named if officers or one == "country"]


def show(
    plan: Plan, line: Line, defined: Defined, history: History, asked: Asked, *, opens_rows: bool
) -> dict[str, Any]:
    """Return head, numbers and line over time of an indicator."""
    indicator = line.indicator
    word, kind = words.status(line.state)
    collected = line.now.collected is not Collected.NOT_YET
    opens = opens_rows and collected and not line.now.hidden
    series = _series(plan, history, line, asked)
    return {
        "code": line.code,
        "title": words.said(plan, line.code),
        "body": words.body(plan, line.code),
        "unit": words.part(plan, line.code, "unit"),
        "caution": words.part(plan, line.code, "caution"),
        "verification": words.part(plan, line.code, "verification"),
        "result": _result(plan, indicator),
        "result_href": _result_href(plan, indicator, asked),
        "version": defined.version,
        "since": defined.valid_from,
        "owner": words.owner(indicator.owner),
        "frequency": words.frequency(indicator.frequency),
        "source": words.source(indicator.entered),
        "word": word,
        "kind": kind,
        "collected": collected,
        "by_hand": line.now.collected is Collected.BY_HAND,
        "hidden": line.now.hidden,
        "not_by_sex": "gender" in indicator.split_by or "sex" in indicator.split_by,
        "rows_href": asked.link("plan.rows", code=line.code) if opens else "",
        **_tiles(line, asked, opens),
        **_over_time(plan, line, series, asked),
    }


def cells_of(
    found: Sequence[Split], indicator: Indicator, total: Headline, asked: Asked, *, opens_rows: bool
) -> list[dict[str, Any]]:
    """Return the tables by country, kind of agency and role; `total` is the figure of the published day."""
    return [_table(name, table, indicator, total, asked, opens_rows) for name, table in found]


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


def _result_href(plan: Plan, indicator: Indicator, asked: Asked) -> str:
    if any(one.id == indicator.result for one in plan.outcome):
        return asked.link("plan.outcome", code=indicator.result)
    if any(one.id == indicator.result for one in plan.output):
        return asked.link("plan.output", code=indicator.result)
    return asked.link("plan.show")


def _tiles(line: Line, asked: Asked, opens: bool) -> dict[str, Any]:
    indicator, unit = line.indicator, line.indicator.unit
    baseline, aims = indicator.baseline, targets_of(line.indicator)
    counted = ""
    if line.now.n is not None and line.now.of is not None:
        counted = _("%(n)s of %(of)s", n=words.number(line.now.n), of=words.number(line.now.of))
    return {
        "baseline": words.number(baseline.value, unit) if baseline.value is not None else "",
        "baseline_on": baseline.as_of,
        "now": line.now.text,
        "now_known": line.now.value is not None,
        "now_counted": counted,
        "planned": words.goal(line.planned, unit) if line.planned is not None else "",
        "target": words.number(aims[-1].value, unit) if aims else "",
        "target_year": aims[-1].period if aims else None,
        "illustrative": bool(aims and aims[-1].illustrative),
        "own": words.number(line.own, unit) if line.own is not None else "",
        "own_href": asked.link("plan.rows", code=line.code) if opens else "",
    }


def _series(plan: Plan, history: History, line: Line, asked: Asked) -> list[tuple[date, float | None]]:
    """Return the figure of each day that is shown, of one country where that is asked for."""
    return [
        (day, _value(plan, history[day].get(line.code), line, asked, day))
        for day in sorted(history)
        if _is_back(day, asked)
    ]


def _is_back(day: date, asked: Asked) -> bool:
    return day <= asked.on and (day == asked.on or day == cells.quarter_end(day))


def _value(plan: Plan, counted: Counted | None, line: Line, asked: Asked, day: date) -> float | None:
    if asked.country and not asked.mine:
        # single cells are of quarter ends alone
        if counted is None or day != cells.quarter_end(day):
            return None
        seen = published.by_country(counted.defined.indicator, counted.cells, published.members(plan), asked).get(
            asked.country, HIDDEN
        )
        return (seen.share if seen.share is not None else seen.n) if isinstance(seen, Shown) else None
    return published.headline(counted, line.indicator, mine=asked.mine).value


def _over_time(plan: Plan, line: Line, series: list[tuple[date, float | None]], asked: Asked) -> dict[str, Any]:
    starts = plan.head.period.starts if plan.head else asked.on
    series = [(day, value) for day, value in series if (starts - day).days <= 1]
    unit = line.indicator.unit
    known = [(day, value) for day, value in series if value is not None]
    return {
        "series": [(day, words.number(value, unit) if value is not None else "", value) for day, value in series],
        "known": len(known),
        "unit_code": unit,
        "summary": _summary(line, known, asked),
    }


def trend(
    shown: Mapping[str, Any], line: Line, forecast: Sequence[tuple[date, float]], asked: Asked
) -> dict[str, Any] | None:
    """Return the drawing of the line over time with its words, or None with fewer than two figures."""
    if shown["known"] < 2:
        return None
    unit, aims = line.indicator.unit, targets_of(line.indicator)
    aim = next((one for one in aims if one.period >= asked.on.year), None)
    goal = aim.value if aim and not (asked.country and not asked.mine) else None
    drawn = [(day, value) for day, _text, value in shown["series"] if day == asked.on or (asked.on - day).days >= APART]
    points = _with_ticks(drawn, [day for day, _v in forecast], asked)
    drawing = charts.trend(
        points[: len(drawn)],
        goal=goal,
        forecast=[
            Point(point.at, value, point.tick)
            for point, (_day, value) in zip(points[len(drawn) :], forecast, strict=True)
        ],
        mirrored=direction(current()) == "rtl",
    )
    last = next(value for _day, _text, value in reversed(shown["series"]) if value is not None)
    return {
        "line": drawing,
        "format": lambda value: words.number(value, unit),
        "goal": _("Target %(year)s: %(n)s", year=aim.period, n=words.number(goal, unit))
        if aim and goal is not None
        else "",
        "last": words.number(last, unit),
        "ahead": words.number(forecast[-1][1], unit) if forecast else "",
        "forecast": _(
            "If nothing new comes, %(n)s will stand on %(day)s.",
            n=words.number(forecast[-1][1], unit),
            day=day_words(forecast[-1][0]),
        )
        if forecast
        else "",
    }


def _with_ticks(series: Sequence[tuple[date, float | None]], ahead: Sequence[date], asked: Asked) -> list[Point]:
    """Return the points with words below as many as have room; the first and the last always have some."""
    every = [*series, *((day, None) for day in ahead)]
    first, last = every[0][0].toordinal(), every[-1][0].toordinal()
    room = max(1.0, (last - first) * TICK_ROOM)
    told = [first, last, *(day.toordinal() for day, _value in series[-1:])]
    points = []
    for day, value in every:
        at = day.toordinal()
        if at not in told and all(abs(at - other) >= room for other in told):
            told.append(at)
        points.append(Point(float(at), value, _tick(day, asked) if at in told else ""))
    return points


def _tick(day: date, asked: Asked) -> str:
    if day != cells.quarter_end(day):
        return _("Today") if day == asked.today else day_words(day)
    return words.quarter(day)


def _summary(line: Line, known: Sequence[tuple[date, float]], asked: Asked) -> str:
    if not known:
        return _("There is no figure to show over time yet.")
    unit = line.indicator.unit
    (first, before), (last, now) = known[0], known[-1]
    if first == last:
        return _("%(n)s on %(day)s.", n=words.number(now, unit), day=day_words(last))
    return _(
        "From %(before)s on %(first)s to %(now)s on %(last)s.",
        before=words.number(before, unit),
        first=day_words(first),
        now=words.number(now, unit),
        last=day_words(last),
    )


def _table(
    name: str, table: Mapping[str, Published], indicator: Indicator, total: Headline, asked: Asked, opens_rows: bool
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
        return words.in_alphabet(table)
    titles = words.roles() if name == "role" else {}
    return sorted(table, key=lambda key: (key == "", titles.get(key, key)))


def _cell(name: str, key: str, cell: Published, indicator: Indicator, asked: Asked, opens_rows: bool) -> dict[str, Any]:
    said = {"country": country_name(key) if key else _("No country known"), "agency_kind": words.agency_kind(key)}
    label = words.roles().get(key, key) if name == "role" else said[name]
    shown = isinstance(cell, Shown)
    opens = shown and opens_rows and bool(key)
    return {
        "label": label,
        "shown": shown,
        "text": published.text(cell),
        "number": _number(cell) if shown else _("Not shown"),
        "href": asked.link("plan.rows", code=indicator.id, **{name: key}) if opens else "",
        "country_href": asked.link("plan.country", country=key) if name == "country" and key else "",
    }


def _number(cell: Published) -> float | str:
    if not isinstance(cell, Shown):
        return ""
    value = cell.share if cell.share is not None else cell.n
    return value if value is not None else ""
