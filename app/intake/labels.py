"""What is said of a sheet, a row and a cell: the reason, and the cure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.i18n.babel import joined
from app.intake.domain.grid import Note, Remark, Trouble, UnreadableError
from app.intake.domain.headers import Column, head
from app.intake.domain.rows import NUMBER_LONGEST, Fault, Reason
from app.intake.domain.undo import Outcome
from app.intake.domain.validation import Kind

KINDS: Mapping[Kind, tuple[LazyString, str]] = {
    Kind.WRONG: (lazy_gettext("Wrong"), "bad"),
    Kind.NEW: (lazy_gettext("New"), "here"),
    Kind.CHANGED: (lazy_gettext("Changed"), "risk"),
    Kind.SAME: (lazy_gettext("Same"), "none"),
}
OUTCOMES: Mapping[Outcome, LazyString] = {
    Outcome.UNDONE: lazy_gettext("Set back"),
    Outcome.PARTLY: lazy_gettext("Some of it was changed since, and stays."),
    Outcome.ACCEPTED: lazy_gettext("The invitation was accepted: the account stays."),
    Outcome.WITHDRAWN: lazy_gettext("The invitation was withdrawn before."),
    Outcome.CHANGED: lazy_gettext("It was changed after that: it stays."),
    Outcome.LEFT: lazy_gettext("The person serves here no more."),
    Outcome.NUMBER: lazy_gettext("The old service number now belongs to another person: the new one stays."),
}
STOPPED = lazy_gettext("The check has stopped: too many addresses today could not be invited. Go on tomorrow.")
_PLAIN: Mapping[Reason, LazyString] = {
    Reason.FORMULA: lazy_gettext("This cell contains a formula. Paste it as a value."),
    Reason.MERGED: lazy_gettext("This cell is merged with others. Unmerge them, and fill in each."),
    Reason.ERROR_VALUE: lazy_gettext("The spreadsheet shows an error here. Enter the value."),
    Reason.DATE: lazy_gettext("The spreadsheet made a date of this. Format the column as text, and enter it again."),
    Reason.LONG_NUMBER: lazy_gettext("Digits of this number are lost. Format the column as text, and enter it again."),
    Reason.NOT_A_MAIL: lazy_gettext("This is no mail address. Enter one, such as name@service.example."),
    Reason.NOT_A_NAME: lazy_gettext("Letters are missing. Enter the name, or save the sheet as XLSX or as CSV UTF-8."),
    Reason.NOT_A_NUMBER: lazy_gettext("This is a mail address. Enter the service number, or empty this cell."),
    Reason.POSTING_UNFIT: lazy_gettext("Only officers have a role in the agency. Empty this cell."),
    Reason.INVITED: lazy_gettext("This address is invited already, with other details. Withdraw that one first."),
    Reason.NUMBER: lazy_gettext("This service number cannot be used. Leave it out, or check it."),
    Reason.LED: lazy_gettext("Coordinators invite the contact points of this country. Take the row out."),
    Reason.CLOSED: lazy_gettext("The account is closed, or nobody serves under it today. Take the row out."),
    Reason.NOT_AN_OFFICER: lazy_gettext("This person is neither an officer nor a supervisor. Take the row out."),
    Reason.ROLE_DIFFERS: lazy_gettext("A sheet changes no role at the academy. Empty this cell."),
    Reason.MOVE_PLANNED: lazy_gettext("A move is planned for a later day. Change it on the page of the person."),
    Reason.OWN_ROW: lazy_gettext("You cannot change your own entry. Take the row out."),
}
_TROUBLES: Mapping[Trouble, LazyString] = {
    Trouble.EMPTY: lazy_gettext("Choose a file, or paste the rows."),
    Trouble.TOO_LARGE: lazy_gettext("The file is over 2 MB. Send it in parts."),
    Trouble.TOO_MANY_ROWS: lazy_gettext("The sheet has more than 5,000 rows. Send it in parts."),
    Trouble.NOT_A_SHEET: lazy_gettext("This is no sheet. Send an XLSX or CSV file."),
    Trouble.OLD_OR_LOCKED: lazy_gettext("The file is in an old format or has a password. Save it as XLSX without one."),
    Trouble.DAMAGED: lazy_gettext("The file is damaged. Open it in a spreadsheet, and save it again as XLSX."),
    Trouble.UNPACKS_TOO_LARGE: lazy_gettext("The file unpacks to too much. Copy the rows into a new sheet."),
    Trouble.DOCTYPE: lazy_gettext("No spreadsheet writes such a file. Copy the rows into a new sheet."),
    Trouble.MERGED: lazy_gettext("Hundreds of cells are merged. Unmerge them all."),
    Trouble.NO_ROWS: lazy_gettext("There are no rows below the headers."),
    Trouble.ENCODING: lazy_gettext("It cannot be told which letters the file holds. Save it as CSV UTF-8, or as XLSX."),
    Trouble.NUL: lazy_gettext("The file holds signs that are no text. Save it as CSV UTF-8, or as XLSX."),
}
_NOTES: Mapping[Remark, LazyString] = {
    Remark.SHEET_READ: lazy_gettext("The sheet %(value)s was read."),
    Remark.SHEETS_LEFT_OUT: lazy_gettext("Other sheets of the file were left out: %(value)s."),
    Remark.SHEETS_HIDDEN: lazy_gettext("Hidden sheets were left out: %(value)s."),
    Remark.COLUMNS_HIDDEN: lazy_gettext("Hidden columns were read: %(value)s."),
    Remark.ROWS_HIDDEN: lazy_gettext("Hidden rows were read: %(value)s."),
    Remark.COLUMNS_LEFT_OUT: lazy_gettext("Columns of other heads were left out: %(value)s."),
    Remark.ENCODING_GUESSED: lazy_gettext("The letters were read as %(value)s. Check whether the names are right."),
}
_MEANINGS: Mapping[Column, LazyString] = {
    Column.MAIL: lazy_gettext("By it a person is known again. It is never changed by a sheet."),
    Column.NAME: lazy_gettext("As on certificates, in any letters."),
    Column.LATIN_NAME: lazy_gettext("If the name is written in other letters."),
    Column.SERVICE_NUMBER: lazy_gettext("If there is one."),
    Column.COUNTRY: lazy_gettext("The name, or its two letters."),
    Column.AGENCY: lazy_gettext("One of the services of the country, as it is called here."),
    Column.POSTING: lazy_gettext("For officers: one, or several parted by a semicolon. The first is the main one."),
    Column.ROLE: lazy_gettext("The role to invite to."),
    Column.LANGUAGE: lazy_gettext("If it is empty, the invitation is in your language."),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """The words from which a cell may be filled, in the reader's language, and the country of the reader."""

    roles: Sequence[str]
    postings: Mapping[str, str]
    languages: Sequence[str]
    own_country: bool
    language: str


