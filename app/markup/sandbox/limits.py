"""Limits of a text before rendering, because Python-Markdown can take quadratic time, and of the child process."""

import re

from app.markup.errors import MarkupRefusedError, RefusalReason

TEXT_BYTES = 60 * 1024
PARAGRAPH_SIGNS = 8_000
BRACKETS = 200
OUTPUT_SIGNS = 2 * 1024 * 1024
SECONDS = 2.0  # of the processor, for one text
ADDRESS_SPACE = 256 * 1024 * 1024

_RUN = re.compile(rf"\[{{{BRACKETS + 1}}}")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK = re.compile(r"\n[ \t]*\n")


def refuse(index: int, text: str) -> None:
    """Raise MarkupRefusedError if the text is over a limit."""
    control = _NO_TEXT.search(text)
    if control:
        raise MarkupRefusedError(index, RefusalReason.SIGNS, _line(text, control.start()))
    if len(text.encode()) > TEXT_BYTES:
        raise MarkupRefusedError(index, RefusalReason.SIZE)
    run = _RUN.search(text)
    if run:
        raise MarkupRefusedError(index, RefusalReason.BRACKETS, _line(text, run.start()))
    _check_paragraphs(index, text)


def _check_paragraphs(index: int, text: str) -> None:
    start = 0
    for gap in [*_BLANK.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if end - start > PARAGRAPH_SIGNS:
            raise MarkupRefusedError(index, RefusalReason.PARAGRAPH, _line(text, start))
        start = gap.end() if gap else end


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
