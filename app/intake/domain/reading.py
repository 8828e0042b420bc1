"""Read an uploaded file or a pasted text as a sheet with recognised columns; `rows` reads the cells."""

from dataclasses import dataclass

from app.intake.domain import headers
from app.intake.domain.headers import HeadedGrid
from app.kernel.sheets import delimited, workbook
from app.kernel.sheets.delimited import NAMES
from app.kernel.sheets.grid import MOST_BYTES, MOST_ROWS, FileProblem, Grid, ReadingNote, Remark, UnreadableError

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHERS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<!DOCTYPE", b"<html", b"<?xml")
MOST_HEADS = 10


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """A sheet with recognised columns, and notes for its sender about how it was read."""

    headed: HeadedGrid
    notes: tuple[ReadingNote, ...]


def read_sheet(raw: bytes) -> PeopleSheet:
    """Read a file of any name; raise UnreadableError."""
    if not raw.strip():
        raise UnreadableError(FileProblem.EMPTY)
    if len(raw) > MOST_BYTES:
        raise UnreadableError(FileProblem.TOO_LARGE)
    if raw.startswith(_ZIP):
        return _book(raw)
    if raw.startswith(_OTHERS):
        raise UnreadableError(FileProblem.OLD_OR_LOCKED if raw.startswith(_OTHERS[0]) else FileProblem.NOT_A_SHEET)
    return _text(delimited.decode(raw))


def pasted(text: str) -> PeopleSheet:
    """Read a pasted text; raise UnreadableError."""
    if not text.strip():
        raise UnreadableError(FileProblem.EMPTY)
    return _text([(text, ())])


def _text(readings: list[tuple[str, tuple[ReadingNote, ...]]]) -> PeopleSheet:
    """Return the only possible reading of a text: a wrong guess of the encoding would give wrong names."""
    sheets: list[tuple[str, PeopleSheet]] = []
    problem = UnreadableError(FileProblem.ENCODING)
    for text, notes in readings:
        try:
            sheet = _headed(_separated(text))
        except UnreadableError as error:
            problem = error
        else:
            sheets.append((text, PeopleSheet(sheet.headed, (*notes, *sheet.notes))))
    if not sheets:
        raise problem
    if len(sheets) > 1 or _is_ambiguous(*sheets[0]):
        raise UnreadableError(FileProblem.ENCODING)
    return sheets[0][1]


def _is_ambiguous(text: str, sheet: PeopleSheet) -> bool:
    """Return whether a text in a guessed encoding may have other letters; French headers exclude that."""
    is_guessed = any(note.value == NAMES["cp1252"] for note in sheet.notes if note.remark is Remark.ENCODING_GUESSED)
    return is_guessed and sheet.headed.language != "fr" and delimited.is_central_european(text)


def _separated(text: str) -> Grid:
    """Return the cells of a text with the separator that gives the most recognised columns."""
    grids: list[Grid] = []
    problems: list[UnreadableError] = []
    for separator in delimited.separators(text):
        try:
            grids.append(delimited.read(text, separator))
        except UnreadableError as error:
            problems.append(error)
    best = max(grids, key=headers.count_columns, default=Grid(()))
    if problems and headers.count_columns(best) < len(headers.NEEDED):
        raise problems[0]
    return best


def _book(raw: bytes) -> PeopleSheet:
    """Return the first of the sheets with the most recognised columns."""
    return _headed(max(workbook.read(raw), key=headers.count_columns, default=Grid(())))


def _headed(grid: Grid) -> PeopleSheet:
    headed = headers.find(grid)
    if len(headed.lines) > MOST_ROWS:
        raise UnreadableError(FileProblem.TOO_MANY_ROWS)
    others = ", ".join(headed.others[:MOST_HEADS])
    return PeopleSheet(headed, (*grid.notes, *((ReadingNote(Remark.COLUMNS_LEFT_OUT, others),) if others else ())))
