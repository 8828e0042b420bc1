"""Parse HTML of other systems into a small tree, in linear time and with limited depth.

`html.parser` is not used: it needs quadratic time for unclosed comments and tags.
"""

import re
from dataclasses import dataclass, field

from app.studio.domain.exchange.plain_text import unescaped_html

MAX_DEPTH = 40
"""How deep elements are nested; the text of deeper ones is added to the last one within the limit."""

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
HIDDEN = frozenset({"script", "style", "template", "noscript", "head"})
BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul"),
    }
)
# A start tag ends the open elements of the second column, up to the nearest element of the third.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "tr": (frozenset({"tr", "td", "th"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_ATTRIBUTE = re.compile(r"(?<![\w:-])([a-zA-Z][\w:-]*+)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]++))")


@dataclass(slots=True)
class HtmlNode:
    """An element with its attributes and children: elements, and decoded texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["HtmlNode | str"] = field(default_factory=list)


@dataclass(slots=True)
class HtmlTree:
    """The root of the tree, the names of all tags, and whether elements were nested too deep."""

    root: HtmlNode
    tags: set[str] = field(default_factory=set)
    too_deep: bool = False


def looks_like_html(text: str) -> bool:
    """Return whether the text has a tag or an entity."""
    return bool(_TAG.search(text) or re.search(r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});", text))


def parse_html(text: str) -> HtmlTree:
    """Return the tree of a text; anything that is not a complete tag is text."""
    builder = _Builder()
    text = _without_comments(text)
    position = 0
    for match in _TAG.finditer(text):
        builder.add_text(text[position : match.start()])
        position = match.end()
        if match[1]:
            builder.end(match[2].lower())
        else:
            builder.start(match[2].lower(), match[3])
    builder.add_text(text[position:])
    return builder.tree


def _without_comments(text: str) -> str:
    pieces = []
    position = 0
    while (begin := text.find("<!", position)) >= 0:
        closer = "-->" if text.startswith("<!--", begin) else ">"
        end = text.find(closer, begin + 2)
        if end < 0:
            break
        pieces.append(text[position:begin])
        position = end + len(closer)
    return "".join([*pieces, text[position:]])


class _Builder:
    def __init__(self) -> None:
        self.tree = HtmlTree(HtmlNode("div"))
        self._open = [self.tree.root]
        self._ignored = 0  # elements over the limit that are still open

    def add_text(self, text: str) -> None:
        if text:
            self._open[-1].children.append(unescaped_html(text))

    def start(self, tag: str, attributes: str) -> None:
        self.tree.tags.add(tag)
        self._end_implied(tag)
        if len(self._open) >= MAX_DEPTH and tag not in VOID:
            self.tree.too_deep = True
            self._ignored += 1
            return
        node = HtmlNode(tag, _attributes(attributes))
        self._open[-1].children.append(node)
        if tag not in VOID and not attributes.rstrip().endswith("/"):
            self._open.append(node)

    def _end_implied(self, tag: str) -> None:
        if tag in BLOCKS and self._open[-1].tag == "p":
            self._open.pop()
        ended, limits = _ENDS.get(tag, (frozenset(), frozenset()))
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag in limits:
                return
            if self._open[index].tag in ended:
                del self._open[index:]

    def end(self, tag: str) -> None:
        if self._ignored:
            self._ignored -= 1
            return
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return


def _attributes(text: str) -> dict[str, str]:
    pairs = ((match[1].lower(), match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(text))
    return {name: unescaped_html(value) for name, value in pairs}