def meaning(column: Column) -> str:
    """Return what a column holds."""
    return str(_MEANINGS[column])


def fault(one: Fault, choices: Choices) -> str:
    """Return what is wrong with a cell, and how it is mended."""
    say = _SAYINGS.get(one.reason)
    return say(one, choices) if say else str(_PLAIN[one.reason])


def trouble(error: UnreadableError, language: str) -> str:
    """Return why a file cannot be read, and what to do."""
    if error.trouble is Trouble.NO_HEADS:
        names = [head(Column(name), language) for name in error.value.split()]
        return _(
            "No heads were found for: %(names)s. Take the empty sheet, and copy the rows into it.", names=joined(names)
        )
    if error.trouble is Trouble.HEAD_TWICE:
        return _("The column %(name)s appears twice. Remove one.", name=error.value)
    if error.trouble is Trouble.QUOTES:
        return _("A quotation mark near row %(row)s is never closed. Save the sheet as XLSX.", row=error.value)
    return str(_TROUBLES[error.trouble])


def note(one: Note) -> str:
    """Return what is to be known of how a sheet was read."""
    return str(_NOTES[one.remark]) % {"value": one.value}


def _missing(one: Fault, _choices: Choices) -> str:
    if one.column is Column.POSTING:
        return _("Enter the role in the agency: it decides what the officer has to learn.")
    return _("The cell is empty. Fill it in.")


def _too_long(one: Fault, _choices: Choices) -> str:
    if one.column is Column.SERVICE_NUMBER:
        return _("Enter at most %(number)s characters.", number=NUMBER_LONGEST)
    return _("Enter at most 200 characters.")


def _elsewhere(one: Fault, _choices: Choices) -> str:
    if one.column is Column.SERVICE_NUMBER:
        return _("This service number cannot be used. The contact points concerned have been notified.")
    return _("This address cannot be invited. The contact points concerned have been notified.")


def _twice(one: Fault, _choices: Choices) -> str:
    return _("Row %(row)s holds the same. Take one of the two out.", row=one.row)


def _agency(one: Fault, _choices: Choices) -> str:
    if one.near:
        return _("There is no agency with this name. Is it %(name)s?", name=one.near)
    return _("There is no agency with this name. The previous page lists the agencies of the country.")


def _posting(one: Fault, choices: Choices) -> str:
    if one.near:
        return _("There is no role with this name. Is it %(name)s?", name=choices.postings.get(one.near, one.near))
    return _("There is no role with this name. Enter one of: %(names)s.", names=joined(list(choices.postings.values())))


def _role(_one: Fault, choices: Choices) -> str:
    return _("You cannot invite to this role. Enter one of: %(names)s.", names=joined(list(choices.roles)))


def _language(_one: Fault, choices: Choices) -> str:
    return _("Enter one of: %(names)s.", names=joined(list(choices.languages)))


def _country(_one: Fault, choices: Choices) -> str:
    if choices.own_country:
        return _("You invite people of your own country alone. Empty this cell, or take the row out.")
    return _("This is no member country. Enter its name, or its two letters.")


_SAYINGS: Mapping[Reason, Callable[[Fault, Choices], str]] = {
    Reason.MISSING: _missing,
    Reason.TOO_LONG: _too_long,
    Reason.TWICE: _twice,
    Reason.ELSEWHERE: _elsewhere,
    Reason.UNKNOWN_AGENCY: _agency,
    Reason.UNKNOWN_POSTING: _posting,
    Reason.UNKNOWN_ROLE: _role,
    Reason.UNKNOWN_LANGUAGE: _language,
    Reason.UNKNOWN_COUNTRY: _country,
}
