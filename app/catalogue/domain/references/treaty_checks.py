"""Check `treaties.toml`: every instrument has a cell for each country, and no cell contradicts itself."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.entries import texts_in, unknown
from app.catalogue.domain.references.located import Located

CELLS = "cells"
_STATUSES = {  # what an instrument of a kind may say of a country
    "treaty": ("party", "signed", "ratified", "not_party", "unknown"),
    "eu_act": ("bound", "not_bound", "unknown"),
    "membership": ("member", "not_member", "agreement", "unknown"),
}
_UNDATED = frozenset({"not_party", "not_bound", "not_member", "unknown"})
_NO_COPY = "memory"


def check_countries(file: Located, countries: Collection[str]) -> list[Problem]:
    """Return a problem for each country without a cell and each cell of an unknown country."""
    return [
        problem
        for index, values in enumerate(file.tables("instrument"))
        for problem in _countries(file, index, values, countries)
    ]


def check_treaties(file: Located, *, cited: Collection[str]) -> list[Problem]:
    """Return a problem for each unknown id, and for each contradiction in a cell or reading."""
    problems: list[Problem] = []
    readings = file.ids("reading")
    instruments = file.ids("instrument")
    for index, values in enumerate(file.tables("instrument")):
        problems += unknown(file, ("instrument", index, "sources"), texts_in(values.get("sources")), cited)
        named = texts_in(values.get("in_force_readings"))
        problems += unknown(file, ("instrument", index, "in_force_readings"), named, readings)
        for line, cell in _cells(file, index, values):
            problems += _cell(_Teller(file.file, line), values, cell, readings)
            if cell.get("note") in instruments:
                message, hint = "The note %(id)s has the id of an instrument.", "Give the note another id."
                problems.append(Problem(file.file, line, message, hint, {"id": cell["note"]}))
    for index, values in enumerate(file.tables("reading")):
        problems += _reading(file, index, values)
    return problems


class _Teller:
    """Create problems for one line of a file."""

    def __init__(self, file: str, line: int) -> None:
        self._file, self._line = file, line

    def __call__(self, message: str, hint: str, **values: str | int | float) -> Problem:
        return Problem(self._file, self._line, message, hint, values)


def _countries(file: Located, index: int, values: dict[str, Any], countries: Collection[str]) -> list[Problem]:
    cells = values.get(CELLS)
    cells_by_country = cells if isinstance(cells, dict) else {}
    problems = []
    message, hint = "%(name)s is not one of the countries.", "Write one of: %(known)s."
    known_countries = ", ".join(countries)
    for name in sorted(set(cells_by_country) - set(countries)):
        line = file.lines.of(("instrument", index, CELLS, name))
        problems.append(Problem(file.file, line, message, hint, {"name": name, "known": known_countries}))
    message, hint = "%(name)s has no cell here.", 'Add one; if nothing was found, write status = "unknown".'
    line = file.line("instrument", index, CELLS)
    missing = [country for country in countries if country not in cells_by_country]
    return problems + [Problem(file.file, line, message, hint, {"name": country}) for country in missing]


def _cells(file: Located, index: int, values: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    cells = values.get(CELLS)
    for country, cell in cells.items() if isinstance(cells, dict) else ():
        yield file.lines.of(("instrument", index, CELLS, country)), cell


def _cell(
    tell: _Teller, instrument: dict[str, Any], cell: dict[str, Any], readings: Collection[str]
) -> Iterator[Problem]:
    status = cell["status"]
    may = _STATUSES.get(str(instrument.get("kind")), ())
    if may and status not in may:
        yield tell(
            "The status %(status)s is not possible for this instrument.",
            "Write one of: %(may)s.",
            status=status,
            may=", ".join(may),
        )
    elif status in ("party", "ratified") and (status == "party") != ("in_force" in instrument):
        yield tell(
            "%(status)s does not fit the day of entry into force.",
            "Write party if the treaty is in force, ratified if it is not; or set in_force.",
            status=status,
        )
    yield from _named(tell, cell, readings)
    yield from _dates(tell, cell, status)
    if (status == "agreement") != ("form" in cell):
        yield tell("Only a cell with the status agreement has a form.", "Add form, or remove it.")


def _named(tell: _Teller, cell: dict[str, Any], readings: Collection[str]) -> Iterator[Problem]:
    for name in cell["readings"]:
        if name not in readings:
            yield tell("There is no reading %(name)s.", "Name one of this file, or add it there.", name=name)
    if not cell["readings"]:
        yield tell("The cell names no reading.", 'Name a reading, or write readings = ["memory"].')
    elif cell["checked"] and set(cell["readings"]) == {_NO_COPY}:
        yield tell("A cell from memory only cannot be checked.", "Write checked = false, or name what was read.")


def _dates(tell: _Teller, cell: dict[str, Any], status: str) -> Iterator[Problem]:
    yield from _days(tell, cell, "date", "date_1967_protocol")
    if ("date" in cell) != ("date_is" in cell):
        yield tell("date and date_is must be used together.", "Add the missing one, or remove both.")
    if "date" in cell:
        yield from _status_of_date(tell, cell, status)
    elif "date_checked" in cell:
        yield tell("There is date_checked, but no date.", "Add the date, or remove date_checked.")


def _status_of_date(tell: _Teller, cell: dict[str, Any], status: str) -> Iterator[Problem]:
    if status in _UNDATED:
        yield tell(
            "A cell with the status %(status)s has no date.", "Remove the date, or change the status.", status=status
        )
    if status == "signed" and cell.get("date_is") != "signature":
        yield tell("The date of a signed treaty is the day of its signature.", 'Write date_is = "signature".')


def _reading(file: Located, index: int, values: dict[str, Any]) -> Iterator[Problem]:
    tell = _Teller(file.file, file.line("reading", index, "copy_as_of"))
    copies = {key: value for key, value in values.items() if isinstance(value, str)}
    yield from _days(tell, copies, "copy_as_of", "copy_until")
    if ("copy_as_of" in values) == (values.get("kind") == _NO_COPY):
        yield tell(
            "A reading needs copy_as_of, unless it is memory.", "Add copy_as_of; remove it if the reading is memory."
        )
    if "copy_until" in copies and copies["copy_until"] <= copies.get("copy_as_of", ""):
        yield tell("The reading ends before it begins.", "Write a later copy_until, or remove it.")


def _days(tell: _Teller, values: dict[str, Any], *keys: str) -> Iterator[Problem]:
    """Return a problem for each date that does not exist in the calendar."""
    for key in keys:
        parts = str(values.get(key, "")).split("-")
        if all(part.isdecimal() for part in parts) and not _in_calendar(*(int(part) for part in parts)):
            yield tell("This date does not exist: %(day)s.", "Correct the date.", day=values[key])


def _in_calendar(year: int, month: int = 1, day: int = 1) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
