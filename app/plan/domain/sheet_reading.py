"""Read the rows of a sheet of values from the cells of a workbook; the first row names the columns."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl.utils import get_column_letter

from app.kernel.invisible_characters import without_unseen
from app.kernel.sheets import workbook
from app.kernel.sheets.grid import (
    MOST_BYTES,
    MOST_ROWS,
    CellDefect,
    FileProblem,
    Grid,
    SheetCell,
    SheetRow,
    UnreadableError,
)
from app.plan.domain.value_sheets import (
    SHOWN,
    WAS,
    ColumnType,
    ColumnUse,
    EnteredRow,
    EnteredSheet,
    SheetColumn,
    SheetFormat,
    ValueProblem,
    ValueReason,
)

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_THOUSANDS = re.compile(r",\d{3}\Z|\.000\Z")  # a thousand or one: the typed separator does not say
_SEPARATORS = str.maketrans({"٫": ".", ",": ".", "−": "-"})
_REFUSED = frozenset({CellDefect.FORMULA, CellDefect.MERGED})  # in any column


@dataclass(frozen=True, slots=True)
class _Reading:
    """The canonical text of a cell, and its problem or None."""

    text: str
    problem: ValueProblem | None = None


def read(raw: bytes, wanted: SheetFormat) -> EnteredSheet:
    """Return the filled rows of a file. Raises UnreadableError for a file that is no sheet of this format."""
    _check_file(raw)
    grid = _first_with(workbook.read(raw), wanted)
    positions = _positions(grid.lines[0], wanted)
    rows = [_row(line, positions, wanted) for line in grid.lines[2:]]  # the second row has the heads to read
    filled = tuple(row for row in rows if row is not None)
    if not filled:
        raise UnreadableError(FileProblem.NO_ROWS)
    if len(filled) > MOST_ROWS:
        raise UnreadableError(FileProblem.TOO_MANY_ROWS)
    return EnteredSheet(filled, {name: get_column_letter(position + 1) for name, position in positions.items()})


def _check_file(raw: bytes) -> None:
    if not raw.strip():
        raise UnreadableError(FileProblem.EMPTY)
    if len(raw) > MOST_BYTES:
        raise UnreadableError(FileProblem.TOO_LARGE)
    if not raw.startswith(_ZIP):
        raise UnreadableError(FileProblem.OLD_OR_LOCKED if raw.startswith(_OLE) else FileProblem.NOT_A_SHEET)


def canonical_number(value: float) -> str:
    """Return the text of a number, the same for 12 and 12.0."""
    return str(int(value)) if value == int(value) else repr(float(value))


def number_of(text: str) -> float | None:
    """Return the number of a text with digits of any script, or None."""
    digits = "".join(map(_digit, text))
    if _THOUSANDS.search(digits):
        return None
    plain = digits.translate(_SEPARATORS)
    return float(plain) if _NUMBER.fullmatch(plain) else None


def day_of(text: str) -> date | None:
    """Return the day of a text such as 2027-03-31, or None."""
    match = _DAY.fullmatch("".join(map(_digit, text)))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _first_with(grids: Sequence[Grid], wanted: SheetFormat) -> Grid:
    """Return the first sheet of the format. Raises UnreadableError if there is none."""
    for grid in grids:
        if grid.lines and _names(grid.lines[0]) >= set(wanted.names):
            return grid
    raise UnreadableError(FileProblem.NO_HEADS)


def _names(line: SheetRow) -> set[str]:
    return {cell.text.strip() for cell in line.cells.values()}


def _positions(line: SheetRow, wanted: SheetFormat) -> Mapping[str, int]:
    positions: dict[str, int] = {}
    for position, cell in line.cells.items():
        name = cell.text.strip()
        if name in positions:
            raise UnreadableError(FileProblem.HEAD_TWICE, name)
        if name in wanted.names:
            positions[name] = position
    return positions


def _row(line: SheetRow, positions: Mapping[str, int], wanted: SheetFormat) -> EnteredRow | None:
    """Return a row, or None if nothing in it was filled."""
    readings = _readings(line, positions, wanted)
    problems = _problems(line, positions, readings)
    texts = {name: reading.text for name, reading in readings.items()}
    if not problems and not any(texts.values()):
        return None
    return EnteredRow(
        number=line.number,
        key=tuple(texts[column.name] for column in wanted.of_use(ColumnUse.KEY)),
        was=texts[WAS],
        entries={column.name: texts[column.name] for column in wanted.of_use(ColumnUse.ENTRY)},
        problems=problems,
    )


def _problems(
    line: SheetRow, positions: Mapping[str, int], readings: Mapping[str, _Reading]
) -> tuple[ValueProblem, ...]:
    """Return the first problem of each column."""
    problems = [*_refused_cells(line, positions), *filter(None, (reading.problem for reading in readings.values()))]
    return tuple({problem.column: problem for problem in reversed(problems)}.values())


def _readings(line: SheetRow, positions: Mapping[str, int], wanted: SheetFormat) -> dict[str, _Reading]:
    columns = [column for column in wanted.columns if column.use is not ColumnUse.INFO]
    return {column.name: _read(column, line.cells.get(positions[column.name], SheetCell(""))) for column in columns}


def _refused_cells(line: SheetRow, positions: Mapping[str, int]) -> list[ValueProblem]:
    """Return a problem for each formula and merged cell, in columns that are not read, too."""
    names = {position: name for name, position in positions.items()}
    return [
        ValueProblem(
            names.get(position, get_column_letter(position + 1)), ValueReason(str(cell.defect)), cell.text[:SHOWN]
        )
        for position, cell in line.cells.items()
        if cell.defect in _REFUSED
    ]


def _read(column: SheetColumn, cell: SheetCell) -> _Reading:
    text = _cleaned(cell.text)
    if cell.defect is not None and not (cell.defect is CellDefect.DATE and column.type is ColumnType.DAY):
        return _Reading(text, ValueProblem(column.name, ValueReason(cell.defect), text[:SHOWN]))
    if len(text) > column.longest:
        return _Reading(text[: column.longest], ValueProblem(column.name, ValueReason.TOO_LONG, text[:SHOWN]))
    return _typed(column, text)


def _typed(column: SheetColumn, text: str) -> _Reading:
    """Return the canonical text of a cell; a key and `was` are compared, so that only their text matters."""
    if not text:
        return _Reading("")
    if column.type is ColumnType.NUMBER:
        number = number_of(text)
        reason = ValueReason.NOT_A_NUMBER
        canonical = None if number is None else canonical_number(number)
    elif column.type is ColumnType.DAY:
        day = day_of(text)
        reason = ValueReason.NOT_A_DAY
        canonical = None if day is None else day.isoformat()
    else:
        return _Reading(text)
    if canonical is None:
        return _Reading(text, ValueProblem(column.name, reason, text[:SHOWN]))
    return _Reading(canonical)


def _cleaned(text: str) -> str:
    visible = " ".join((without_unseen(text) or "").split())
    return unicodedata.normalize("NFC", visible)


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character, character))
