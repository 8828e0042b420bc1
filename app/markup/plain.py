"""Plain text of a rendered element, for the search index and the word count."""

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown.util import AMP_SUBSTITUTE

_LINE_TAGS = {"a", "em", "strong", "code", "span", "sup", "sub", "del", "ins", "mark", "bdi", "dfn"}
_UNREAD_CLASSES = {"cite", "vh", "footnote-ref", "footnote-back"}
_PLACEHOLDER = re.compile(r"\x02[^\x03]*\x03")
_GAP = re.compile(r" +(?=[.,،؛](?:\s|$))")  # a citation stood before the sign


def words(element: Element) -> str:
    """Return the visible text of an element in one line, without citation numbers and hidden text."""
    text = "".join(_pieces(element)).replace(AMP_SUBSTITUTE, "&")
    line = " ".join(html.unescape(_PLACEHOLDER.sub(" ", text)).split())
    return _GAP.sub("", line)


def _pieces(element: Element) -> Iterator[str]:
    if element.get("class", "") not in _UNREAD_CLASSES and element.tag != "caption":
        yield element.text or ""
        for child in element:
            yield from _pieces(child)
            yield child.tail or ""
    if element.tag not in _LINE_TAGS:
        yield " "
