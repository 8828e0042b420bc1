"""View models of sheets of values: the page that sends and takes them, a checked sheet, what a sheet wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.i18n import babel
from app.kernel import clock
from app.plan import labels
from app.plan.domain import targets
from app.plan.domain.cells import quarter_ends
from app.plan.domain.targets import TargetPeriod
from app.plan.domain.value_sheets import UNDO_FOR, CheckedValue, SheetKind, ValueKind, ValueOutcome
from app.plan.forms import ShownRowsForm
from app.plan.pages import value_sheet_words as words
from app.plan.queries import figures, value_sheets as queries
from app.plan.service.value_sheets import SOURCES, kinds_of
from app.plan.shapes import SavedValueSheet, ValueBatchLine, ValueBatchSummary
from app.web.pages import Page
from app.web.paging import ListPage

PAGE = 100
DAYS = 6  # quarter ends to choose from
ORDER = (ValueKind.WRONG, ValueKind.NEW, ValueKind.CHANGED, ValueKind.SAME)


@dataclass(frozen=True, slots=True)
class SheetSection:
    """A kind of sheet with its addresses, the days or periods to choose from, and the error of the last file."""

    kind: SheetKind
    title: str
    lead: str
    part_label: str
    parts: Sequence[tuple[str, str]]
    download: str
    upload: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSheetsPage(Page):
    """The page that sends prefilled sheets and takes filled ones."""

    template: ClassVar[str] = "plan/value_sheets.html"
    title: str
    crumb: tuple[str, str]
    sections: Sequence[SheetSection]
    checked_sheets: Sequence[tuple[str, str, datetime]]
    batches: Sequence[tuple[str, str, ValueBatchSummary]]


@dataclass(frozen=True, slots=True)
class ValueCellLine:
    """A cell with a problem, or with its values before and after a change."""

    cell: str
    head: str
    value: str
    message: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of a checked sheet."""

    number: int
    label: str
    word: str
    shape: str
    problems: Sequence[ValueCellLine]
    changes: Sequence[ValueCellLine]


