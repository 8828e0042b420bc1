"""Limits of a text file in `courses/`: beyond them, rendering Markdown takes quadratic time or worse."""

import re

from app.catalogue.domain.lessons import PAGE_BYTES
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import TextFile

PARAGRAPH_SIGNS = 8_000
BRACKETS = 200
_RUN = re.compile(rf"(?:!?\[){{{BRACKETS + 1}}}")
# One NUL less than `text.read` leaves out; the renderer refuses these as well.
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_limits(source: TextFile, *, page_bytes: int = PAGE_BYTES) -> list[Problem]:
    """Return problems of size, paragraphs over 8,000 characters, over 200 brackets in a row, control characters."""
    file = source.file
    problems = []
    size = len(source.text.lstrip("\n").encode(errors="replace"))
    if size > page_bytes:
        message, hint = "The file has %(size)s bytes; the limit is %(limit)s.", "Divide it into two files."
        problems.append(Problem(file, 1, message, hint, {"size": size, "limit": page_bytes}))
    for number, line in enumerate(source.lines, start=1):
        if _CONTROL.search(line):
            problems.append(Problem(file, number, "This line contains a control character.", "Remove it."))
        if _RUN.search(line):
            message, hint = "There are more than %(limit)s opening brackets in a row.", "Remove them."
            problems.append(Problem(file, number, message, hint, {"limit": BRACKETS}))
    return problems + _long_paragraphs(source)


def _long_paragraphs(source: TextFile) -> list[Problem]:
    message, hint = "This paragraph has more than %(limit)s characters.", "Divide it with blank lines."
    problems = []
    size, start = 0, 0
    for number, line in enumerate([*source.lines, ""], start=1):
        if line.strip():
            start = start or number
            size += len(line) + 1
            continue
        if size - 1 > PARAGRAPH_SIGNS:
            problems.append(Problem(source.file, start, message, hint, {"limit": PARAGRAPH_SIGNS}))
        size, start = 0, 0
    return problems
