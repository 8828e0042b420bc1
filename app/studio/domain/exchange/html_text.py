"""Convert the HTML of a question into Markdown of the course format; plain text stays plain."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from app.studio.domain.exchange.html_tree import BLOCKS, HIDDEN, HtmlNode, HtmlTree, parse_html
from app.studio.domain.exchange.markdown_parts import (
    LINE_BREAK,
    code_block,
    code_span,
    list_entry,
    marked,
    safe_address,
    table_block,
)
from app.studio.domain.exchange.plain_text import escape_inline, escape_line_starts
from app.studio.domain.exchange.shapes import NoteList

PictureName = Callable[[str], str]
"""Return the name in `media/` of the picture at an address, or an empty text if the file does not have it."""

_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "dfn": "*"}
_CODE = frozenset({"code", "tt", "kbd", "samp"})
_HEADINGS = {"h1": "###", "h2": "###", "h3": "###", "h4": "####", "h5": "#####", "h6": "######"}
_RAISED = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_CONVERTED = (
    frozenset({"a", "br", "caption", "img", "sub", "sup", "div", "span", "html", "body", "section", "article"})
    | {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "ul", "ol", "li", "p", "pre", "hr", "head", "bdi", "wbr"}
    | frozenset(_MARKS)
    | _CODE
    | frozenset(_HEADINGS)
)
_ACTIVE = frozenset({"script", "style"})
_EMBEDDED = frozenset({"audio", "video", "iframe", "object", "embed", "svg", "math", "canvas"})
_JOINED = frozenset({"colspan", "rowspan"})
MAX_COLUMNS = 100
"""The widest table that stays a table."""

_FORMULA = re.compile(r"\$\$|\\\(|\\\[")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+")
_SPACES = re.compile(r"[ \t\n\f]+")


def html_to_markdown(text: str, notes: NoteList, picture_name: PictureName, *, inline: bool = False) -> str:
    """Return the Markdown of an HTML text and note what has no counterpart; `inline` returns a single line."""
    tree = parse_html(text)
    _note_tags(tree, notes)
    if _FORMULA.search(text):
        notes.warn("A formula is shown as its source text.", "Write it as text, or add a picture of it.")
    converter = _Converter(notes, picture_name)
    if inline:
        return unicodedata.normalize("NFC", _one_line(converter.inline(tree.root.children)))
    return unicodedata.normalize("NFC", "\n\n".join(converter.blocks(tree.root.children)))


def plain_of_html(text: str) -> str:
    """Return the text of an HTML fragment in one line, without tags and with decoded entities."""
    return unicodedata.normalize("NFC", " ".join(_raw_text(parse_html(text).root).split()))


def _one_line(text: str) -> str:
    return escape_line_starts(_SPACES.sub(" ", text.replace(LINE_BREAK, " ")).strip())


def _note_tags(tree: HtmlTree, notes: NoteList) -> None:
    if tree.tags & _ACTIVE:
        notes.warn("Scripts and styles were removed.", "Check that the text does not depend on them.")
    if embedded := tree.tags & _EMBEDDED:
        message = "Embedded media were left out: %(tags)s."
        notes.warn(message, "Add the media to a lesson, or link to them.", tags=", ".join(sorted(embedded)))
    lost = tree.tags - _CONVERTED - _ACTIVE - _EMBEDDED - HIDDEN
    if lost:
        message = "The formatting of these HTML elements was left out: %(tags)s."
        notes.warn(message, "Their text was imported. Check it.", tags=", ".join(sorted(lost)[:10]))
    if tree.too_deep:
        notes.warn("The HTML was nested too deep, so some formatting was left out.", "Check the text.")


class _Converter:
    def __init__(self, notes: NoteList, picture_name: PictureName) -> None:
        self.notes = notes
        self.picture_name = picture_name

    def blocks(self, children: Sequence[HtmlNode | str]) -> list[str]:
        """Return the paragraphs, lists, tables and code blocks."""
        blocks: list[str] = []
        run: list[HtmlNode | str] = []
        for child in children:
            if isinstance(child, HtmlNode) and _is_block(child):
                blocks += self._paragraph(run)
                run = []
                blocks += self._block(child)
            else:
                run.append(child)
        return blocks + self._paragraph(run)

    def _paragraph(self, run: Sequence[HtmlNode | str]) -> list[str]:
        if not run:
            return []
        text = _SPACES.sub(" ", self.inline(run))
        lines = [line.strip() for line in text.split(LINE_BREAK)]
        while lines and not lines[-1]:
            lines.pop()
        text = escape_line_starts("\n".join(line for line in lines if line))
        return [text.replace("\n", "  \n")] if text else []

    def _block(self, node: HtmlNode) -> list[str]:
        if node.tag in ("ul", "ol"):
            return self._list(node)
        if node.tag == "table":
            return self._table(node)
        if node.tag == "pre":
            return code_block(_raw_text(node))
        if node.tag == "hr":
            return ["***"]
        if node.tag in _HEADINGS:
            title = _one_line(self.inline(node.children))
            return [f"{_HEADINGS[node.tag]} {title}"] if title else []
        return self.blocks(node.children)

    def _list(self, node: HtmlNode) -> list[str]:
        entries: list[str] = []
        for child in node.children:
            blocks = self.blocks(child.children if isinstance(child, HtmlNode) else [child])
            if blocks:
                marker = f"{len(entries) + 1}." if node.tag == "ol" else "-"
                entries.append(list_entry(marker, "\n\n".join(blocks)))
        return ["\n".join(entries)] if entries else []

    def _table(self, node: HtmlNode) -> list[str]:
        captions = self.blocks(_descendants(node, "caption"))
        cell_rows = [_cells(row) for row in _descendants(node, "tr")]
        if _has_joined_cells(cell_rows):
            self.notes.warn("A table has joined cells, which are single cells now.", "Check the table.")
        rows = [[self._cell(cell) for cell in cells] for cells in cell_rows if cells]
        if max(map(len, rows), default=0) <= MAX_COLUMNS:
            return [*captions, *table_block(rows)]
        message = "A table has more than %(most)s columns. Only its text was imported."
        self.notes.warn(message, "Check the text.", most=MAX_COLUMNS)
        return [*captions, " ".join(" ".join(row) for row in rows)]

    def _cell(self, cell: HtmlNode) -> str:
        return _SPACES.sub(" ", self.inline(cell.children).replace(LINE_BREAK, " ")).strip().replace("|", "\\|")

    def inline(self, children: Sequence[HtmlNode | str]) -> str:
        """Return the Markdown of texts and elements within a line; a line break is a private character."""
        return "".join(self._inline(child) for child in children)

    def _inline(self, child: HtmlNode | str) -> str:
        if isinstance(child, str):
            return escape_inline(_SPACES.sub(" ", child))
        if child.tag in HIDDEN:
            return ""
        special = _INLINE.get(child.tag)
        if special:
            return special(self, child)
        text = self.inline(child.children)
        if child.tag in _MARKS:
            return marked(text, _MARKS[child.tag])
        return f"{LINE_BREAK}{text}{LINE_BREAK}" if child.tag in BLOCKS or child.tag in ("tr", "td") else text

    def line_break(self, _: HtmlNode) -> str:
        """Return the private character of a line break."""
        return LINE_BREAK

    def code(self, node: HtmlNode) -> str:
        """Return a code span."""
        return code_span(_SPACES.sub(" ", _raw_text(node)).strip())

    def link(self, node: HtmlNode) -> str:
        """Return a link to a web or mail address, or its text only."""
        text = self.inline(node.children)
        address = node.attributes.get("href", "").strip()
        if not text.strip() or not address:
            return text
        if not _LINK.fullmatch(address) or len(address) > 2_000 or "](" in text:
            self.notes.warn("A link was left out: %(address)s.", "Add the address again.", address=address[:80])
            return text
        return f"[{text.replace(LINE_BREAK, ' ').strip()}]({safe_address(address)})"

    def picture(self, node: HtmlNode) -> str:
        """Return a picture, or its description only."""
        alt = " ".join(node.attributes.get("alt", "").replace("[", "(").replace("]", ")").split())
        name = self.picture_name(node.attributes.get("src", ""))
        if not name:
            message = "A picture was left out: %(address)s."
            self.notes.warn(
                message, "Add the picture to the course.", address=node.attributes.get("src", "")[:80] or "-"
            )
            return escape_inline(alt)
        if not alt:
            self.notes.warn("The picture %(name)s has no description.", "Describe it in the brackets ![].", name=name)
        return f"![{escape_inline(alt)}](media/{name})"

    def raised(self, node: HtmlNode) -> str:
        """Return raised text."""
        return self._shifted(node, _RAISED, "^")

    def lowered(self, node: HtmlNode) -> str:
        """Return lowered text."""
        return self._shifted(node, _LOWERED, "\\_")

    def _shifted(self, node: HtmlNode, signs: dict[str, str], fallback: str) -> str:
        text = _raw_text(node).strip()
        if not text or all(sign in signs for sign in text):
            return "".join(signs[sign] for sign in text)
        self.notes.warn("Raised or lowered text is written as ^(text) or _(text).", "Check the text.")
        return f"{fallback}({self.inline(node.children).strip()})"


_INLINE: dict[str, Callable[[_Converter, HtmlNode], str]] = {
    "br": _Converter.line_break,
    "a": _Converter.link,
    "img": _Converter.picture,
    "sup": _Converter.raised,
    "sub": _Converter.lowered,
    **dict.fromkeys(_CODE, _Converter.code),
}


def _has_joined_cells(rows: Sequence[Sequence[HtmlNode]]) -> bool:
    return any(cell.attributes.keys() & _JOINED for cells in rows for cell in cells)


def _is_block(node: HtmlNode) -> bool:
    """Return whether the element is a block or has one inside; the depth of the tree is limited."""
    if node.tag in BLOCKS or node.tag in HIDDEN:
        return node.tag in BLOCKS
    return any(_is_block(child) for child in node.children if isinstance(child, HtmlNode))


def _descendants(node: HtmlNode, tag: str) -> list[HtmlNode]:
    """Return the elements of this name, not those of an inner table."""
    nodes: list[HtmlNode] = []
    for child in node.children:
        if isinstance(child, HtmlNode) and child.tag == tag:
            nodes.append(child)
        elif isinstance(child, HtmlNode) and child.tag != "table":
            nodes += _descendants(child, tag)
    return nodes


def _cells(row: HtmlNode) -> list[HtmlNode]:
    return [child for child in row.children if isinstance(child, HtmlNode) and child.tag in ("td", "th")]


def _raw_text(node: HtmlNode) -> str:
    if node.tag == "br":
        return "\n"
    return "".join(child if isinstance(child, str) else _raw_text(child) for child in node.children)
