"""Place gaps in a text: placeholders while it is converted, and the question before the text with gaps."""

import re
from collections.abc import Sequence

from app.catalogue.domain.item_reader import split_stem
from app.catalogue.domain.items import Gap, Gaps
from app.catalogue.domain.source_lines import lines_of_text

_PLACEHOLDER = re.compile("\ue200([0-9]+)\ue201")
_OPENED = re.compile(r"(?<!\\)\{(?=[=~])")
_DIVIDER = "\n\n---\n\n"


def placeholder(number: int) -> str:
    """Return the placeholder of a gap, of private characters that no cleaned text has."""
    return f"\ue200{number}\ue201"


def split_placeholders(text: str) -> tuple[list[str], list[int]]:
    """Return the texts around the placeholders and the numbers of the gaps, in the order of the text."""
    pieces = _PLACEHOLDER.split(text)
    return pieces[::2], [int(number) for number in pieces[1::2]]


def gaps_of_parts(parts: Sequence[str], gaps: Sequence[Gap]) -> Gaps:
    """Return the answers of a gaps item; a brace in the text that would begin a gap is escaped."""
    texts = [_OPENED.sub(r"\\{", part) for part in parts]
    texts[0], texts[-1] = texts[0].lstrip(), texts[-1].rstrip()
    return Gaps(tuple(texts), tuple(gaps))


def join_stem(stem: str, parts: Sequence[str]) -> str:
    """Return question and text with gaps as one text, with a placeholder for each gap."""
    text = "".join(part + (placeholder(index) if index < len(parts) - 1 else "") for index, part in enumerate(parts))
    return f"{stem}{_DIVIDER}{text}" if stem or "---" in text else text


def split_joined_stem(text: str) -> tuple[str, str]:
    """Return the question and the text with gaps of a text from `join_stem`."""
    if text.startswith(_DIVIDER):
        return "", text[len(_DIVIDER) :]
    halves = split_stem(lines_of_text(text, 1))
    return (halves[0].trimmed().text, halves[1].trimmed().text) if halves else ("", text)
