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
    match item.answers:
        case Gaps(parts=parts):
            return BLANK.join(parts)
        case Passages(parts=parts, passages=passages):
            texts = [*(passage.text for passage in passages), ""]
            return "".join(part + text for part, text in zip(parts, texts, strict=True))
        case _:
            return ""


def _plain(markdown: str) -> str:
    text = _LINK.sub(r"\1", _PICTURE.sub(r"\1", markdown))
    return " ".join(_EMPHASIS.sub(r"\2", text).split())
