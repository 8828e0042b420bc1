"""Check the text of a document: dates, weekdays, sums of tables, and what a document may not contain."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from app.catalogue.domain import link_scanner
from app.catalogue.domain.code_spans import blank_code
from app.catalogue.domain.document_reader import ReadDocument
from app.catalogue.domain.documents import Document, DocumentPart, PartKind, Unit
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report

INTENDED = "sum-"
"""The beginning of the name of a row whose sum is wrong on purpose."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATE = re.compile(
    r"(?:\b((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*),? )?\b([0-9]{1,2}) "
    r"((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b(?: ([0-9]{4})\b)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![0-9-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9-])")
_SUM = re.compile(r"(?:sum|total)s?\b.*", re.IGNORECASE)
_AMOUNT = re.compile(r"-?[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]+)?")


def check_document(read: ReadDocument, file: str) -> list[Problem]:
    """Return the problems of a document in its source language."""
    report = Report(file)
    document = read.document
    for unit in document.units:
        line = read.lines[unit.number - 1]
        _check_text(unit, line, report)
        for cell in unit.cells:
            _check_dates(cell, line, document, report)
    for part in document.parts:
        if part.kind is PartKind.TABLE:
            for unit in _wrong_sums(part):
                message, hint = "The sum of this row does not add up.", 'Correct it, or name the row "sum-...".'
                report.warn(read.lines[unit.number - 1], message, hint)
    return report.sorted()


def _check_text(unit: Unit, line: int, report: Report) -> None:
    text = " ".join(blank_code(["  ".join(unit.cells)]))
    if link_scanner.pictures(text, line):
        report.error(line, "A document has no pictures.", "Describe what is seen in words.")


def _check_dates(text: str, line: int, document: Document, report: Report) -> None:
    for match in _ISO.finditer(text):
        if not _is_day(*(int(part) for part in match.groups())):
            report.warn(line, "%(text)s is no day of the calendar.", "Correct the date.", text=match[0])
    for match in _DATE.finditer(text):
        _check_day(match, line, document, report)


def _check_day(match: re.Match[str], line: int, document: Document, report: Report) -> None:
    day, month = int(match[2]), _MONTHS.index(match[3][:3].lower()) + 1
    years = [int(match[4])] if match[4] else _years_of(document)
    days = [date(year, month, day) for year in years if _is_day(year, month, day)]
    if years and not days:
        report.warn(line, "%(text)s is no day of the calendar.", "Correct the date.", text=match[0])
    elif days and not _names_weekday(match, days, document):
        report.warn(line, "%(text)s is another day of the week.", "Correct the day or the date.", text=match[0])


def _names_weekday(match: re.Match[str], days: Sequence[date], document: Document) -> bool:
    """Return whether a written weekday is that of the day nearest to the document; True if none is written."""
    if not match[1]:
        return True
    nearest = min(days, key=lambda day: abs((day - _day_of(document, day)).days))
    return _DAYS[nearest.weekday()] == match[1][:3].lower()


def _years_of(document: Document) -> list[int]:
    """Return the year of the document and its neighbours: a date without a year is the nearest one."""
    if not document.date:
        return []
    year = int(document.date[:4])
    return [year - 1, year, year + 1]


def _day_of(document: Document, otherwise: date) -> date:
    return date.fromisoformat(document.date) if document.date else otherwise


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _wrong_sums(part: DocumentPart) -> Iterator[Unit]:
    """Yield rows that do not add up: a last column headed total or sum, and rows that begin with total or sum."""
    is_summed = len(part.heads) > 3 and bool(_SUM.fullmatch(part.heads[-1]))
    above: list[Unit] = []
    for unit in part.units:
        adds_up = not is_summed or _adds_up(unit.cells[1:-1], unit.cells[-1])
        if _is_total(unit):
            adds_up &= _totals(unit, above)
            above = []
        else:
            above.append(unit)
        if not adds_up and not unit.name.startswith(INTENDED):
            yield unit


def _is_total(unit: Unit) -> bool:
    return bool(unit.cells and _SUM.fullmatch(unit.cells[0]))


def _totals(total: Unit, above: Sequence[Unit]) -> bool:
    if len(above) < 2:
        return True
    columns = range(1, len(total.cells))
    return all(_adds_up([unit.cells[at] for unit in above], total.cells[at]) for at in columns)


def _adds_up(cells: Sequence[str], total: str) -> bool:
    """Return whether amounts add up to a total; True if one of them is no plain number."""
    amounts = [_amount(cell) for cell in cells if cell]
    wanted = _amount(total)
    if wanted is None or len(amounts) < 2 or any(amount is None for amount in amounts):
        return True
    return sum(amount for amount in amounts if amount is not None) == wanted


def _amount(cell: str) -> Decimal | None:
    return Decimal(cell.replace(",", "")) if _AMOUNT.fullmatch(cell) else None