@dataclass(frozen=True, slots=True)
class ValueKindFilter:
    """A filter of the rows by kind; `href` is empty if there are no such rows."""

    count: int
    word: str
    shape: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedValuesPage(Page):
    """A page of a checked sheet, wrong rows first; `error` belongs to the document."""

    template: ClassVar[str] = "plan/value_sheet_checked.html"
    sheet: SavedValueSheet
    title: str
    crumb: tuple[str, str]
    rows: Sequence[RowLine]
    kinds: Sequence[ValueKindFilter]
    pages: Sequence[tuple[int, str, bool]]
    onward: str
    wrong_rows: int
    count: int
    can_be_written: bool
    needs_document: bool
    urls: Mapping[str, str]
    is_filtered: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A row that a sheet wrote, and the outcome of undoing."""

    number: int
    outcome: str
    is_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueBatchPage(Page):
    """What a sheet wrote."""

    template: ClassVar[str] = "plan/value_batch.html"
    summary: ValueBatchSummary
    title: str
    crumb: tuple[str, str]
    undo_until: datetime
    can_undo: bool
    rows: Sequence[WrittenLine]
    pages: Sequence[tuple[int, str, bool]]
    onward: str
    undo_url: str


def start_page(
    actor: Actor, kinds: Sequence[SheetKind], *, error: tuple[SheetKind, str] | None = None
) -> ValueSheetsPage:
    """Return the page for some kinds of sheets; `error` is of the file that was sent."""
    is_past = SheetKind.COMPLETIONS in kinds
    return ValueSheetsPage(
        title=str(words.TITLES[SheetKind.COMPLETIONS]) if is_past else _("Values from a sheet"),
        crumb=crumb_of(kinds[0], is_start=True),
        sections=[_section(kind, error[1] if error and error[0] is kind else "") for kind in kinds],
        checked_sheets=_checked_sheets(actor, kinds),
        batches=_batches(actor, kinds),
    )


def _checked_sheets(actor: Actor, kinds: Sequence[SheetKind]) -> list[tuple[str, str, datetime]]:
    return [
        (url_for("plan.show_value_sheet", sheet_id=sheet_id), str(words.TITLES[SheetKind(kind)]), at)
        for sheet_id, kind, at in queries.sheets(actor)
        if kind in kinds
    ]


def _batches(actor: Actor, kinds: Sequence[SheetKind]) -> list[tuple[str, str, ValueBatchSummary]]:
    return [
        (url_for("plan.show_value_batch", batch_id=batch.id), str(words.TITLES[batch.kind]), batch)
        for batch in queries.batches(actor)
        if batch.kind in kinds
    ]


def plan_kinds(actor: Actor) -> list[SheetKind]:
    """Return the kinds of sheets of the plan that the actor may send; completions have a page of their own."""
    return [kind for kind in kinds_of(actor) if kind is not SheetKind.COMPLETIONS]


def crumb_of(kind: SheetKind, *, is_start: bool = False) -> tuple[str, str]:
    """Return title and address of the page above."""
    if kind is SheetKind.COMPLETIONS:
        if is_start:
            return _("Completion"), url_for("coordination.show_country_completion")
        return str(words.TITLES[kind]), url_for("plan.show_past_completions")
    if is_start:
        return _("Figures entered by hand"), url_for("plan.show_manual_figures")
    return _("Values from a sheet"), url_for("plan.show_value_sheets")


def checked_page(sheet: SavedValueSheet, form: ShownRowsForm, page: ListPage, error: str = "") -> CheckedValuesPage:
    """Return a page of a checked sheet."""
    wanted, content = form.show.data or "", sheet.content
    rows = shown_rows(sheet, form)
    links = {"sheet_id": sheet.id, **({"show": wanted} if wanted else {})}
    return CheckedValuesPage(
        sheet=sheet,
        title=str(words.TITLES[sheet.kind]),
        crumb=crumb_of(sheet.kind),
        rows=[_row(sheet, row) for row in rows[page.offset : page.offset + PAGE]],
        kinds=[_kind_filter(sheet, kind, wanted) for kind in ORDER],
        wrong_rows=len(content.of_kind(ValueKind.WRONG)),
        count=len(content.writable),
        can_be_written=content.can_be_written,
        needs_document=SOURCES[sheet.kind].needs_document,
        urls={
            "write": url_for("plan.write_value_sheet", sheet_id=sheet.id),
            "drop": url_for("plan.drop_value_sheet", sheet_id=sheet.id),
            "all": url_for("plan.show_value_sheet", sheet_id=sheet.id),
        },
        is_filtered=bool(wanted),
        error=error,
        **page.links("plan.show_value_sheet", **links),
    )


def shown_rows(sheet: SavedValueSheet, form: ShownRowsForm) -> list[CheckedValue]:
    """Return the rows of a filter, wrong ones first."""
    wanted = form.show.data or ""
    return [row for kind in ORDER if wanted in {"", kind} for row in sheet.content.of_kind(kind)]


def batch_page(summary: ValueBatchSummary, lines: Sequence[ValueBatchLine], page: ListPage) -> ValueBatchPage:
    """Return a page of what a sheet wrote."""
    until = summary.made_at + UNDO_FOR
    return ValueBatchPage(
        summary=summary,
        title=str(words.TITLES[summary.kind]),
        crumb=crumb_of(summary.kind),
        undo_until=until,
        can_undo=summary.undone_at is None and clock.real_now() < until,
        rows=[
            WrittenLine(
                line.number,
                str(words.OUTCOMES[line.outcome]) if line.outcome else "",
                is_undone=line.outcome is ValueOutcome.UNDONE,
            )
            for line in lines
        ],
        undo_url=url_for("plan.undo_value_batch", batch_id=summary.id),
        **page.links("plan.show_value_batch", batch_id=summary.id),
    )


def _section(kind: SheetKind, error: str) -> SheetSection:
    is_past = kind is SheetKind.COMPLETIONS
    return SheetSection(
        kind=kind,
        title=str(words.TITLES[kind]),
        lead=str(words.LEADS[kind]),
        part_label=str(words.PARTS.get(kind, "")),
        parts=_parts(kind, clock.today()),
        download=url_for("plan.download_past_completions", form="xlsx")
        if is_past
        else url_for("plan.download_value_sheet", kind=kind.value, form="xlsx"),
        upload=url_for("plan.check_past_completions")
        if is_past
        else url_for("plan.check_value_sheet", kind=kind.value),
        error=error,
    )


def _parts(kind: SheetKind, today: date) -> list[tuple[str, str]]:
    """Return the days or periods that a sheet may be for, the likeliest first."""
    if kind is SheetKind.FIGURES:
        return [(day.isoformat(), babel.words(day)) for day in reversed(quarter_ends(today, DAYS))]
    plan = figures.plan_of() if kind is SheetKind.TARGETS else None
    periods = [] if plan is None else targets.periods(plan)
    return [(str(period), _period_text(period)) for period in sorted(periods, key=lambda item: item.year < today.year)]


def _period_text(period: TargetPeriod) -> str:
    if period.quarter is None:
        return str(period.year)
    return labels.quarter(date(period.year, period.quarter * 3, 1))


def _kind_filter(sheet: SavedValueSheet, kind: ValueKind, wanted: str) -> ValueKindFilter:
    count = len(sheet.content.of_kind(kind))
    word, shape = words.KINDS[kind]
    href = url_for("plan.show_value_sheet", sheet_id=sheet.id, show=kind.value) if count else ""
    return ValueKindFilter(count, str(word), shape, href, is_current=wanted == kind)


def _row(sheet: SavedValueSheet, checked: CheckedValue) -> RowLine:
    word, shape = words.KINDS[checked.kind]
    letters, row = sheet.content.letters, checked.row
    problems = [
        ValueCellLine(
            f"{letters.get(problem.column, problem.column)}{row.number}",
            words.head(sheet.kind, problem.column),
            problem.value,
            message=words.problem(sheet.kind, problem),
        )
        for problem in checked.problems
    ]
    changed = checked.kind in {ValueKind.NEW, ValueKind.CHANGED}
    cell, head = f"{letters['value']}{row.number}", words.head(sheet.kind, "value")
    changes = [ValueCellLine(cell, head, checked.value, before=checked.before)] if changed else []
    return RowLine(row.number, checked.label, str(word), shape, problems, changes)
