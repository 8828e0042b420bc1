"""View models of a checked sheet, of an import, and of the letters of an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.i18n.languages import current
from app.intake import labels
from app.intake.domain.headers import Column, header_text
from app.intake.domain.undo import UNDO_FOR, UndoOutcome
from app.intake.domain.validation import CheckedRow, RowKind, ValueChange
from app.intake.forms import ShownForm
from app.intake.labels import KINDS, OUTCOMES, CellChoices
from app.intake.queries import imports
from app.intake.shapes import BatchRow, BatchSummary, ImportCounts, SavedSheet
from app.invitations.service import bulk
from app.invitations.service.letter_texts import LetterSheet
from app.kernel import clock
from app.web.pages import Page
from app.web.paging import ListPage

PAGE = 100
ORDER = (RowKind.WRONG, RowKind.NEW, RowKind.CHANGED, RowKind.SAME)


@dataclass(frozen=True, slots=True)
class KindFilter:
    """A filter of the rows by kind; `href` is empty if there are no such rows."""

    count: int
    word: str
    shape: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CellLine:
    """A cell with a problem (`message`), or with its values `before` and after a change."""

    head: str
    value: str
    message: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class CheckedRowLine:
    """A row of a checked sheet; `invited_to` is the agency of a new person, else empty."""

    number: int
    name: str
    mail: str
    word: str
    kind: str
    problems: Sequence[CellLine]
    changes: Sequence[CellLine]
    is_invited: bool
    invited_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSheetPage(Page):
    """A page of a checked sheet, wrong rows first; `count` is the number of rows to import."""

    template: ClassVar[str] = "intake/checked.html"
    sheet: SavedSheet
    rows: Sequence[CheckedRowLine]
    notes: Sequence[str]
    kinds: Sequence[KindFilter]
    pages: Sequence[tuple[int, str, bool]]
    onward: str
    is_filtered: bool
    wrong_rows: int
    count: int


@dataclass(frozen=True, slots=True)
class LetterButton:
    """The open invitations of an import, those without a valid letter, and how many letters one request creates."""

    batch_id: UUID
    open: int
    without: int
    most: int


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row of an import: what was done, with the headers of changed values, and the outcome of undoing."""

    number: int
    alias: str
    href: str
    action: str
    headers: Sequence[str]
    outcome: str
    is_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(Page):
    """A page of an import."""

    template: ClassVar[str] = "intake/batch.html"
    summary: BatchSummary
    rows: Sequence[ImportedRow]
    first: str
    onward: str
    counts: ImportCounts
    undo_until: datetime
    can_undo: bool
    letters: LetterButton


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersPage(Page):
    """The new letters of an import, to print."""

    template: ClassVar[str] = "intake/letters.html"
    sheets: Sequence[LetterSheet]
    letters: LetterButton


def checked_sheet_page(sheet: SavedSheet, form: ShownForm, choices: CellChoices) -> CheckedSheetPage:
    """Return a page of a checked sheet."""
    content, counts = sheet.content, sheet.content.counts()
    wanted = form.show.data or ""
    rows = [row for kind in ORDER if wanted in {"", kind} for row in content.of_kind(kind)]
    page = _list_page(form, len(rows))
    return CheckedSheetPage(
        sheet=sheet,
        rows=[_row(row, choices) for row in rows[page.offset : page.offset + PAGE]],
        notes=[labels.note(note) for note in content.notes],
        kinds=[_kind_filter(sheet.id, kind, counts[kind], wanted) for kind in ORDER],
        pages=_pages(sheet.id, wanted, page),
        onward=_address(sheet.id, wanted, page.number + 1, page.last),
        is_filtered=bool(wanted),
        wrong_rows=counts[RowKind.WRONG],
        count=counts[RowKind.NEW] + counts[RowKind.CHANGED],
    )


def import_page(actor: Actor, summary: BatchSummary, form: ShownForm) -> ImportPage:
    """Return a page of an import: rows that undoing left unchanged come first."""
    counts, undo_until = imports.import_counts(summary.id), summary.made_at + UNDO_FOR
    page = _list_page(form, counts.rows)
    onward = url_for("intake.batch", batch_id=summary.id, page=page.number + 1) if page.number < page.last else ""
    return ImportPage(
        summary=summary,
        rows=[_imported_row(row) for row in imports.lines(summary.id, offset=page.offset, size=PAGE)],
        first=url_for("intake.batch", batch_id=summary.id) if page.number > 1 else "",
        onward=onward,
        counts=counts,
        undo_until=undo_until,
        can_undo=summary.undone_at is None and clock.real_now() < undo_until,
        letters=letter_button(actor, summary.id),
    )


def letter_button(actor: Actor, batch_id: UUID) -> LetterButton:
    """Return the numbers beside the button that creates letters."""
    counts = bulk.count_letters(actor, imports.inviting(batch_id), clock.real_now())
    return LetterButton(batch_id, counts.all, counts.without, bulk.LETTERS)


def _list_page(form: ShownForm, count: int) -> ListPage:
    return ListPage(min(form.page.data or 1, ListPage(1, PAGE, count).last), PAGE, count)


def _kind_filter(sheet_id: UUID, kind: RowKind, count: int, wanted: str) -> KindFilter:
    word, shape = KINDS[kind]
    href = url_for("intake.show", sheet_id=sheet_id, show=kind) if count else ""
    return KindFilter(count, str(word), shape, href, wanted == kind)


def _pages(sheet_id: UUID, wanted: str, page: ListPage) -> list[tuple[int, str, bool]]:
    near = {1, page.number - 1, page.number, page.number + 1, page.last} & set(range(1, page.last + 1))
    return [(number, _address(sheet_id, wanted, number, page.last), number == page.number) for number in sorted(near)]


def _address(sheet_id: UUID, wanted: str, page: int, last: int) -> str:
    return url_for("intake.show", sheet_id=sheet_id, show=wanted or None, page=page) if page <= last else ""


def _row(checked: CheckedRow, choices: CellChoices) -> CheckedRowLine:
    row, (word, shape) = checked.row, KINDS[checked.kind]
    name, mail = (row.name, row.mail) if row.name else (row.mail or _("No name"), "")
    problems = [
        CellLine(header_text(cell.column, current()), cell.value, message=labels.problem(cell, choices))
        for cell in checked.faults
    ]
    changes = [_change(change, choices.postings) for change in checked.changes]
    invited_to = row.agency if checked.kind is RowKind.NEW else ""
    return CheckedRowLine(row.number, name, mail, str(word), shape, problems, changes, checked.waits, invited_to)


def _change(change: ValueChange, postings: Mapping[str, str]) -> CellLine:
    before, after = change.before, change.after
    if change.column is Column.POSTING:
        before, after = ("; ".join(postings.get(role, role) for role in roles.split()) for roles in (before, after))
    return CellLine(header_text(change.column, current()), after, before=before)


def _imported_row(row: BatchRow) -> ImportedRow:
    href, alias, action = "", row.alias, _("Changed")
    if row.invitation_id is not None:
        href = url_for("invitations.show_invitation", invitation_id=row.invitation_id)
        alias, action = alias or _("Invitation"), _("Invited")
    headers = [header_text(Column(name), current()) for name in row.columns]
    outcome = str(OUTCOMES[row.outcome]) if row.outcome else ""
    return ImportedRow(row.number, alias, href, action, headers, outcome, is_undone=row.outcome is UndoOutcome.UNDONE)
