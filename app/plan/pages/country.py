"""One country on one page, for a meeting: what was offered, used and reached."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Plan
from app.plan import labels
from app.plan.domain.cells import HIDDEN, Published, Shown
from app.plan.domain.definitions import BY_HAND, SHARES, Collected, collected
from app.plan.domain.figures import targets_of
from app.plan.pages import published
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History
from app.plan.shapes import IndicatorTotals
from app.web.table_files import Row


def rows(
    plan: Plan,
    history: History,
    country: str,
    asked: PlanFilter,
    people: Mapping[str, Mapping[str, int]],
    *,
    opens_rows: bool,
) -> list[dict[str, Any]]:
    """Return the indicators that have a figure for single countries; `people` by code for those that need it."""
    found = []
    for one in plan.indicator:
        counted = history[asked.published].get(one.id)
        if counted is None or not has_countries(counted):
            continue
        silent = counted.defined.rule in BY_HAND and country not in counted.cells
        cell = _cell(plan, counted, country, asked, people.get(one.id, {}))
        opens = opens_rows and isinstance(cell, Shown) and not silent
        aims = targets_of(one, country)
        found.append(
            {
                "code": one.id,
                "title": labels.said(plan, one.id),
                "href": asked.link("plan.indicator", code=one.id),
                "shown": isinstance(cell, Shown),
                "number": _("Not reported yet") if silent else published.text(cell),
                "counted": _counted(cell),
                "number_href": asked.link("plan.rows", code=one.id, **_cut(asked, country)) if opens else "",
                "target": labels.number(aims[-1].value, one.unit) if aims else "",
                "part": "" if silent else _part(plan, counted, cell),
            }
        )
    return found


def has_countries(counted: IndicatorTotals) -> bool:
    """Say whether an indicator has figures of single countries."""
    if collected(counted.defined.indicator) is Collected.NOT_YET:
        return False
    split = counted.defined.indicator.split_by
    known = published.about_officers(counted.defined.indicator) or counted.defined.rule in {"events_closed", "observed"}
    return known and ("country" in split or "host_country" in split)


def table(shown: Sequence[Mapping[str, Any]], capacity: Sequence[Mapping[str, Any]]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of a country."""
    heads = [_("Part"), _("Code"), _("Title"), _("Figure"), _("Counted"), _("Target")]
    found: list[Row] = [
        [
            _("Plan"), one["code"], one["title"].text, one["number"] if one["shown"] else _("Not shown"),
            one["counted"], one["target"],
        ]
        for one in shown
    ]  # fmt: skip
    held = [
        [_("Verified"), one["code"], f"{one['title'].text}, {one['level']}", one["verified"] or _("Not shown"), "", ""]
        for one in capacity
    ]
    return heads, [*found, *held]


def _cell(
    plan: Plan, counted: IndicatorTotals, country: str, asked: PlanFilter, people: Mapping[str, int]
) -> Published:
    indicator = counted.defined.indicator
    if asked.mine:
        return published.by_country(indicator, counted.cells, (), asked).get(country, HIDDEN)
    cells = {**dict.fromkeys(published.members(plan), published.NOTHING), **counted.cells}
    return published.publish(indicator, cells, people, own=False).get(country, HIDDEN)


def _cut(asked: PlanFilter, country: str) -> dict[str, str]:
    return {} if asked.mine else {"country": country}


def _counted(cell: Published) -> str:
    if not isinstance(cell, Shown) or cell.of is None or cell.n is None:
        return ""
    return _("%(n)s of %(of)s", n=labels.number(cell.n), of=labels.number(cell.of))


def _part(plan: Plan, counted: IndicatorTotals, cell: Published) -> str:
    """Return which part of the community's target a count is; of a share there is none."""
    aims = targets_of(next(one for one in plan.indicator if one.id == counted.defined.code))
    countable = counted.defined.rule not in SHARES and counted.defined.rule != "active_countries"
    if not countable or not aims or not aims[-1].value or not isinstance(cell, Shown) or cell.n is None:
        return ""
    return labels.number(100 * cell.n / aims[-1].value, "percent")
