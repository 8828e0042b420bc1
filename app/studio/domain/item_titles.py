"""The text by which lists name a question: its wording as plain text, without pictures and marks of the format."""

import re

from app.catalogue.domain.items import Gaps, Item, Passages

BLANK = "___"
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\([^)\n]*\)")
_EMPHASIS = re.compile(r"(?<![\\*\w])(\*{1,2})(?=\S)(.+?)(?<=\S)\1(?![*\w])")


def item_title(item: Item) -> str:
    """Return the wording of a question in one line; the text with gaps if a question has no wording beside it."""
    return _plain(item.stem) or _plain(_body(item))


def _body(item: Item) -> str:
    answers = item.answers
    if isinstance(answers, Gaps):
        return BLANK.join(answers.parts)
    if isinstance(answers, Passages):
        texts = [*(passage.text for passage in answers.passages), ""]
        return "".join(part + text for part, text in zip(answers.parts, texts, strict=True))
    return ""


def _plain(markdown: str) -> str:
    text = _LINK.sub(r"\1", _PICTURE.sub(r"\1", markdown))
    return " ".join(_EMPHASIS.sub(r"\2", text).split())
