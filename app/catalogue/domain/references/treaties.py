"""`treaties.toml` and its texts: the status of each country in treaties, EU acts and bodies, for `/treaties`."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.references.entries import Id, Moment, Positive, read_entries, read_entry
from app.catalogue.domain.references.located import Located, locate
from app.catalogue.domain.references.sources import Sources
from app.catalogue.domain.references.texts import Text, Texts, Wanted, read_all_texts
from app.catalogue.domain.references.toml_writer import plain, toml_text
from app.catalogue.domain.references.treaty_checks import CELLS, check_countries, check_treaties
from app.catalogue.domain.text import TextFile

TABLES = ("instrument", "reading")


class InstrumentKind(StrEnum):
    TREATY = "treaty"
    EU_ACT = "eu_act"
    MEMBERSHIP = "membership"


class Depositary(StrEnum):
    """The organisation that publishes the list of parties or members."""

    UN = "un"
    COUNCIL_OF_EUROPE = "council_of_europe"
    ILO = "ilo"
    EU = "eu"
    INTERPOL = "interpol"
    EUROPOL = "europol"
    EUROJUST = "eurojust"
    SELEC = "selec"
    EGMONT_GROUP = "egmont_group"


class TreatyStatus(StrEnum):
    """The status of a country; `ratified`: it consented, but the treaty is not in force; `unknown` never means no."""

    PARTY = "party"
    SIGNED = "signed"
    RATIFIED = "ratified"
    NOT_PARTY = "not_party"
    BOUND = "bound"
    NOT_BOUND = "not_bound"
    MEMBER = "member"
    NOT_MEMBER = "not_member"
    AGREEMENT = "agreement"
    UNKNOWN = "unknown"


class DateIs(StrEnum):
    """The meaning of the date of a cell."""

    SIGNATURE = "signature"
    RATIFICATION = "ratification"
    ACCEPTANCE = "acceptance"
    ACCESSION = "accession"
    SUCCESSION = "succession"
    ENTRY_INTO_FORCE = "entry_into_force"
    TRANSPOSITION_DUE = "transposition_due"
    APPLICATION = "application"
    ADMISSION = "admission"


class Basis(StrEnum):
    LISTED = "listed"
    ABSENT_FROM_LIST = "absent_from_list"
    INFERRED = "inferred"


class AgreementForm(StrEnum):
    OPERATIONAL = "operational_agreement"
    COOPERATION = "cooperation_agreement"


class ReadingKind(StrEnum):
    OFFICIAL = "official"
    OFFICIAL_SECOND_HAND = "official_second_hand"
    REPORT_SECOND_HAND = "report_second_hand"
    OFFICIAL_AND_PRESS = "official_and_press"
    ORGANISATION = "organisation"
    CIVIL_SOCIETY = "civil_society"
    CONFERENCE = "conference"
    PRESS = "press"
    SECONDARY = "secondary"
    INFERRED = "inferred"
    MEMORY = "memory"


class CopyIs(StrEnum):
    """How exact `copy_as_of` is as the day of the copy."""

    OF = "of"
    ABOUT = "about"
    OR_LATER = "or_later"


class CountryLink(StrEnum):
    """Whether an instrument links two countries."""

    LINKED = "linked"
    BY_AGREEMENT = "by_agreement"
    NOT_LINKED = "not_linked"
    UNKNOWN = "unknown"


class TreatyReading(msgspec.Struct, frozen=True):
    """A copy that was read; `copy_as_of` is None for memory. `copy_until` ends a reading of several days."""

    id: Id
    name: str
    kind: ReadingKind
    copy_as_of: Moment | None = None
    copy_is: CopyIs = CopyIs.OF
    copy_until: Moment | None = None


class TreatyCell(msgspec.Struct, frozen=True):
    """One country and one instrument; `checked` False: from memory. `note` is the id of a text."""

    status: TreatyStatus
    checked: bool
    readings: tuple[str, ...]
    form: AgreementForm | None = None
    date: Moment | None = None
    date_is: DateIs | None = None
    date_checked: bool = True
    date_1967_protocol: Moment | None = None
    basis: Basis = Basis.LISTED
    secondary: bool = False
    recheck_soon: bool = False
    note: str = ""


class Instrument(msgspec.Struct, frozen=True):
    """A treaty, an EU act or a body. `in_force` None: not in force, or no day is known; `check_by` is inclusive."""

    id: Id
    kind: InstrumentKind
    year: Positive
    depositary: Depositary
    in_motion: bool
    check_by: date
    sources: tuple[str, ...] = ()
    in_force: date | None = None
    in_force_checked: bool = True
    in_force_readings: tuple[str, ...] = ()
    cells: dict[str, TreatyCell] = {}

    def is_due(self, today: date) -> bool:
        """Return whether the day for the next check has passed."""
        return self.check_by < today

    def link(self, country: str, other_country: str) -> CountryLink:
        """Return whether this links two countries: a treaty in force does when both are party to it."""
        pair = {self.cells[country].status, self.cells[other_country].status}
        if pair & _OUTSIDE or (self.kind is InstrumentKind.TREATY and self.in_force is None):
            return CountryLink.NOT_LINKED
        if TreatyStatus.UNKNOWN in pair:
            return CountryLink.UNKNOWN
        return CountryLink.BY_AGREEMENT if TreatyStatus.AGREEMENT in pair else CountryLink.LINKED


class Treaties(msgspec.Struct, frozen=True):
    """The table; `texts` by language: names and notes of instruments by their ids, notes of cells by theirs."""

    as_of: date | None = None
    instruments: tuple[Instrument, ...] = ()
    readings: tuple[TreatyReading, ...] = ()
    texts: dict[str, Texts] = {}

    def get(self, name: str) -> Instrument | None:
        """Return the instrument of an id, or None."""
        return next((instrument for instrument in self.instruments if instrument.id == name), None)

    def text(self, name: str, language: str, source_language: str = "en") -> tuple[Text | None, str]:
        """Return the text of an id in a language, else in the source language, else None; and its language."""
        for code in (language, source_language):
            text = self.texts[code].get(name) if code in self.texts else None
            if text is not None:
                return text, code
        return None, source_language


_OUTSIDE = frozenset({
    TreatyStatus.SIGNED, TreatyStatus.RATIFIED, TreatyStatus.NOT_PARTY, TreatyStatus.NOT_BOUND, TreatyStatus.NOT_MEMBER,
})  # fmt: skip


class _Head(msgspec.Struct, frozen=True):
    as_of: date


def read_treaties(
    toml_source: TextFile,
    md_sources: Mapping[str, TextFile],
    *,
    sources: Sources,
    countries: Collection[str],
    source_language: str = "en",
) -> tuple[Treaties, list[Problem]]:
    """Return the table and every problem of its files; each instrument has a cell for each of the countries."""
    written, problems = locate(toml_source)
    top = {key: value for key, value in written.data.items() if key not in TABLES}
    head, new_problems = read_entry(written, top, _Head) if written.data else (None, [])
    problems += new_problems + check_countries(written, countries)
    file, new_problems = _with_right_cells(written)
    problems += new_problems
    instruments, new_problems = read_entries(file, "instrument", Instrument)
    problems += new_problems
    readings, new_problems = read_entries(file, "reading", TreatyReading)
    problems += new_problems
    problems += check_treaties(file, cited=[source.id for source in sources.sources])
    texts, new_problems = read_all_texts(md_sources, _wanted(written), source_language=source_language)
    return Treaties(head.as_of if head else None, instruments, readings, texts), problems + new_problems


def write_treaties(treaties: Treaties, before: str = "") -> str:
    """Write `treaties.toml` into its earlier text; `write_texts` writes the texts of a language."""
    values: dict[str, Any] = {"as_of": treaties.as_of} if treaties.as_of else {}
    groups = zip(TABLES, (treaties.instruments, treaties.readings), strict=True)
    return toml_text(values | {table: [plain(entry) for entry in group] for table, group in groups if group}, before)


def overdue(toml_source: TextFile, treaties: Treaties, today: date) -> list[Problem]:
    """Return a warning for each instrument whose statuses were not checked in time."""
    file, _ = locate(toml_source)
    message = "The statuses of %(id)s were due for a check by %(day)s."
    hint = "Check them with the depositary, then set check_by."
    return [
        Problem(
            file.file,
            file.line("instrument", file.ids("instrument").index(instrument.id), "check_by"),
            message,
            hint,
            {"id": instrument.id, "day": instrument.check_by.isoformat()},
            Weight.WARNING,
        )
        for instrument in treaties.instruments
        if instrument.is_due(today)
    ]


def _with_right_cells(file: Located) -> tuple[Located, list[Problem]]:
    """Return the file without the cells that have the wrong form, and the problems of these."""
    problems: list[Problem] = []
    tables = []
    for index, values in enumerate(file.tables("instrument")):
        cells = values.get(CELLS, {})
        if not isinstance(cells, dict):
            tables.append(values)
            continue
        right, new_problems = _right_cells(file, index, cells)
        problems += new_problems
        tables.append({**values, CELLS: right})
    data = {**file.data, "instrument": tables} if tables else file.data
    return msgspec.structs.replace(file, data=data), problems


def _right_cells(file: Located, index: int, cells: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    right: dict[str, Any] = {}
    problems: list[Problem] = []
    for country, cell in cells.items():
        line = file.lines.of(("instrument", index, CELLS, country))
        if not isinstance(cell, dict):
            message, hint = "The cell of %(country)s has the wrong form.", "Compare it with another cell."
            problems.append(Problem(file.file, line, message, hint, {"country": country}))
            continue
        entry, new_problems = read_entry(file, cell, TreatyCell, at=line)
        problems += new_problems
        if entry is not None and not new_problems:
            right[country] = plain(entry)
    return right, problems


def _wanted(file: Located) -> dict[str, Wanted]:
    """Return the texts that are needed; an instrument without a day of entry into force needs a text about it."""
    wanted: dict[str, Wanted] = {}
    for values in file.tables("instrument"):
        if isinstance(values.get("id"), str):
            asks = "in_force" not in values and values.get("kind") != InstrumentKind.MEMBERSHIP
            wanted[values["id"]] = Wanted(("in_force",)) if asks else Wanted((), ("in_force",))
        wanted |= {note: Wanted() for note in _notes(values.get(CELLS)) if note not in wanted}
    return wanted


def _notes(cells: Any) -> list[str]:
    """Return the ids of the notes of cells, as far as the cells have the right form."""
    tables = [cell for cell in cells.values() if isinstance(cell, dict)] if isinstance(cells, dict) else []
    return [cell["note"] for cell in tables if isinstance(cell.get("note"), str)]
