"""What a row of a sheet must hold: each cell becomes a value, or a fault with its place, its reason and its cure."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from uuid import UUID

from app.access.policy import Role
from app.identity.domain.contact import NAME_MAX, is_mail, is_number
from app.intake.domain.delimited import unguarded
from app.intake.domain.grid import Cell, Odd, SheetRow
from app.intake.domain.headers import Column, Headed, key
from app.kernel.invisible_characters import is_blank, is_name, without_unseen

NUMBER_LONGEST = 60
SHOWN = 80  # signs of a wrong value that are said again
MOST_NEAR = 200  # faults for which the nearest name is looked for
_PARTS = str.maketrans(dict.fromkeys("|/،", ","))
LONGEST = {Column.SERVICE_NUMBER: NUMBER_LONGEST}
EXAMPLE = "officer@service.example"  # the mail address of the row that shows how
SHARED = (Column.MAIL, Column.SERVICE_NUMBER)


class Reason(StrEnum):
    """Why a row is wrong."""

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


ODDS = {
    Odd.FORMULA: Reason.FORMULA,
    Odd.MERGED: Reason.MERGED,
    Odd.ERROR_VALUE: Reason.ERROR_VALUE,
    Odd.DATE: Reason.DATE,
    Odd.LONG_NUMBER: Reason.LONG_NUMBER,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: its column, why, what it says, what would be near, which other row is meant."""

    column: Column
    reason: Reason
    value: str = ""
    near: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is kept: "" or nothing where a cell was empty."""

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
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """What whoever sent the sheet may choose: values by their words, as `key` compares them."""

    country: str  # the own one; "" where the sheet has to say it
    countries: Mapping[str, str]
    agencies: Mapping[str, Mapping[str, tuple[UUID, str]]]  # by country, then by name: id and name as it is written
    postings: Mapping[str, str]
    roles: Mapping[str, Role]
    languages: Mapping[str, str]


@dataclass(slots=True)
class _Faults:
    """The faults of one row."""

    found: list[Fault] = field(default_factory=list)

    def has(self, column: Column) -> bool:
        """Say whether something is wrong with a column."""
        return any(one.column is column for one in self.found)

    def add(self, column: Column, reason: Reason, value: str = "", *, near: str = "") -> None:
        """Note a fault, one a column: the first says it all."""
        if not self.has(column):
            self.found.append(Fault(column, reason, value[:SHOWN], near))


@dataclass(slots=True)
class Reading:
    """Reads the rows of one sheet."""

    headed: Headed
    offered: Offered
    _near: dict[tuple[str, str], str] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """Return the rows, those with the same mail or number marked with each other's place."""
        read = (self._row(line) for line in self.headed.lines)
        found = [row for row in read if row is not None and shared(row.mail) != EXAMPLE]
        twins = [_twins(found, column) for column in SHARED]
        return [_with(row, [faults[row.number] for faults in twins if row.number in faults]) for row in found]

    def _row(self, line: SheetRow) -> Row | None:
        cells = {column: line.cells.get(where, Cell("")) for column, where in self.headed.columns.items()}
        texts = {column: clean(column, cell.text) for column, cell in cells.items()}
        if not any(texts.values()) and all(cell.odd is None for cell in cells.values()):
            return None
        faults = _Faults()
        for column, cell in cells.items():
            if cell.odd is not None:
                faults.add(column, ODDS[cell.odd], texts[column])
            elif len(texts[column]) > LONGEST.get(column, NAME_MAX):
                faults.add(column, Reason.TOO_LONG, texts[column])
        return self._typed(line.number, texts, faults)

    def _typed(self, number: int, texts: Mapping[Column, str], faults: _Faults) -> Row:
        mail = texts.get(Column.MAIL, "")
        if not mail:
            faults.add(Column.MAIL, Reason.MISSING)
        elif not is_mail(mail):
            faults.add(Column.MAIL, Reason.NOT_A_MAIL, mail)
        for column in (Column.NAME, Column.LATIN_NAME):
            if (name := texts.get(column, "")) and not is_name(name):
                faults.add(column, Reason.NOT_A_NAME, name)
        if not is_number(service_number := texts.get(Column.SERVICE_NUMBER, "")):
            faults.add(Column.SERVICE_NUMBER, Reason.NOT_A_NUMBER, service_number)
        country = self._country(texts, faults)
        agency_id, agency = self._agency(country, texts, faults)
        return Row(
            number=number, mail=mail, name=texts.get(Column.NAME, ""), latin_name=texts.get(Column.LATIN_NAME, ""),
            service_number=service_number, country=country, agency_id=agency_id, agency=agency,
            posting=self._posting(texts, faults), role=self._role(texts, faults),
            language=self._language(texts, faults), faults=tuple(faults.found),
        )  # fmt: skip

    def _country(self, texts: Mapping[Column, str], faults: _Faults) -> str:
        text = texts.get(Column.COUNTRY, "")
        if not text and not self.offered.country:
            faults.add(Column.COUNTRY, Reason.MISSING)
        if not text:
            return self.offered.country
        found = self.offered.countries.get(key(text), "")
        if not found:
            faults.add(Column.COUNTRY, Reason.UNKNOWN_COUNTRY, text)
        return found

    def _agency(self, country: str, texts: Mapping[Column, str], faults: _Faults) -> tuple[UUID | None, str]:
        text = texts.get(Column.AGENCY, "")
        if not text or not country:
            return None, text
        named = self.offered.agencies.get(country, {})
        if (found := named.get(key(text))) is not None:
            return found
        faults.add(Column.AGENCY, Reason.UNKNOWN_AGENCY, text, near=self._nearest(country, key(text)))
        return None, text

    def _nearest(self, country: str, wanted: str) -> str:
        """Return the service whose name is nearest to a text, "" when none is."""
        named = self.offered.agencies.get(country, {})
        close = self._close(country, wanted, named)
        return named[close][1] if close else ""

    def _close(self, of: str, wanted: str, words: Iterable[str]) -> str:
        """Return which of some words is nearest to a text, "" when none is; for the first few texts alone."""
        if (of, wanted) not in self._near and len(self._near) < MOST_NEAR:
            self._near[of, wanted] = next(iter(get_close_matches(wanted, words, n=1, cutoff=0.5)), "")
        return self._near.get((of, wanted), "")

    def _posting(self, texts: Mapping[Column, str], faults: _Faults) -> tuple[str, ...]:
        found: dict[str, None] = {}
        whole = texts.get(Column.POSTING, "")
        for part in self._parts(whole):
            if not key(part):
                continue
            role = self.offered.postings.get(key(part))
            if role is not None:
                found[role] = None
            elif not faults.has(Column.POSTING):
                close = self._close("", key(part), self.offered.postings)
                near = self.offered.postings[close] if close else ""
                faults.add(Column.POSTING, Reason.UNKNOWN_POSTING, " ".join(part.split()), near=near)
        return tuple(found)

    def _parts(self, whole: str) -> list[str]:
        """Return the roles that a cell names, parted by semicolons or lines, else by commas and strokes."""
        parts = whole.replace("؛", ";").replace("\n", ";").split(";")
        known = self.offered.postings
        return [one for part in parts for one in ([part] if key(part) in known else part.translate(_PARTS).split(","))]

    def _role(self, texts: Mapping[Column, str], faults: _Faults) -> Role | None:
        text = texts.get(Column.ROLE, "")
        found = self.offered.roles.get(key(text))
        if text and found is None:
            faults.add(Column.ROLE, Reason.UNKNOWN_ROLE, text)
        return found

    def _language(self, texts: Mapping[Column, str], faults: _Faults) -> str:
        text = texts.get(Column.LANGUAGE, "")
        found = self.offered.languages.get(key(text), "")
        if text and not found:
            faults.add(Column.LANGUAGE, Reason.UNKNOWN_LANGUAGE, text)
        return found


