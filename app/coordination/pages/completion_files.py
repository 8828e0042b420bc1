"""Files of completion: working copies with the numbers on the screen, and tables for publication."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from app.catalogue.queries.versions import CourseRecord
from app.coordination.domain.completion import CompletionRows, NumberRule, ShownCell, ShownNumber
from app.coordination.pages import completion_words as texts
from app.coordination.pages.completion_columns import COURSE_ROWS, HEADS, number
from app.coordination.pages.completion_table import CompletionTable, TableRow
from app.coordination.queries.completion import CompletionFilter
from app.i18n import babel
from app.i18n.languages import country_name, current, direction
from app.learning.domain.completion import CompletionCounts
from app.learning.shapes import CompletionCell
from app.plan import labels as plan_labels
from app.plan.domain import cells as published_cells
from app.plan.domain.cells import PlanCell, Published, Shown
from app.web.table_files import Row, Value, send_csv, send_workbook

COUNTED = (
    "completed_on_time", "completed_late", "recorded", "in_progress", "not_started", "exempt", "overdue", "stalled",
    "waiting", "due_soon", "by_choice",
)  # fmt: skip
NAME = "completion"


def working_copy(
    form: str, table: CompletionTable, chosen: CompletionFilter, *, rule: NumberRule, alias: str, now: datetime
) -> Response:
    """Send the table on the screen with all counters, marked as a working copy of a person."""
    footer = _(
        "Working copy. Not for passing on. %(alias)s, %(moment)s UTC",
        alias=alias,
        moment=f"{now:%Y-%m-%d %H:%M}",
    )
    heads = [_first_head(chosen), _("Country") if chosen.by in COURSE_ROWS else _("Course"), _("Not in yet")]
    heads += [_("Needed"), _("Completed"), *(str(HEADS[column]) for column in COUNTED), _("State")]
    rows = [*_working_rows(table), [], [footer]]
    return _send(form, NAME, heads, rows, [*_about(chosen, texts.rule(rule)), (_("Made by"), footer)], footer)


def publication(
    form: str, cells: Sequence[CompletionCell], courses: Sequence[CourseRecord], *, countries: Sequence[str], day: date
) -> Response:
    """Send the fixed tables for publication: completion by course, by course and country, by course and role."""
    heads = [_("Course"), _("Split by"), _("Country or role"), _("Completed, percent")]
    rows = [row for course in courses for row in _published_rows(course, cells, countries)]
    rule = _("Only shares of at least five officers, rounded to five percent. Ends of quarters only.")
    return _send(form, f"{NAME}-published", heads, rows, [(_("As of"), babel.words(day)), (_("Rule"), rule)], "")


def published(cells: Mapping[str, PlanCell]) -> Mapping[str, Published]:
    """Return the cells of a table as anybody outside their countries may see them: rule O, the only call."""
    return published_cells.outside_table(cells)


def _send(
    form: str, name: str, heads: Row, rows: Sequence[Row], about: Sequence[tuple[str, str]], footer: str
) -> Response:
    if form == "csv":
        return send_csv(name, heads, rows)
    explained = [*about, *texts.definitions()]
    sheets = [(_("Completion"), heads, rows), (_("Definitions"), [_("Term"), _("Meaning")], explained)]
    return send_workbook(name, sheets, right_to_left=direction(current()) == "rtl", footer=footer)


def _about(chosen: CompletionFilter, rule: str) -> list[tuple[str, str]]:
    return [*texts.chosen_values(chosen).items(), (_("Rule"), rule)]


def _first_head(chosen: CompletionFilter) -> str:
    if chosen.by in COURSE_ROWS:
        return _("Course")
    return _("Country") if chosen.by is CompletionRows.COUNTRY else _("Role")


def _working_rows(table: CompletionTable) -> Iterator[Row]:
    for row in [*table.rows, table.total]:
        last = len(row.cells) - 1
        for index, cell in enumerate(row.cells):
            state = texts.status(cell)[0] if row is table.total else ""
            yield [row.name, table.groups[index] or row.further, *_values(row, cell, is_last=index == last), state]


def _values(row: TableRow, cell: ShownCell, *, is_last: bool) -> list[Value]:
    invited = "" if row.invited is None or not is_last else _value(row.invited)
    return [invited, *(_value(cell.number(name)) for name in ("need", "completed", *COUNTED))]


def _value(shown: ShownNumber) -> Value:
    """Return a number, or its band as a text."""
    return shown.low if shown.is_exact else number(shown)


def _published_rows(course: CourseRecord, cells: Sequence[CompletionCell], countries: Sequence[str]) -> Iterator[Row]:
    by_country, by_role = _split(course.id, cells)
    tables = (
        (
            _("Country"),
            {code: by_country[code] for code in countries},
            {code: country_name(code) for code in countries},
        ),
        (_("Role"), dict(by_role), plan_labels.roles()),
    )
    whole = published_cells.outside_total(
        published_cells.total_of(_plan_cells(dict(by_country)) or {"": PlanCell(0, 0)})
    )
    yield [course.code, _("All countries"), "", _share(whole)]
    for title, counted, names in tables:
        shown = published(_plan_cells(counted))
        for key in counted:
            yield [course.code, title, names.get(key, key), _share(shown[key])]


def _split(course_id: UUID, cells: Sequence[CompletionCell]) -> tuple[dict[str, CompletionCounts], ...]:
    splits: tuple[dict[str, CompletionCounts], ...] = (defaultdict(CompletionCounts), defaultdict(CompletionCounts))
    for cell in cells:
        if cell.course_id == course_id:
            splits[0][cell.country] += cell.counts
            splits[1][cell.role] += cell.counts
    return splits


def _plan_cells(counted: Mapping[str, CompletionCounts]) -> dict[str, PlanCell]:
    return {key: PlanCell(counts.completed, counts.need) for key, counts in counted.items()}


def _share(cell: Published) -> Value:
    """Return a share in steps of five percent, or that it is not shown."""
    if not isinstance(cell, Shown) or cell.percent is None:
        return _("Not shown")
    return published_cells.STEP * round(cell.percent / published_cells.STEP)
