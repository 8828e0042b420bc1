"""Convert a checked Word document to a tree of HTML elements: mammoth reads the styles, lists, notes and changes."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth

from app.studio.domain.exchange.word_parts import WordParts, damaged

BLOCK_STYLES = {
    "COLEP Note": "note",
    "COLEP Tip": "tip",
    "COLEP Warning": "warning",
    "COLEP Sensitive": "sensitive",
    "COLEP Scenario": "scenario",
    "COLEP Details": "details",
}
"""Paragraph styles that become the block `/// type` of a lesson."""

BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "blockquote", "dl"}
    | {f"h{level}" for level in range(1, 7)}
)
"""Elements that begin on a line of their own."""

_NOTE = re.compile(r"#((?:foot|end)note-\S+)")
_VOID = frozenset({"br", "img", "input"})
_FAULTS = (
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError),
    *(ExpatError, zipfile.BadZipFile),
)
_COMMENT_REFERENCE = "comment"
_STYLES = [
    "p[style-name='Title'] => p.title:fresh",
    "p[style-name='Subtitle'] => p:fresh",
    "p[style-name='TOC Heading'] => p.contents:fresh",
    "p[style-name='Contents Heading'] => p.contents:fresh",
    *(f"p[style-name='{name} {n}'] => p.contents:fresh" for name in ("toc", "Contents") for n in range(1, 10)),
    *(f"p[style-name='heading {n}'] => h{min(n, 6)}:fresh" for n in range(1, 10)),  # before lists: some have numbers
    "p[style-name='Quote'] => blockquote > p:fresh",
    "p[style-name='Intense Quote'] => blockquote > p:fresh",
    "p[style-name='Quotations'] => blockquote > p:fresh",
    "r[style-name='Emphasis'] => em",
    "r[style-name='Intense Emphasis'] => em",
    f"comment-reference => sup.{_COMMENT_REFERENCE}",
]
for _name, _type in BLOCK_STYLES.items():
    _STYLES += [
        f"p[style-name='{_name}']:unordered-list(1) => div.{_type} > ul > li:fresh",
        f"p[style-name='{_name}']:ordered-list(1) => div.{_type} > ol > li:fresh",
        f"p[style-name='{_name}'] => div.{_type} > p:fresh",
    ]
for _style, _number, _tag in (("Bullet", "unordered", "ul"), ("Number", "ordered", "ol")):
    _paths = ["ul|ol > li > " * (level - 1) + f"{_tag} > li:fresh" for level in range(1, 6)]
    _STYLES += [f"p[style-name='List {_style} {level}'] => {_paths[level - 1]}" for level in (2, 3)]
    _STYLES += [f"p:{_number}-list({level}) => {path}" for level, path in enumerate(_paths, 1)]
    _STYLES.append(f"p[style-name='List {_style}'] => {_paths[0]}")  # a list although its style has no number


@dataclass(slots=True)
class Element:
    """An HTML element."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def css_class(self) -> str:
        """Return the class, "" for none."""
        return self.attributes.get("class", "")

    def elements(self) -> list["Element"]:
        """Return the children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def note_id(self) -> str:
        """Return the id of the footnote to which the element refers, "" for none."""
        addresses = [child.attributes.get("href", "") for child in self.elements()]
        note = next(filter(None, map(_NOTE.fullmatch, addresses)), None)
        return note[1] if note and self.tag == "sup" else ""

    def texts(self) -> Iterator[str]:
        """Yield the pieces of text inside, in order, with spaces between blocks and without footnote numbers."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif not child.note_id:
                yield " " * (child.tag in BLOCKS or child.tag == "br")
                yield from child.texts()

    def text(self) -> str:
        """Return the text inside in one line."""
        return re.sub(r"\s+", " ", "".join(self.texts())).strip()


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add an element."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close an element; mammoth writes well-formed HTML."""
        if tag not in _VOID and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Add text."""
        self._open[-1].children.append(data)


def word_tree(parts: WordParts) -> Element:
    """Return the body of a document; the `src` of a picture is its path in `parts.files`. Raises RefusedFileError."""
    try:
        html = _html(parts)
    except _FAULTS as error:  # mammoth raises many kinds of errors for a damaged document
        raise damaged() from error
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    _remove_comment_references(builder.root)
    return builder.root


def _remove_comment_references(element: Element) -> None:
    element.children = [
        child for child in element.children if isinstance(child, str) or child.css_class != _COMMENT_REFERENCE
    ]
    for child in element.elements():
        _remove_comment_references(child)


def _html(parts: WordParts) -> str:
    result = mammoth.convert_to_html(
        io.BytesIO(parts.package),
        style_map="\n".join(_STYLES),
        include_embedded_style_map=False,
        external_file_access=False,
        convert_image=mammoth.images.img_element(_picture_path),
    )
    html: str = result.value
    return html


def _picture_path(image: Any) -> dict[str, str]:
    """Return the path of a picture, which is its content in the checked package."""
    with image.open() as file:
        return {"src": file.read().decode(errors="replace")}
