"""From the bytes of a file, or a pasted text, to a sheet whose columns are known."""

from dataclasses import dataclass

from app.intake.domain import delimited, headers, workbook
from app.intake.domain.delimited import NAMES
from app.intake.domain.grid import MOST_BYTES, MOST_ROWS, Grid, Note, Remark, Trouble, UnreadableError
from app.intake.domain.headers import Headed

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHERS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<!DOCTYPE", b"<html", b"<?xml")
MOST_HEADS = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was read, with what its sender should know."""

    headed: Headed
    notes: tuple[Note, ...]


def file(raw: bytes) -> Sheet:
    """Read a file, whatever it is called; raise UnreadableError."""
    if not raw.strip():
        raise UnreadableError(Trouble.EMPTY)
    if len(raw) > MOST_BYTES:
        raise UnreadableError(Trouble.TOO_LARGE)
    if raw.startswith(_ZIP):
        return _book(raw)
    if raw.startswith(_OTHERS):
        raise UnreadableError(Trouble.OLD_OR_LOCKED if raw.startswith(_OTHERS[0]) else Trouble.NOT_A_SHEET)
    return _text(delimited.decode(raw))


def pasted(text: str) -> Sheet:
    """Read what was pasted; raise UnreadableError."""
    if not text.strip():
        raise UnreadableError(Trouble.EMPTY)
    return _text([(text, ())])


def _text(readings: list[tuple[str, tuple[Note, ...]]]) -> Sheet:
    """Read a text; where its bytes may say several, the heads must tell which: a wrong guess makes wrong names."""
    found: list[tuple[str, Sheet]] = []
    trouble = UnreadableError(Trouble.ENCODING)
    for text, notes in readings:
        try:
            sheet = _headed(_parted(text))
        except UnreadableError as error:
            trouble = error
        else:
            found.append((text, Sheet(sheet.headed, (*notes, *sheet.notes))))
    if not found:
        raise trouble
    if len(found) > 1 or _is_open(*found[0]):
        raise UnreadableError(Trouble.ENCODING)
    return found[0][1]


def _is_open(text: str, sheet: Sheet) -> bool:
    """Say whether a guessed text could be of other letters: in French alone do the heads tell."""
    guessed = any(note.value == NAMES["cp1252"] for note in sheet.notes if note.remark is Remark.ENCODING_GUESSED)
    return guessed and sheet.headed.language != "fr" and delimited.is_central_european(text)


def _parted(text: str) -> Grid:
    """Return a text as parted by the separator with which most heads are known."""
    found: list[Grid] = []
    trouble: UnreadableError | None = None
    for separator in delimited.separators(text):
        try:
            found.append(delimited.read(text, separator))
        except UnreadableError as error:
            trouble = trouble or error
    best = max(found, key=headers.known, default=None)
    if trouble is not None and (best is None or headers.known(best) < len(headers.NEEDED)):
        raise trouble
    return best or Grid(())


def _book(raw: bytes) -> Sheet:
    """Return the first of the sheets that has the most known heads."""
    best: Grid | None = None
    for grid in workbook.read(raw):
        if best is None or headers.known(grid) > headers.known(best):
            best = grid
    return _headed(best or Grid(()))


def _headed(grid: Grid) -> Sheet:
    headed = headers.find(grid)
    if len(headed.lines) > MOST_ROWS:
        raise UnreadableError(Trouble.TOO_MANY_ROWS)
    others = ", ".join(headed.others[:MOST_HEADS])
    return Sheet(headed, (*grid.notes, *((Note(Remark.COLUMNS_LEFT_OUT, others),) if others else ())))
