"""Error messages about files, rows and cells of a sheet, with how to correct them; labels of kinds and outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.i18n.babel import joined
from app.intake.domain.headers import Column, header_text
from app.intake.domain.rows import NUMBER_LONGEST, CellProblem, RowReason
from app.intake.domain.undo import UndoOutcome
from app.intake.domain.validation import RowKind
from app.kernel.sheets.grid import FileProblem, ReadingNote, Remark, UnreadableError

KINDS: Mapping[RowKind, tuple[LazyString, str]] = {
    RowKind.WRONG: (lazy_gettext("Wrong"), "bad"),
    RowKind.NEW: (lazy_gettext("New"), "here"),
    RowKind.CHANGED: (lazy_gettext("Changed"), "risk"),
    RowKind.SAME: (lazy_gettext("Same"), "none"),
}
OUTCOMES: Mapping[UndoOutcome, LazyString] = {
    UndoOutcome.UNDONE: lazy_gettext("Undone"),
    UndoOutcome.PARTLY: lazy_gettext("Some values have changed since. They were not undone."),
    UndoOutcome.ACCEPTED: lazy_gettext("The invitation was accepted. The account remains."),
    UndoOutcome.WITHDRAWN: lazy_gettext("The invitation was already withdrawn."),
    UndoOutcome.CHANGED: lazy_gettext("The values have changed since. They were not undone."),
    UndoOutcome.LEFT: lazy_gettext("The person no longer serves in this country."),
    UndoOutcome.NUMBER: lazy_gettext("Another person now has the old service number. The new number remains."),
}
STOPPED = lazy_gettext("The check has stopped: too many addresses today could not be invited. Go on tomorrow.")
_PLAIN: Mapping[RowReason, LazyString] = {
    RowReason.FORMULA: lazy_gettext("This cell contains a formula. Paste it as a value."),
    RowReason.MERGED: lazy_gettext("This cell is merged with others. Unmerge them and fill in each cell."),
    RowReason.ERROR_VALUE: lazy_gettext("The spreadsheet shows an error here. Enter the value."),
    RowReason.DATE: lazy_gettext("This was turned into a date. Format the column as text and enter it again."),
    RowReason.LONG_NUMBER: lazy_gettext(
        "Digits of this number are lost. Format the column as text and enter it again."
    ),
    RowReason.NOT_A_MAIL: lazy_gettext("This is not an e-mail address. Enter one, such as name@service.example."),
    RowReason.NOT_A_NAME: lazy_gettext(
        "Letters are missing. Enter the name, or save the sheet as XLSX or as CSV UTF-8."
    ),
    RowReason.NOT_A_NUMBER: lazy_gettext("This is a mail address. Enter the service number, or empty this cell."),
    RowReason.MISSING: lazy_gettext("The cell is empty. Fill it in."),
    RowReason.TOO_LONG: lazy_gettext("Enter at most 200 characters."),
    RowReason.ELSEWHERE: lazy_gettext(
        "This address cannot be invited. The contact points concerned have been notified."
    ),
    RowReason.TWICE: lazy_gettext("Row %(row)s has the same value. Remove one of the two."),
    RowReason.UNKNOWN_AGENCY: lazy_gettext(
        "There is no agency with this name. The previous page lists the agencies of the country."
    ),
    RowReason.UNKNOWN_POSTING: lazy_gettext("There is no role with this name. Enter one of: %(names)s."),
    RowReason.UNKNOWN_ROLE: lazy_gettext("You cannot invite to this role. Enter one of: %(names)s."),
    RowReason.UNKNOWN_LANGUAGE: lazy_gettext("Enter one of: %(names)s."),
    RowReason.UNKNOWN_COUNTRY: lazy_gettext("This is not a member country. Enter its name or its two-letter code."),
    RowReason.POSTING_UNFIT: lazy_gettext("Only officers have a role in the agency. Empty this cell."),
    RowReason.INVITED: lazy_gettext("This address is invited with other details. Withdraw that invitation first."),
    RowReason.NUMBER: lazy_gettext("This service number cannot be used. Leave it out, or check it."),
    RowReason.LED: lazy_gettext("Coordinators invite the contact points of this country. Remove the row."),
    RowReason.CLOSED: lazy_gettext("The account is closed or has no posting today. Remove the row."),
    RowReason.NOT_AN_OFFICER: lazy_gettext("This person is neither an officer nor a supervisor. Remove the row."),
    RowReason.ROLE_DIFFERS: lazy_gettext("A sheet cannot change roles at the academy. Empty this cell."),
    RowReason.MOVE_PLANNED: lazy_gettext("A move is planned for a later day. Change it on the page of the person."),
    RowReason.OWN_ROW: lazy_gettext("You cannot change your own entry. Remove the row."),
}
_FOR_COLUMN: Mapping[tuple[RowReason, Column], LazyString] = {
    (RowReason.MISSING, Column.POSTING): lazy_gettext(
        "Enter the role in the agency: it decides what the officer has to learn."
    ),
    (RowReason.TOO_LONG, Column.SERVICE_NUMBER): lazy_gettext(
        "Enter at most %(number)s characters.", number=NUMBER_LONGEST
    ),
    (RowReason.ELSEWHERE, Column.SERVICE_NUMBER): lazy_gettext(
        "This service number cannot be used. The contact points concerned have been notified."
    ),
}
_SUGGESTIONS: Mapping[RowReason, LazyString] = {
    RowReason.UNKNOWN_AGENCY: lazy_gettext("There is no agency with this name. Is it %(name)s?"),
    RowReason.UNKNOWN_POSTING: lazy_gettext("There is no role with this name. Is it %(name)s?"),
}
_OWN_COUNTRY = lazy_gettext("You can only invite people of your own country. Empty this cell or remove the row.")
_FILE_PROBLEMS: Mapping[FileProblem, LazyString] = {
    FileProblem.EMPTY: lazy_gettext("Choose a file, or paste the rows."),
    FileProblem.TOO_LARGE: lazy_gettext("The file is over 2 MB. Send it in parts."),
    FileProblem.TOO_MANY_ROWS: lazy_gettext("The sheet has more than 5,000 rows. Send it in parts."),
    FileProblem.NOT_A_SHEET: lazy_gettext("This is not a sheet. Send an XLSX or CSV file."),
    FileProblem.OLD_OR_LOCKED: lazy_gettext(
        "The file is in an old format or has a password. Save it as XLSX without one."
    ),
    FileProblem.DAMAGED: lazy_gettext("The file is damaged. Open it in a spreadsheet, and save it again as XLSX."),
    FileProblem.UNPACKS_TOO_LARGE: lazy_gettext("The unpacked file is too large. Copy the rows into a new sheet."),
    FileProblem.DOCTYPE: lazy_gettext("This file is not from a spreadsheet program. Copy the rows into a new sheet."),
    FileProblem.MERGED: lazy_gettext("Hundreds of cells are merged. Unmerge them all."),
    FileProblem.NO_ROWS: lazy_gettext("There are no rows below the headers."),
    FileProblem.ENCODING: lazy_gettext("The encoding of the file is unclear. Save it as CSV UTF-8 or as XLSX."),
    FileProblem.NUL: lazy_gettext("The file contains characters that are not text. Save it as CSV UTF-8 or as XLSX."),
}
_NOTES: Mapping[Remark, LazyString] = {
    Remark.SHEET_READ: lazy_gettext("The sheet %(value)s was read."),
    Remark.SHEETS_LEFT_OUT: lazy_gettext("Other sheets of the file were left out: %(value)s."),
    Remark.SHEETS_HIDDEN: lazy_gettext("Hidden sheets were left out: %(value)s."),
    Remark.COLUMNS_HIDDEN: lazy_gettext("Hidden columns were read: %(value)s."),
    Remark.ROWS_HIDDEN: lazy_gettext("Hidden rows were read: %(value)s."),
    Remark.COLUMNS_LEFT_OUT: lazy_gettext("Columns with other headers were left out: %(value)s."),
    Remark.ENCODING_GUESSED: lazy_gettext("The letters were read as %(value)s. Check whether the names are right."),
}
MEANINGS: Mapping[Column, LazyString] = {
    Column.MAIL: lazy_gettext("It identifies the person. A sheet never changes it."),
    Column.NAME: lazy_gettext("As on certificates, in any letters."),
    Column.LATIN_NAME: lazy_gettext("If the name is written in other letters."),
    Column.SERVICE_NUMBER: lazy_gettext("If there is one."),
    Column.COUNTRY: lazy_gettext("The name or the two-letter code."),
    Column.AGENCY: lazy_gettext("An agency of the country, by its name in the academy."),
    Column.POSTING: lazy_gettext("For officers: one or more, separated by semicolons. The first is the main one."),
    Column.ROLE: lazy_gettext("The role to invite to."),
    Column.LANGUAGE: lazy_gettext("If it is empty, the invitation is in your language."),
}


@dataclass(frozen=True, slots=True)
class CellChoices:
    """The allowed values of cells in the language of the page, and whether the sheet has one country."""

    roles: Sequence[str]
    postings: Mapping[str, str]
    languages: Sequence[str]
    own_country: bool
    language: str


def problem(cell: CellProblem, choices: CellChoices) -> str:
    """Return what is wrong with a cell, and how to correct it."""
    text = _FOR_COLUMN.get((cell.reason, cell.column), _PLAIN[cell.reason])
    if cell.near:
        text = _SUGGESTIONS.get(cell.reason, text)
    if cell.reason is RowReason.UNKNOWN_COUNTRY and choices.own_country:
        text = _OWN_COUNTRY
    postings = choices.postings if cell.column is Column.POSTING else {}
    allowed = {
        RowReason.UNKNOWN_POSTING: list(choices.postings.values()),
        RowReason.UNKNOWN_ROLE: list(choices.roles),
        RowReason.UNKNOWN_LANGUAGE: list(choices.languages),
    }
    names = joined(allowed.get(cell.reason, []))
    return str(text) % {"row": cell.row, "name": postings.get(cell.near, cell.near), "names": names}


def file_problem(error: UnreadableError, language: str) -> str:
    """Return why a file cannot be read, and what to do."""
    if error.problem is FileProblem.NO_HEADS:
        names = [header_text(Column(name), language) for name in error.value.split()]
        return _("No headers were found for: %(names)s. Copy the rows into the empty sheet.", names=joined(names))
    if error.problem is FileProblem.HEAD_TWICE:
        return _("The column %(name)s appears twice. Remove one.", name=error.value)
    if error.problem is FileProblem.HEAD_UNKNOWN:
        return _("The column %(name)s is not known. Remove it.", name=error.value)
    if error.problem is FileProblem.QUOTES:
        return _("A quotation mark near row %(row)s is never closed. Save the sheet as XLSX.", row=error.value)
    return str(_FILE_PROBLEMS[error.problem])


def note(note: ReadingNote) -> str:
    """Return the text of a note about how a sheet was read."""
    return str(_NOTES[note.remark]) % {"value": note.value}