def clean(column: Column, text: str) -> str:
    """Return a cell's text as it is kept: no sign that nobody sees, one blank between words, letters composed."""
    seen = without_unseen(unguarded(text)) or ""
    if column in SHARED:  # nothing in them is written from right to left
        seen = "".join(sign for sign in seen if unicodedata.category(sign) != "Cf")
    if column is not Column.POSTING:  # there, a line may part two roles
        seen = " ".join(seen.split())
    composed = unicodedata.normalize("NFC", seen.strip())
    return "" if is_blank(composed) else composed


def shared(text: str) -> str:
    """Return a mail address or number as it is compared."""
    return text.strip().casefold()


def without_gone_agency(row: Row, there: Collection[UUID]) -> Row:
    """Return a row, with a fault where its service has gone since it was read."""
    if row.agency_id is None or row.agency_id in there:
        return row
    fault = Fault(Column.AGENCY, Reason.UNKNOWN_AGENCY, row.agency[:SHOWN])
    return replace(row, agency_id=None, faults=(*row.faults, fault))


def _twins(rows: Sequence[Row], column: Column) -> dict[int, Fault]:
    """Return a fault for each row that shares a mail address or number with another, which it names."""
    holders: dict[str, list[Row]] = {}
    for row in rows:
        if value := shared(_value(row, column)):
            holders.setdefault(value, []).append(row)
    return {
        row.number: Fault(
            column, Reason.TWICE, _value(row, column)[:SHOWN], row=others[1 if row is others[0] else 0].number
        )
        for others in holders.values()
        if len(others) > 1
        for row in others
    }


def _value(row: Row, column: Column) -> str:
    return row.mail if column is Column.MAIL else row.service_number


def _with(row: Row, faults: Sequence[Fault]) -> Row:
    return replace(row, faults=(*row.faults, *faults)) if faults else row
