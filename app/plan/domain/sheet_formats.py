"""The columns of each kind of sheet of values."""

from collections.abc import Mapping

from app.learning.domain.requirements import NOTE_LONGEST
from app.plan.domain.value_sheets import VALUE, WAS, ColumnType, ColumnUse, SheetColumn, SheetFormat, SheetKind

OFFICER_LONGEST = 80

FIGURES = SheetFormat(
    SheetKind.FIGURES,
    (
        SheetColumn("code", ColumnUse.KEY, longest=20),
        SheetColumn("title", ColumnUse.INFO),
        SheetColumn("country", ColumnUse.KEY, longest=2),
        SheetColumn("country_name", ColumnUse.INFO),
        SheetColumn("day", ColumnUse.KEY, ColumnType.DAY),
        SheetColumn("allowed", ColumnUse.INFO),
        SheetColumn(WAS, ColumnUse.WAS, ColumnType.NUMBER),
        SheetColumn(VALUE, ColumnUse.ENTRY, ColumnType.NUMBER, is_required=True, is_locked=False),
        SheetColumn("source", ColumnUse.ENTRY, is_required=True, is_locked=False),
        SheetColumn("explanation", ColumnUse.ENTRY, is_locked=False),
    ),
)
NEEDS = SheetFormat(
    SheetKind.NEEDS,
    (
        SheetColumn("country", ColumnUse.KEY, longest=2),
        SheetColumn("country_name", ColumnUse.INFO),
        SheetColumn("role", ColumnUse.KEY, longest=40),
        SheetColumn("role_name", ColumnUse.INFO),
        SheetColumn(WAS, ColumnUse.WAS, ColumnType.NUMBER),
        SheetColumn(VALUE, ColumnUse.ENTRY, ColumnType.NUMBER, is_required=True, is_locked=False),
        SheetColumn("source_day", ColumnUse.ENTRY, ColumnType.DAY, is_required=True, is_locked=False),
        SheetColumn("source", ColumnUse.ENTRY, is_required=True, is_locked=False),
    ),
)
TARGETS = SheetFormat(
    SheetKind.TARGETS,
    (
        SheetColumn("code", ColumnUse.KEY, longest=20),
        SheetColumn("title", ColumnUse.INFO),
        SheetColumn("country", ColumnUse.KEY, longest=2),
        SheetColumn("country_name", ColumnUse.INFO),
        SheetColumn("period", ColumnUse.KEY, longest=7),
        SheetColumn(WAS, ColumnUse.WAS),  # both values
        SheetColumn(VALUE, ColumnUse.ENTRY, ColumnType.NUMBER, is_required=True, is_locked=False),
        SheetColumn("second", ColumnUse.ENTRY, ColumnType.NUMBER, is_locked=False),
        SheetColumn("reason", ColumnUse.ENTRY, is_locked=False),
    ),
)
COMPLETIONS = SheetFormat(
    SheetKind.COMPLETIONS,
    (
        SheetColumn("officer", ColumnUse.KEY, longest=OFFICER_LONGEST),
        SheetColumn("course", ColumnUse.KEY, longest=40),
        SheetColumn(WAS, ColumnUse.WAS, ColumnType.DAY),
        SheetColumn(VALUE, ColumnUse.ENTRY, ColumnType.DAY, is_required=True, is_locked=False),
        SheetColumn("proof", ColumnUse.ENTRY, is_required=True, is_locked=False, longest=60),
        SheetColumn("note", ColumnUse.ENTRY, is_locked=False, longest=NOTE_LONGEST),
    ),
    has_new_keys=True,
)
FORMATS: Mapping[SheetKind, SheetFormat] = {wanted.kind: wanted for wanted in (FIGURES, NEEDS, TARGETS, COMPLETIONS)}
