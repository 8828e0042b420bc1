"""Reading text with separators: a CSV file in the encoding that a spreadsheet program gave it, or what was pasted."""

import csv
import io
import re

from app.intake.domain.grid import (
    CUT,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Grid,
    Note,
    Odd,
    Remark,
    SheetRow,
    Trouble,
    UnreadableError,
)
from app.intake.domain.workbook import BEFORE_HEADS
from app.kernel.invisible_characters import UNSEEN

MOST_LINES = 100_000  # with empty ones
SOME = 100_000  # signs from which an encoding is guessed
SEPARATORS = (",", ";", "\t")
GUESSES = ("cp1252", "cp1251", "cp1256")
NAMES = {"cp1252": "Windows-1252", "cp1251": "Windows-1251", "cp1256": "Windows-1256"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[\x00-\x7f\w\s‘’“”«»–—،؛؟№°ـ]*", re.UNICODE)
_SCRIPTS = (("ARABIC", "\u0600", "\u06ff"), ("CYRILLIC", "\u0400", "\u04ff"), ("LATIN", "\u0000", "\u024f"))
# what the sheets of this academy put before a text that a spreadsheet would run (app/web/sheets.py)
_BLANK = re.compile(
    r"[\s\"\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
)
_FORMULA = frozenset("=+-@|%＝＋－＠")


def decode(raw: bytes) -> list[tuple[str, tuple[Note, ...]]]:
    """Return what a file may say, the likeliest first: more than one where its bytes leave it open.

    Raises UnreadableError for bytes that are no text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return [(_decoded(raw.removeprefix(mark), encoding), ())]
    if b"\0" in raw:
        raise UnreadableError(Trouble.NUL)
    try:
        return [(raw.decode(), ())]
    except UnicodeDecodeError:
        return _guesses(raw)


def separators(text: str) -> list[str]:
    """Return what may part the cells of a text."""
    return [one for one in SEPARATORS if one in text] or [SEPARATORS[0]]


def read(text: str, separator: str) -> Grid:
    """Return the cells of a text that are parted by a separator; raise UnreadableError."""
    if "\0" in text:
        raise UnreadableError(Trouble.NUL)
    told = re.match(r"sep=.\r?\n", text) is not None  # a first line by which some programs know the separator
    return Grid(_lines(text, separator, first=1 if told else 0))


def is_central_european(text: str) -> bool:
    """Say whether a text in Windows-1252 would have other letters in the alphabets between Poland and Albania."""
    return text.encode("cp1252", "ignore").decode("cp1250", "ignore") != text


def unguarded(text: str) -> str:
    """Return a text as it was before an export guarded it against programs that run what looks like a formula."""
    if "'" not in text:
        return text
    kept: list[str] = []
    leads = False  # what follows is blank up to a sign that starts a formula, guards left out
    for place in range(len(text) - 1, -1, -1):
        sign = text[place]
        begins = place == 0 or text[place - 1] in ";\t\r\n"
        moved = place == 0 and text[1:2] in ("\t", "\r", "\n")
        if sign == "'" and begins and (leads or moved):
            continue
        leads = sign in _FORMULA or (leads and _BLANK.match(sign) is not None)
        kept.append(sign)
    return "".join(reversed(kept))


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(Trouble.ENCODING) from error


def _guesses(raw: bytes) -> list[tuple[str, tuple[Note, ...]]]:
    """Return the readings in which every word is of one alphabet and written as words are.

    Two readings that say the same are one. Raises UnreadableError when no reading is left.
    """
    found: dict[str, str] = {}
    for encoding in GUESSES:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_well(text):
            found.setdefault(text, encoding)
    if not found:
        raise UnreadableError(Trouble.ENCODING)
    return [(text, (Note(Remark.ENCODING_GUESSED, NAMES[encoding]),)) for text, encoding in found.items()]


def _reads_well(text: str) -> bool:
    some = text[:SOME]
    return _PLAIN.fullmatch(some) is not None and all(
        _is_word(word) for word in set(_WORD.findall(some)) if not word.isascii()
    )


def _is_word(word: str) -> bool:
    script = next((name for name, first, last in _SCRIPTS if first <= word[0] <= last), "")
    if not all(_script(sign) == script for sign in word):
        return False
    if not (word.islower() or word.isupper() or word.istitle() or script == "ARABIC"):
        return False
    odd = sum(sign > "\x7f" for sign in word)
    return script != "LATIN" or len(word) < 3 or odd * 2 <= len(word)


def _script(sign: str) -> str:
    return next((name for name, first, last in _SCRIPTS if first <= sign <= last), "")


def _lines(text: str, separator: str, *, first: int) -> list[SheetRow]:
    found: list[SheetRow] = []
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return found
        except csv.Error as error:
            raise UnreadableError(Trouble.QUOTES, str(number + 1)) from error
        number += 1
        cells = {column: _cell(value) for column, value in enumerate(row[:MOST_COLUMNS]) if value.strip()}
        if number > first and cells:
            found.append(SheetRow(number, cells))
        if len(found) > MOST_ROWS + BEFORE_HEADS or number > MOST_LINES:
            raise UnreadableError(Trouble.TOO_MANY_ROWS)


def _cell(value: str) -> Cell:
    """Return a cell; what a program would run on opening the file is none that somebody typed."""
    seen = UNSEEN.sub("", value).lstrip()
    return Cell(unguarded(value)[:CUT], Odd.FORMULA if seen.startswith("=") else None)
