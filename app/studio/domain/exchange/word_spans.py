"""Write the text of a paragraph as inline Markdown: bold text, italics, links, pictures, footnotes, line breaks."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from urllib.parse import quote

from app.studio.domain.exchange.word_html import BLOCKS, Element
from app.studio.domain.exchange.word_text import escape, escape_heading, escape_line, plain, raised

_LINK = re.compile(r"(?:https?://[^\s/?#]|mailto:[^\s@/?]+@).*", re.IGNORECASE)
_AUTOMATIC = "Description automatically generated"
_AFTER_BRACKET = {"(": "\\(", ":": "&#58;"}
_WORD_SIGN = re.compile(r"\w")
LONGEST_DESCRIPTION = 500


@dataclass(slots=True)
class LessonParts:
    """What is collected while a text is written, in the order of the text.

    `media` is the folder of pictures. `pictures` are paths in the document, `names` their file names, `notes` the ids
    of footnotes; without `has_footnotes` these are left out. `lost` counts what Markdown cannot show.
    """

    media: str
    has_footnotes: bool = True
    pictures: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Span:
    """A piece of a paragraph: plain text, a gap (a space or line break), or `markup`, which is Markdown already."""

    text: str
    bold: bool = False
    italic: bool = False
    gap: bool = False
    markup: bool = False

    @property
    def is_text(self) -> bool:
        """Return whether the piece is plain text."""
        return not self.gap and not self.markup

    @property
    def style(self) -> tuple[bool, bool]:
        """Return whether the piece is bold, and whether it is italic."""
        return self.bold, self.italic


def write_line(nodes: list[Element | str], parts: LessonParts, *, separator: str = "  \n") -> str:
    """Return the inline Markdown of nodes; `separator` is written for a line break."""
    spans: list[_Span] = []
    for span in _spans(nodes, _Span(""), parts):
        _append(spans, replace(span, text=separator) if span.text == "\n" else span)
    while spans and spans[-1].gap:
        spans.pop()
    text = _formatted(_runs(spans))
    return "\n".join(escape_line(line) for line in text.split("\n"))


def heading_text(element: Element, parts: LessonParts) -> str:
    """Return the text of a heading as Markdown without bold text, links, pictures and footnotes."""
    text = plain("".join(_heading_pieces(element, parts))).strip(" ")
    return escape_heading(escape(text))


def _heading_pieces(element: Element, parts: LessonParts) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "img" or child.note_id:
            parts.lost["headings"] += 1
        elif child.tag == "br":
            yield " "
        else:
            yield from _heading_pieces(child, parts)


def _spans(nodes: list[Element | str], style: _Span, parts: LessonParts) -> Iterator[_Span]:
    for node in nodes:
        if isinstance(node, str):
            yield from _text_spans(node, style)
        else:
            yield from _element_spans(node, style, parts)


def _text_spans(text: str, style: _Span) -> Iterator[_Span]:
    """Yield the text without the spaces around it, which must not be inside the marks of bold text."""
    text = plain(text)
    core = text.strip(" ")
    if text.startswith(" "):
        yield _Span(" ", gap=True)
    if core:
        yield replace(style, text=core)
    if core and text.endswith(" "):
        yield _Span(" ", gap=True)


def _element_spans(element: Element, style: _Span, parts: LessonParts) -> Iterator[_Span]:
    if element.tag == "strong":
        yield from _spans(element.children, replace(style, bold=True), parts)
    elif element.tag == "em":
        yield from _spans(element.children, replace(style, italic=True), parts)
    elif element.tag == "br":
        yield _Span("\n", gap=True)
    elif element.tag in _WRITERS:
        yield from _WRITERS[element.tag](element, style, parts)
    else:
        parts.lost["struck"] += element.tag == "s"
        if element.tag in BLOCKS:
            yield _Span(" ", gap=True)
        yield from _spans(element.children, style, parts)


def _picture(element: Element, _style: _Span, parts: LessonParts) -> Iterator[_Span]:
    path = element.attributes.get("src", "")
    if path not in parts.names:
        return
    if path not in parts.pictures:
        parts.pictures.append(path)
    text = plain(element.attributes.get("alt", "")).partition(_AUTOMATIC)[0].strip(" ")[:LONGEST_DESCRIPTION]
    description = escape(text.replace("[", "(").replace("]", ")"))
    if not description:
        parts.lost["descriptions"] += 1
    yield _Span(f"![{description}]({parts.media}{parts.names[path]})", markup=True)


def _link(element: Element, style: _Span, parts: LessonParts) -> Iterator[_Span]:
    """Yield a link to a page or mail address; other links become plain text, bookmarks nothing."""
    href = element.attributes.get("href", "").strip()
    text = plain(element.text()).strip(" ")
    if text and _LINK.fullmatch(href) and not _inside(element, "img"):
        address = quote(href, safe="%/:=&?~#+!$,;'@-._")
        bold = style.bold or bool(_inside(element, "strong"))
        italic = style.italic or bool(_inside(element, "em"))
        yield _Span(f"[{escape(text)}]({address})", bold, italic, markup=True)
    else:
        parts.lost["links"] += not href.startswith("#") and href != ""
        yield from _spans(element.children, style, parts)


def _inside(element: Element, tag: str) -> list[Element]:
    elements = [child for child in element.elements() if child.tag == tag]
    for child in element.elements():
        elements += _inside(child, tag)
    return elements


def _raised(element: Element, style: _Span, parts: LessonParts) -> Iterator[_Span]:
    """Yield a footnote reference, or superscript and subscript in Unicode characters where they exist."""
    note = element.note_id
    if note and not parts.has_footnotes:
        parts.lost["footnotes"] += 1
        return
    if note:
        parts.notes.append(note)
        yield _Span(f"[^{len(parts.notes)}]", markup=True)
        return
    text = element.text()
    written = raised(element.tag, text)
    if written is None:
        parts.lost["raised"] += bool(text)
        yield from _spans(element.children, style, parts)
    else:
        yield replace(style, text=written)


def _checkbox(element: Element, style: _Span, parts: LessonParts) -> Iterator[_Span]:
    parts.lost["checkboxes"] += 1
    yield replace(style, text="☒" if "checked" in element.attributes else "☐")


_WRITERS = {"img": _picture, "a": _link, "sup": _raised, "sub": _raised, "input": _checkbox}


def _append(spans: list[_Span], span: _Span) -> None:
    """Append a span: gaps once and never at the beginning."""
    if not spans:
        spans += [span] * (not span.gap)
    elif span.gap:
        _append_gap(spans, span)
    else:
        spans.append(span)


def _append_gap(spans: list[_Span], gap: _Span) -> None:
    if not spans[-1].gap:
        spans.append(gap)
    elif "\n" in gap.text:
        spans[-1] = gap


def _runs(spans: list[_Span]) -> list[_Span]:
    """Return pieces of Markdown, each with a style different from its neighbours; a gap has that of both sides."""
    pieces = _escaped(spans)
    for index, piece in enumerate(pieces):
        if piece.gap:
            pieces[index] = _styled_gap(piece, pieces[index - 1], pieces[index + 1])
    return [
        _Span(_joined([piece.text for piece in group]), bold, italic)
        for (bold, italic), group in groupby(pieces, key=lambda piece: piece.style)
    ]


def _escaped(spans: list[_Span]) -> list[_Span]:
    """Return the spans with plain text as Markdown, texts of the same style beside each other joined before."""
    pieces: list[_Span] = []
    for (is_text, _), group in groupby(spans, key=lambda span: (span.is_text, span.style)):
        members = list(group)
        if is_text:
            members = [replace(members[0], text=escape("".join(span.text for span in members)))]
        pieces += members
    return pieces


def _styled_gap(gap: _Span, before: _Span, after: _Span) -> _Span:
    bold = before.bold and after.bold
    italic = before.italic and after.italic and before.bold is after.bold
    return _Span(gap.text, bold, italic)


def _joined(texts: Iterable[str]) -> str:
    """Join pieces so that the sign where two of them meet does not make a picture, link or footnote of them."""
    pieces = [""]
    for text in filter(None, texts):
        piece = text
        if pieces[-1].endswith("!") and text.startswith("["):
            pieces[-1] = pieces[-1][:-1] + "\\!"
        elif pieces[-1].endswith("]") and text.startswith(("(", ":")):
            piece = _AFTER_BRACKET[text[0]] + text[1:]
        pieces.append(piece)
    return "".join(pieces)


def _formatted(runs: list[_Span]) -> str:
    """Return the Markdown of runs: `**` for bold text, inside it or alone `_` for italics, `*` within a word."""
    padded = [_Span(""), *runs, _Span("")]
    pieces = []
    for before, run, after in zip(padded, runs, padded[2:], strict=False):
        text = _italic(run, before, after) if run.italic else run.text
        pieces.append(_bold_mark(run, before) + text + _bold_mark(run, after))
    return _joined(pieces)


def _bold_mark(run: _Span, neighbour: _Span) -> str:
    return "**" if run.bold and not neighbour.bold else ""


def _italic(run: _Span, before: _Span, after: _Span) -> str:
    """Return italic text; without marks where Markdown has none, in the middle of a word that is also bold."""
    if not _WORD_SIGN.search(_beside(run, before)[-1:] + _beside(run, after)[:1]):
        return f"_{run.text}_"
    return run.text if run.bold or before.bold or after.bold else f"*{run.text}*"


def _beside(run: _Span, neighbour: _Span) -> str:
    """Return the text of a neighbour, "" if the marks of bold text are between them."""
    return neighbour.text if neighbour.bold is run.bold else ""
