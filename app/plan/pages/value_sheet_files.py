"""Prefilled sheets of values as files: the rows of the academy with titles in the user's language."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Plan
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.entries import entry_rule
from app.plan.domain.planned_needs import ALL_ROLES
from app.plan.domain.value_sheets import (
    VALUE,
    WAS,
    ColumnType,
    ColumnUse,
    ExistingRow,
    SheetColumn,
    SheetFormat,
)
from app.plan.pages import figures as figure_pages, value_sheet_words as words
from app.plan.queries import figures
from app.web.locked_sheets import LockedColumn, LockedSheet

BLANK_ROWS = 200
WIDE = frozenset({"title", "allowed", "source", "explanation", "reason", "note", "officer"})


def locked_sheet(wanted: SheetFormat, rows: Sequence[ExistingRow]) -> LockedSheet:
    """Return the file of a kind of sheet."""
    plan = figures.plan_of()
    keys = [column.name for column in wanted.of_use(ColumnUse.KEY)]
    return LockedSheet(
        name=wanted.kind.value,
        title=str(words.TITLES[wanted.kind]),
        columns=[_column(wanted, column) for column in wanted.columns],
        rows=[_cells(dict(zip(keys, row.key, strict=True)), row, plan) for row in rows],
        blank_rows=BLANK_ROWS if wanted.has_new_keys else 0,
    )


def _column(wanted: SheetFormat, column: SheetColumn) -> LockedColumn:
    return LockedColumn(
        name=column.name,
        head=words.head(wanted.kind, column.name),
        width=40 if column.name in WIDE else 16,
        is_locked=column.is_locked,
        is_number=column.type is ColumnType.NUMBER,
        is_day=column.type is ColumnType.DAY,
        choices=[str(text) for text in labels.PROOFS.values()] if column.name == "proof" else [],
    )


def _cells(key: Mapping[str, str], row: ExistingRow, plan: Plan | None) -> dict[str, str]:
    cells = {**key, WAS: row.was, VALUE: row.value, **row.entries}
    if "code" in key and plan is not None:
        cells["title"] = labels.plan_title(plan, key["code"]).text
        cells["allowed"] = _allowed(plan, key["code"])
    if "country" in key:
        cells["country_name"] = country_name(key["country"]) if key["country"] else _("The community as a whole")
    if "role" in key:
        cells["role_name"] = _("All officers") if key["role"] == ALL_ROLES else labels.roles().get(key["role"], "")
    return cells


def _allowed(plan: Plan, code: str) -> str:
    indicator = next((indicator for indicator in plan.indicator if indicator.id == code), None)
    return "" if indicator is None else figure_pages.rule(entry_rule(indicator))
