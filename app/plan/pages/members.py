"""The member countries beside each other, in the order of the alphabet: tiles of active officers, and the matrix."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.cells import HIDDEN, Published, Shown
from app.plan.domain.figures import THRESHOLDS, Status
from app.plan.pages import published
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History
from app.web import charts
from app.web.table_files import Row

ACTIVE = "active_countries"
MATRIX = published.VERIFIED | {"completers"}
NOT_SHOWN = "–"


def tiles(plan: Plan, history: History, asked: PlanFilter) -> dict[str, Any] | None:
    """Return a tile for each country with the officers active of those asked for, or None without the indicator."""
    indicator = next((one for one in plan.indicator if one.rule == ACTIVE), None)
    if indicator is None:
        return None
    cells = _cells(plan, indicator, history, asked)
    needed = int(indicator.settings.get("officers", 1))
    return {
        "code": indicator.id,
        "href": asked.link("plan.indicator", code=indicator.id),
        "days": int(indicator.settings.get("days", 90)),
        "tiles": [_tile(code, cells[code], needed, asked) for code in labels.in_alphabet(_shown(plan, asked))],
    }


def matrix(plan: Plan, history: History, asked: PlanFilter) -> dict[str, Any]:
    """Return the countries with their numbers of officers verified, and with a course completed."""
    indicators = [indicator for indicator in plan.indicator if indicator.rule in MATRIX]
    columns = {indicator.id: _cells(plan, indicator, history, asked) for indicator in indicators}
    return {
        "heads": [
            {
                "code": indicator.id,
                "title": labels.said(plan, indicator.id),
                "href": asked.link("plan.indicator", code=indicator.id),
            }
            for indicator in indicators
        ],
        "rows": [
            {
                "name": country_name(code),
                "href": asked.link("plan.country", country=code),
                "cells": [_field(columns[indicator.id][code], indicator, code, asked) for indicator in indicators],
            }
            for code in labels.in_alphabet(_shown(plan, asked))
        ],
    }


def table(tiles: Mapping[str, Any] | None, matrix: Mapping[str, Any]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of countries."""
    heads = [_("Country"), *(head["code"] for head in matrix["heads"])]
    rows: list[Row] = [[row["name"], *(cell["number"] for cell in row["cells"])] for row in matrix["rows"]]
    if tiles is None:
        return heads, rows
    active = {tile["name"]: tile["number"] for tile in tiles["tiles"]}
    return [*heads, tiles["code"]], [[*row, active[str(row[0])]] for row in rows]


def _shown(plan: Plan, asked: PlanFilter) -> tuple[str, ...]:
    members = plan.head.members if plan.head else ()
    return tuple(code for code in members if code == asked.mine) if asked.mine else members


def _cells(plan: Plan, indicator: Indicator, history: History, asked: PlanFilter) -> dict[str, Published]:
    totals = history[asked.published].get(indicator.id)
    members = plan.head.members if plan.head else ()
    # cells of the definition of that day, which may be an earlier version
    definition = totals.defined.indicator if totals else indicator
    cells = published.by_country(definition, totals.cells if totals else {}, members, asked)
    return {code: cells.get(code, HIDDEN) for code in members}


def _tile(code: str, cell: Published, needed: int, asked: PlanFilter) -> dict[str, Any]:
    n = cell.n if isinstance(cell, Shown) else None
    word, kind = labels.status(_reached(n, needed)) if n is not None else (_("Not shown"), "none")
    return {
        "name": country_name(code),
        "href": asked.link("plan.country", country=code),
        "figure": labels.number(n) if n is not None else NOT_SHOWN,
        "number": n if n is not None else _("Not shown"),
        "text": _("of %(n)s", n=needed),
        "word": word,
        "kind": kind,
    }


def _reached(n: int, needed: int) -> Status:
    if n >= needed * THRESHOLDS.on_track:
        return Status.ON_TRACK if n >= needed else Status.AT_RISK
    return Status.AT_RISK if n >= needed * THRESHOLDS.at_risk else Status.BEHIND


def _field(cell: Published, indicator: Indicator, code: str, asked: PlanFilter) -> dict[str, Any]:
    if not isinstance(cell, Shown):
        return {"shown": False, "text": "", "number": _("Not shown"), "full": 0, "href": ""}
    return {
        "shown": True,
        "text": published.text(cell),
        "number": cell.n if cell.n is not None and cell.share is None else published.text(cell),
        "full": charts.full_fields(cell.n) if cell.n is not None and cell.share is None else None,
        "href": asked.link("plan.indicator", code=indicator.id, country=code),
    }
