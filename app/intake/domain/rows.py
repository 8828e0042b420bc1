"""Read the rows of a sheet: each cell becomes a value, or a problem with its column and reason."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from app.access.policy import Role
from app.identity.domain.contact import NAME_MAX, is_mail, is_number
from app.intake.domain.headers import Column, HeadedGrid, key
from app.kernel.invisible_characters import is_blank, is_name, without_unseen
from app.kernel.sheets.delimited import unguarded
from app.kernel.sheets.grid import SheetCell, SheetRow

V = TypeVar("V")
NUMBER_LONGEST = 60
SHOWN = 80  # characters of a wrong value that the page shows
MOST_NEAR = 200  # problems for which a similar name is suggested
_PARTS = str.maketrans(dict.fromkeys("|/،", ","))
LONGEST = {Column.SERVICE_NUMBER: NUMBER_LONGEST}
EXAMPLE = "officer@service.example"  # the mail address of the example row
SHARED = (Column.MAIL, Column.SERVICE_NUMBER)


class RowReason(StrEnum):
    """Why a cell or its row is wrong; starts with the values of `CellDefect`."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR_VALUE = "error_value"
    DATE = "date"
    LONG_NUMBER = "long_number"
    TOO_LONG = "too_long"
    MISSING = "missing"
    NOT_A_MAIL = "not_a_mail"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_NAME = "not_a_name"
    TWICE = "twice"
    UNKNOWN_AGENCY = "unknown_agency"
    UNKNOWN_POSTING = "unknown_posting"
    UNKNOWN_ROLE = "unknown_role"
    LED = "led"  # the country has or had a contact point
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_COUNTRY = "unknown_country"
    POSTING_UNFIT = "posting_unfit"
    ELSEWHERE = "elsewhere"
    INVITED = "invited"
    NUMBER = "number"
    CLOSED = "closed"
    NOT_AN_OFFICER = "not_an_officer"
    ROLE_DIFFERS = "role_differs"
    OWN_ROW = "own_row"
    MOVE_PLANNED = "move_planned"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A problem of a cell; `near` is a similar allowed value, `row` the number of the other row concerned."""

    column: Column
    reason: RowReason
    value: str = ""
    near: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row of a sheet; "", None or () for an empty cell."""

    number: int
    mail: str = ""
    name: str = ""
    latin_name: str = ""
    service_number: str = ""
    country: str = ""
    agency_id: UUID | None = None
    agency: str = ""
    posting: tuple[str, ...] = ()
    role: Role | None = None
    language: str = ""
    faults: tuple[CellProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class AllowedValues:
    """The allowed values of cells by their names, in the form of `headers.key`."""

    country: str  # the own country; "" if the sheet must name it
    countries: Mapping[str, str]
    agencies: Mapping[str, Mapping[str, tuple[UUID, str]]]  # by country, then by name: id and full name
    postings: Mapping[str, str]
    roles: Mapping[str, Role]
    languages: Mapping[str, str]


@dataclass(slots=True)
class _RowProblems:
    """The problems of a row, at most one for each column: the first."""

    problems: list[CellProblem] = field(default_factory=list)

    def has(self, column: Column) -> bool:
        return any(problem.column is column for problem in self.problems)

    def add(self, column: Column, reason: RowReason, value: str = "", *, near: str = "") -> None:
        if not self.has(column):
            self.problems.append(CellProblem(column, reason, value[:SHOWN], near))


@dataclass(slots=True)
class RowReader:
    """Reads the rows of a sheet."""

    headed: HeadedGrid
    offered: AllowedValues
    _near: dict[tuple[str, str], str] = field(default_factory=dict)

    def rows(self) -> list[PersonRow]:
        """Return the rows; a repeated mail address or service number is a problem that names the other row."""
        read = (self._row(line) for line in self.headed.lines)
        rows = [row for row in read if row is not None and shared(row.mail) != EXAMPLE]
        repeated = [_repeated(rows, column) for column in SHARED]
        return [_with(row, [problems[row.number] for problems in repeated if row.number in problems]) for row in rows]

    def _row(self, line: SheetRow) -> PersonRow | None:
        cells = {column: line.cells.get(index, SheetCell("")) for column, index in self.headed.columns.items()}
        texts = {column: cleaned_cell(column, cell.text) for column, cell in cells.items()}
        if not any(texts.values()) and all(cell.defect is None for cell in cells.values()):
            return None
        problems = _RowProblems()
        for column, cell in cells.items():
            _check_cell(column, cell, texts[column], problems)
        return self._typed(line.number, texts, problems)

    def _typed(self, number: int, texts: Mapping[Column, str], problems: _RowProblems) -> PersonRow:
        mail = texts.get(Column.MAIL, "")
        if not is_mail(mail):
            problems.add(Column.MAIL, RowReason.NOT_A_MAIL if mail else RowReason.MISSING, mail)
        for column in (Column.NAME, Column.LATIN_NAME):
            if (name := texts.get(column, "")) and not is_name(name):
                problems.add(column, RowReason.NOT_A_NAME, name)
        if not is_number(service_number := texts.get(Column.SERVICE_NUMBER, "")):
            problems.add(Column.SERVICE_NUMBER, RowReason.NOT_A_NUMBER, service_number)
        country = self._country(texts, problems)
        agency_id, agency = self._agency(country, texts, problems)
        posting = self._posting(texts, problems)
        role = _named(Column.ROLE, RowReason.UNKNOWN_ROLE, self.offered.roles, texts, problems)
        language = _named(Column.LANGUAGE, RowReason.UNKNOWN_LANGUAGE, self.offered.languages, texts, problems)
        return PersonRow(
            number=number, mail=mail, name=texts.get(Column.NAME, ""), latin_name=texts.get(Column.LATIN_NAME, ""),
            service_number=service_number, country=country, agency_id=agency_id, agency=agency,
            posting=posting, role=role, language=language or "", faults=tuple(problems.problems),
        )  # fmt: skip

    def _country(self, texts: Mapping[Column, str], problems: _RowProblems) -> str:
        text = texts.get(Column.COUNTRY, "")
        if not text and not self.offered.country:
            problems.add(Column.COUNTRY, RowReason.MISSING)
        if not text:
            return self.offered.country
        return _named(Column.COUNTRY, RowReason.UNKNOWN_COUNTRY, self.offered.countries, texts, problems) or ""

    def _agency(self, country: str, texts: Mapping[Column, str], problems: _RowProblems) -> tuple[UUID | None, str]:
        text = texts.get(Column.AGENCY, "")
        if not text or not country:
            return None, text
        named = self.offered.agencies.get(country, {})
        if (agency := named.get(key(text))) is not None:
            return agency
        close = self._close(country, key(text), named)
        problems.add(Column.AGENCY, RowReason.UNKNOWN_AGENCY, text, near=named[close][1] if close else "")
        return None, text

    def _close(self, country: str, wanted: str, names: Iterable[str]) -> str:
        """Return the name that is most similar to a text, "" for none; only for the first texts, as this is slow."""
        if (country, wanted) not in self._near and len(self._near) < MOST_NEAR:
            self._near[country, wanted] = next(iter(get_close_matches(wanted, names, n=1, cutoff=0.5)), "")
        return self._near.get((country, wanted), "")

    def _posting(self, texts: Mapping[Column, str], problems: _RowProblems) -> tuple[str, ...]:
        roles: dict[str, None] = {}
        whole = texts.get(Column.POSTING, "")
        for part in self._parts(whole):
            if not key(part):
                continue
            role = self.offered.postings.get(key(part))
            if role is not None:
                roles[role] = None
            elif not problems.has(Column.POSTING):
                close = self._close("", key(part), self.offered.postings)
                near = self.offered.postings[close] if close else ""
                problems.add(Column.POSTING, RowReason.UNKNOWN_POSTING, " ".join(part.split()), near=near)
        return tuple(roles)

    def _parts(self, whole: str) -> list[str]:
        """Return the roles in a cell, separated by semicolons or line breaks, else by commas and strokes."""
        parts = whole.replace("؛", ";").replace("\n", ";").split(";")
        names = self.offered.postings
        return [
            name for part in parts for name in ([part] if key(part) in names else part.translate(_PARTS).split(","))
        ]


def cleaned_cell(column: Column, text: str) -> str:
    """Return the text of a cell as it is saved: without invisible characters and double blanks, in the form NFC."""
    visible = without_unseen(unguarded(text)) or ""
    if column in SHARED:  # marks of the writing direction are useless in them
        visible = "".join(character for character in visible if unicodedata.category(character) != "Cf")
    if column is not Column.POSTING:  # its line breaks may separate roles
        visible = " ".join(visible.split())
    composed = unicodedata.normalize("NFC", visible.strip())
    return "" if is_blank(composed) else composed


def shared(text: str) -> str:
    """Return the form in which a mail address or a service number is compared."""
    return text.strip().casefold()


def without_deleted_agency(row: PersonRow, existing: Collection[UUID]) -> PersonRow:
    """Return the row, with a problem if its agency no longer exists."""
    if row.agency_id is None or row.agency_id in existing:
        return row
    problem = CellProblem(Column.AGENCY, RowReason.UNKNOWN_AGENCY, row.agency[:SHOWN])
    return replace(row, agency_id=None, faults=(*row.faults, problem))


def _named(
    column: Column, reason: RowReason, values: Mapping[str, V], texts: Mapping[Column, str], problems: _RowProblems
) -> V | None:
    """Return the value with the name in a cell, or None."""
    text = texts.get(column, "")
    value = values.get(key(text))
    if text and value is None:
        problems.add(column, reason, text)
    return value


def _check_cell(column: Column, cell: SheetCell, text: str, problems: _RowProblems) -> None:
    if cell.defect is not None:
        problems.add(column, RowReason(cell.defect), text)
    elif len(text) > LONGEST.get(column, NAME_MAX):
        problems.add(column, RowReason.TOO_LONG, text)


def _repeated(rows: Sequence[PersonRow], column: Column) -> dict[int, CellProblem]:
    """Return a problem for each row whose mail address or service number another row has, too, by row number."""
    holders: dict[str, list[PersonRow]] = {}
    for row in rows:
        if value := shared(_value(row, column)):
            holders.setdefault(value, []).append(row)
    return {
        row.number: CellProblem(
            column, RowReason.TWICE, _value(row, column)[:SHOWN], row=others[1 if row is others[0] else 0].number
        )
        for others in holders.values()
        if len(others) > 1
        for row in others
    }


def _value(row: PersonRow, column: Column) -> str:
    return row.mail if column is Column.MAIL else row.service_number


def _with(row: PersonRow, problems: Sequence[CellProblem]) -> PersonRow:
    return replace(row, faults=(*row.faults, *problems)) if problems else row
