"""Read CSV files and pasted text as cells: encoding and separators only; the caller recognises the columns."""

import csv
import io
import re
from collections.abc import Iterator

from app.kernel.invisible_characters import UNSEEN
from app.kernel.sheets import grid
from app.kernel.sheets.grid import CellDefect, FileProblem, Grid, ReadingNote, SheetCell, SheetRow, UnreadableError
from app.kernel.sheets.workbook import BEFORE_HEADS

MOST_LINES = 100_000  # with empty ones
SAMPLE = 100_000  # characters from which an encoding is guessed
SEPARATORS = (",", ";", "\t")
GUESSES = ("cp1252", "cp1251", "cp1256")
NAMES = {"cp1252": "Windows-1252", "cp1251": "Windows-1251", "cp1256": "Windows-1256"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[\x00-\x7f\w\s‘’“”«»–—،؛؟№°ـ]*", re.UNICODE)
_SCRIPTS = (("ARABIC", "\u0600", "\u06ff"), ("CYRILLIC", "\u0400", "\u04ff"), ("LATIN", "\u0000", "\u024f"))
# characters that exports of this application guard with an apostrophe (app/web/table_files.py)
_BLANK = re.compile(
    r"[\s\"\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
)
_FORMULA = frozenset("=+-@|%＝＋－＠")


def decode(raw: bytes) -> list[tuple[str, tuple[ReadingNote, ...]]]:
    """Return the possible texts of a file, the likeliest first: several if the encoding is ambiguous.

    Raises UnreadableError for bytes that are not text.
    """
    for prefix, encoding in _MARKS:
        if raw.startswith(prefix):
            return [(_decoded(raw.removeprefix(prefix), encoding), ())]
    if b"\0" in raw:
        raise UnreadableError(FileProblem.NUL)
    try:
        return [(raw.decode(), ())]
    except UnicodeDecodeError:
        return _guesses(raw)


def separators(text: str) -> list[str]:
    """Return the possible separators of the cells of a text."""
    return [separator for separator in SEPARATORS if separator in text] or [SEPARATORS[0]]


def read(text: str, separator: str) -> Grid:
    """Return the cells of a text with this separator; raise UnreadableError."""
    if "\0" in text:
        raise UnreadableError(FileProblem.NUL)
    has_hint = re.match(r"sep=.\r?\n", text) is not None  # some programs write the separator in the first line
    return Grid(_lines(text, separator, first=1 if has_hint else 0))


def is_central_european(text: str) -> bool:
    """Return whether a text in Windows-1252 has other letters in Windows-1250 (Central European)."""
    return text.encode("cp1252", "ignore").decode("cp1250", "ignore") != text


def unguarded(text: str) -> str:
    """Return a text without the apostrophes by which an export prevents that a program runs it as a formula."""
    if "'" not in text:
        return text
    characters: list[str] = []
    is_before_formula = False  # only blanks follow, up to a character that starts a formula; guards are ignored
    for index in range(len(text) - 1, -1, -1):
        if _is_guard(text, index, is_before_formula=is_before_formula):
            continue
        character = text[index]
        is_before_formula = character in _FORMULA or (is_before_formula and _BLANK.match(character) is not None)
        characters.append(character)
    return "".join(reversed(characters))


def _is_guard(text: str, index: int, *, is_before_formula: bool) -> bool:
    return _may_be_guard(text, index) and (is_before_formula or _is_guarded_blank(text, index))


def _may_be_guard(text: str, index: int) -> bool:
    return text[index] == "'" and (index == 0 or text[index - 1] in ";\t\r\n")


def _is_guarded_blank(text: str, index: int) -> bool:
    return index == 0 and text[1:2] in ("\t", "\r", "\n")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(FileProblem.ENCODING) from error


def _guesses(raw: bytes) -> list[tuple[str, tuple[ReadingNote, ...]]]:
    """Return the different texts in which each word has one alphabet and a usual spelling.

    Raises UnreadableError if there are none.
    """
    encodings: dict[str, str] = {}
    for encoding in GUESSES:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_well(text):
            encodings.setdefault(text, encoding)
    if not encodings:
        raise UnreadableError(FileProblem.ENCODING)
    return [
        (text, (ReadingNote(grid.Remark.ENCODING_GUESSED, NAMES[encoding]),)) for text, encoding in encodings.items()
    ]


def _reads_well(text: str) -> bool:
    sample = text[:SAMPLE]
    return _PLAIN.fullmatch(sample) is not None and all(
        _is_word(word) for word in set(_WORD.findall(sample)) if not word.isascii()
    )


def _is_word(word: str) -> bool:
    scripts = set(map(_script, word))
    if len(scripts) > 1 or not ("ARABIC" in scripts or _has_usual_case(word)):
        return False
    foreign = sum(character > "\x7f" for character in word)
    return "LATIN" not in scripts or len(word) < 3 or foreign * 2 <= len(word)


def _has_usual_case(word: str) -> bool:
    return word.islower() or word.isupper() or word.istitle()


def _script(character: str) -> str:
    return next((name for name, first, last in _SCRIPTS if first <= character <= last), "")


def _lines(text: str, separator: str, *, first: int) -> list[SheetRow]:
    lines: list[SheetRow] = []
    for number, row in enumerate(_csv_rows(text, separator), 1):
        cells = {column: _cell(value) for column, value in enumerate(row[: grid.MOST_COLUMNS]) if value.strip()}
        if number > first and cells:
            lines.append(SheetRow(number, cells))
        if len(lines) > grid.MOST_ROWS + BEFORE_HEADS or number > MOST_LINES:
            raise UnreadableError(FileProblem.TOO_MANY_ROWS)
    return lines


def _csv_rows(text: str, separator: str) -> Iterator[list[str]]:
    number = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            number += 1
            yield row
    except csv.Error as error:
        raise UnreadableError(FileProblem.QUOTES, str(number + 1)) from error


def _cell(value: str) -> SheetCell:
    """Return a cell; a text that a spreadsheet would run when the file is opened is a formula."""
    visible = UNSEEN.sub("", value).lstrip()
    return SheetCell(unguarded(value)[: grid.CUT], CellDefect.FORMULA if visible.startswith("=") else None)
