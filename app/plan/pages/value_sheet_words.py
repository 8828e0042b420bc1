"""Words of sheets of values: kinds, heads of columns, error messages with how to correct them, outcomes."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.kernel.sheets.grid import FileProblem, UnreadableError
from app.plan.domain.value_sheets import SheetKind, ValueKind, ValueOutcome, ValueProblem, ValueReason

TITLES: Mapping[SheetKind, LazyString] = {
    SheetKind.FIGURES: lazy_gettext("Figures entered by hand"),
    SheetKind.NEEDS: lazy_gettext("Planned needs"),
    SheetKind.TARGETS: lazy_gettext("Targets"),
    SheetKind.COMPLETIONS: lazy_gettext("Past completions"),
}
LEADS: Mapping[SheetKind, LazyString] = {
    SheetKind.FIGURES: lazy_gettext("Figures wait until a second person approves them. Each needs a document."),
    SheetKind.NEEDS: lazy_gettext("Planned needs wait until a second person agrees."),
    SheetKind.TARGETS: lazy_gettext("Targets are proposed. A second coordinator agrees."),
    SheetKind.COMPLETIONS: lazy_gettext(
        "Courses completed elsewhere count for required courses only, never as evidence of competence."
    ),
}
PARTS: Mapping[SheetKind, LazyString] = {
    SheetKind.FIGURES: lazy_gettext("Figures of the day"),
    SheetKind.TARGETS: lazy_gettext("Targets of the period"),
}
HEADS: Mapping[str, LazyString] = {
    "code": lazy_gettext("Indicator"),
    "title": lazy_gettext("Title"),
    "country": lazy_gettext("Country code"),
    "country_name": lazy_gettext("Country"),
    "day": lazy_gettext("Day"),
    "allowed": lazy_gettext("Allowed values"),
    "was": lazy_gettext("Value in the academy"),
    "value": lazy_gettext("New value"),
    "source": lazy_gettext("Source"),
    "explanation": lazy_gettext("Reason for a large change"),
    "role": lazy_gettext("Role code"),
    "role_name": lazy_gettext("Role"),
    "source_day": lazy_gettext("Day of the source"),
    "period": lazy_gettext("Period"),
    "second": lazy_gettext("Second value"),
    "reason": lazy_gettext("Reason"),
    "officer": lazy_gettext("Alias or service number"),
    "course": lazy_gettext("Course code"),
    "proof": lazy_gettext("Proof"),
    "note": lazy_gettext("Note (no health data)"),
}
COMPLETED_ON = lazy_gettext("Completed on (such as 2027-03-31)")
KINDS: Mapping[ValueKind, tuple[LazyString, str]] = {
    ValueKind.WRONG: (lazy_gettext("Wrong"), "bad"),
    ValueKind.NEW: (lazy_gettext("New"), "here"),
    ValueKind.CHANGED: (lazy_gettext("Changed"), "risk"),
    ValueKind.SAME: (lazy_gettext("Same"), "none"),
}
OUTCOMES: Mapping[ValueOutcome, LazyString] = {
    ValueOutcome.UNDONE: lazy_gettext("Undone"),
    ValueOutcome.AGREED: lazy_gettext("A second person has agreed since. It was not undone."),
    ValueOutcome.CHANGED: lazy_gettext("It has changed since. It was not undone."),
    ValueOutcome.LOCKED: lazy_gettext("The period is locked. It was not undone."),
    ValueOutcome.GONE: lazy_gettext("The officer no longer serves in this country."),
}
_REASONS: Mapping[ValueReason, LazyString] = {
    ValueReason.FORMULA: lazy_gettext("This cell contains a formula. Paste it as a value."),
    ValueReason.MERGED: lazy_gettext("This cell is merged with others. Unmerge them and fill in each cell."),
    ValueReason.ERROR_VALUE: lazy_gettext("The spreadsheet shows an error here. Enter the value."),
    ValueReason.DATE: lazy_gettext("This was turned into a date. Format the cell as text and enter it again."),
    ValueReason.LONG_NUMBER: lazy_gettext("This number is too long. Enter a shorter one."),
    ValueReason.TOO_LONG: lazy_gettext("This text is too long. Shorten it."),
    ValueReason.TWICE: lazy_gettext("Row %(row)s is the same line. Remove one of the two."),
    ValueReason.CHANGED_MEANWHILE: lazy_gettext(
        "The value has changed in the academy since the download. Now it is: %(current)s. Download the sheet again."
    ),
    ValueReason.EMPTIED: lazy_gettext("A sheet deletes nothing. Enter a value, or the old one: %(current)s."),
    ValueReason.MISSING: lazy_gettext("The cell is empty. Fill it in."),
    ValueReason.NOT_A_NUMBER: lazy_gettext("This is not a number. Enter digits only, such as 12 or 12.5."),
    ValueReason.NOT_A_DAY: lazy_gettext("This is not a day. Enter year, month and day, such as 2027-03-31."),
    ValueReason.NOT_A_CHOICE: lazy_gettext("Choose a value from the list."),
}
_UNKNOWN: Mapping[SheetKind, LazyString] = {
    SheetKind.FIGURES: lazy_gettext("You cannot enter this figure. Do not change the locked cells, or download again."),
    SheetKind.NEEDS: lazy_gettext("Your country has no such row. Do not change the locked cells, or download again."),
    SheetKind.TARGETS: lazy_gettext("The plan has no such target. Do not change the locked cells, or download again."),
    SheetKind.COMPLETIONS: lazy_gettext(
        "No officer of your country has this alias or service number, or there is no such course. Check both cells."
    ),
}
_FILES: Mapping[FileProblem, LazyString] = {
    FileProblem.EMPTY: lazy_gettext("Choose the filled sheet."),
    FileProblem.TOO_LARGE: lazy_gettext("The file is over 2 MB. Send fewer rows."),
    FileProblem.TOO_MANY_ROWS: lazy_gettext("The sheet has more than 5,000 rows. Send it in parts."),
    FileProblem.NOT_A_SHEET: lazy_gettext("This is not a sheet. Send the downloaded file, saved as XLSX."),
    FileProblem.OLD_OR_LOCKED: lazy_gettext(
        "The file is in an old format or has a password. Save it as XLSX without one."
    ),
    FileProblem.UNPACKS_TOO_LARGE: lazy_gettext("The unpacked file is too large. Download the sheet again."),
    FileProblem.DOCTYPE: lazy_gettext("This file is not from a spreadsheet program. Download the sheet again."),
    FileProblem.MERGED: lazy_gettext("Hundreds of cells are merged. Unmerge them all."),
    FileProblem.NO_HEADS: lazy_gettext(
        "This is not the right sheet, or its first row was changed. Download the sheet again."
    ),
    FileProblem.NO_ROWS: lazy_gettext("There are no rows below the headers."),
}
_DAMAGED = lazy_gettext("The file is damaged. Open it in a spreadsheet, and save it again as XLSX.")


def head(kind: SheetKind, name: str) -> str:
    """Return the head of a column, or the letter of a column that is not one of the sheet's."""
    if kind is SheetKind.COMPLETIONS and name == "value":
        return str(COMPLETED_ON)
    return str(HEADS.get(name, name))


def problem(kind: SheetKind, cell: ValueProblem) -> str:
    """Return what is wrong with a cell, and how to correct it."""
    if cell.reason is ValueReason.RULE:
        return _(cell.message) % cell.values if cell.values else _(cell.message)
    text = _UNKNOWN[kind] if cell.reason is ValueReason.UNKNOWN_KEY else _REASONS[cell.reason]
    return str(text) % {"row": cell.row, "current": cell.current or _("empty")}


def file_problem(error: UnreadableError) -> str:
    """Return why a file cannot be read, and what to do."""
    if error.problem is FileProblem.HEAD_TWICE:
        return _("The column %(name)s appears twice. Remove one.", name=error.value)
    return str(_FILES.get(error.problem, _DAMAGED))
