"""Decode and normalise the bytes of a course file, and find its fenced code."""

import re
import unicodedata
from dataclasses import dataclass

from app.catalogue.domain.problems import Problem

# A backtick fence has no backtick after it: "```x```" on one line is a code span.
_FENCE = re.compile(r"^ {0,3}(`{3,}(?=[^`]*$)|~{3,})")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as normalised text: UTF-8, NFC, LF, no BOM; `lines` has no line ends."""

    file: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Return the lines, the empty one after a final line end left out."""
        lines = self.text.split("\n")
        return lines[:-1] if lines and lines[-1] == "" else lines


def normalise(text: str) -> str:
    """Return NFC text with LF line ends and no byte-order mark."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def read(file: str, raw: bytes) -> tuple[TextFile, list[Problem]]:
    """Return the file's text; invalid UTF-8 and NUL characters are problems, and replaced or left out."""
    problems = []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(file, line, "The file is not UTF-8 text.", "Save it as UTF-8."))
        text = raw.decode("utf-8", errors="replace")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        problems.append(Problem(file, line, "The file contains a NUL character.", "Remove it."))
        text = text.replace("\0", "")
    return TextFile(file, normalise(text)), problems


def fences(lines: list[str]) -> list[tuple[int, int | None]]:
    """Return each fenced code block as indexes (first, one past the closing fence); None if it is not closed."""
    spans: list[tuple[int, int | None]] = []
    fence = ""
    for index, line in enumerate(lines):
        match = _FENCE.match(line)
        if match and not fence:
            fence = match[1]
            spans.append((index, None))
        elif match and match[1].startswith(fence) and not line[match.end() :].strip():
            fence = ""
            spans[-1] = (spans[-1][0], index + 1)
    return spans


def in_code(lines: list[str]) -> list[bool]:
    """Return for each line whether it is fenced code or a fence, which scanners ignore."""
    marks = [False] * len(lines)
    for start, stop in fences(lines):
        end = len(lines) if stop is None else stop
        marks[start:end] = [True] * (end - start)
    return marks
