"""The table beside a figure of verifications: officers whom the own chain alone watched, as its reader sees it."""

from collections.abc import Mapping
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Plan
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.cells import HIDDEN, PlanCell, Published, Shown
from app.plan.domain.definitions import SHARES, StoredDefinition
from app.plan.domain.readers import VERIFIED_RULES, FigureReader
from app.plan.pages import tables
from app.plan.pages.filters import PlanFilter
from app.plan.pages.indicator_cells import CellRow, CellTable
from app.plan.pages.tables import PlanTable
from app.plan.queries import left_out, own_chain, published
from app.plan.queries.own_chain import OwnChainCount

WATCHED = "own_chain"  # the filter of records in an address


def tables_of(plan: Plan, defined: StoredDefinition, asked: PlanFilter, *, opens_rows: bool) -> list[CellTable]:
    """Return the table of the own chain as the only one of a list, an empty list without it."""
    own_table = table(plan, defined, asked, opens_rows=opens_rows)
    return [own_table] if own_table else []


def table(plan: Plan, defined: StoredDefinition, asked: PlanFilter, *, opens_rows: bool) -> CellTable | None:
    """Return the officers whom the own chain alone watched, by country; None for other figures and past days.

    A lock would have to freeze the table of a past day.

    A coordinator reads bands of the officers who need the competencies, others the officers of those verified.
    """
    day = asked.published
    if defined.rule not in VERIFIED_RULES or asked.past:
        return None
    plan_table = _table(plan, defined, asked, day)
    href = rows_href(defined, asked) if opens_rows and asked.own_country else ""
    return CellTable(
        name="own-chain",
        title=_("Watched by the own chain alone"),
        day=day,
        rows=[] if plan_table.withheld else _rows(plan_table, href),
        total=_total(plan_table, asked),
        withheld=plan_table.withheld,
        has_under_five=asked.is_coordinator and plan_table.has_under_five,
        notes=[*plan_table.notes, *_notes(asked)],
        heads=(_("Country"), _("Officers")),
    )


def today_href(defined: StoredDefinition, asked: PlanFilter) -> str:
    """Return the address of the page of today, which has the table; "" on that page itself and for other figures."""
    return url_for("plan.indicator", code=defined.code) if asked.past and defined.rule in VERIFIED_RULES else ""


def shown_href(defined: StoredDefinition, asked: PlanFilter, *, is_open: bool) -> str:
    """Return `rows_href` if the user may open the records, else ""."""
    return rows_href(defined, asked) if is_open else ""


def rows_href(defined: StoredDefinition, asked: PlanFilter) -> str:
    """Return the address of the records of officers whom the own chain alone watched, "" for other figures."""
    return asked.link("plan.rows", code=defined.code, watched=WATCHED) if defined.rule in VERIFIED_RULES else ""


def _notes(asked: PlanFilter) -> list[str]:
    meaning = _("In at least one competency, only the own agency or supervisor watched last.")
    today = _("Pages of past days do not have this table.")
    if asked.is_coordinator:
        return [meaning, _("Of the officers who need the competencies."), today]
    return [meaning, _("Of the officers verified."), today]


def _table(plan: Plan, defined: StoredDefinition, asked: PlanFilter, day: date) -> PlanTable:
    if asked.reader is FigureReader.OWN:
        own = own_chain.by_country(defined, day).get(asked.own_country, OwnChainCount())
        return PlanTable(day=day, cells={asked.own_country: Shown(own.own_chain, own.verified)})
    counts = own_chain.by_country(defined, day, without=left_out.protected_people())
    whole = {**dict.fromkeys(published.members(plan), OwnChainCount()), **counts}
    if asked.reader is FigureReader.COORDINATOR:
        return tables.competence(_with_needs(defined, whole, day), split="country", day=day)
    shares = {key: PlanCell(count.own_chain, count.verified) for key, count in whole.items()}
    total = cells.outside_total(cells.total_of(shares)) if shares else HIDDEN
    return PlanTable(day=day, cells=cells.outside_table(shares), sum=total)


def _with_needs(defined: StoredDefinition, counts: Mapping[str, OwnChainCount], day: date) -> dict[str, PlanCell]:
    """Return the officers of the own chain of those who need the competencies: a band hides how many are verified."""
    if defined.rule in SHARES:
        return {key: PlanCell(count.own_chain, count.needed) for key, count in counts.items()}
    needs = left_out.needs(defined, day, "country")
    return {key: PlanCell(count.own_chain, needs.get(key, 0)) for key, count in counts.items()}


def _total(table: PlanTable, asked: PlanFilter) -> str:
    return "" if asked.own_country else published.text(table.sum)


def _rows(table: PlanTable, href: str) -> list[CellRow]:
    rows = [_row(key, table, href) for key in labels.in_alphabet(table.cells)]
    if table.joined is None:
        return rows
    text = published.band_text(table.joined)
    name = tables.joined_name(len(table.joined_keys), "country")
    return [*rows, CellRow(label=name, text=text, number=text, href="", country_href="")]


def _row(key: str, table: PlanTable, href: str) -> CellRow:
    text = table.text(key)
    return CellRow(
        label=country_name(key) if key else _("No country known"),
        text=text,
        number=text or _("Not shown"),
        href=href if _is_open(table.cells, key) else "",
        country_href="",
        key=key,
    )


def _is_open(shown: Mapping[str, Published], key: str) -> bool:
    cell = shown.get(key, HIDDEN)
    return isinstance(cell, Shown) and bool(cell.n)
