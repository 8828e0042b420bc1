"""Write the blocks of a Word document as Markdown of the course format: headings, lists, tables, quotations, blocks."""

import re
from collections.abc import Mapping

from app.studio.domain.exchange.word_html import BLOCK_STYLES, BLOCKS, Element
from app.studio.domain.exchange.word_spans import LessonParts, heading_text, write_line
from app.studio.domain.exchange.word_tables import write_table

_TYPES = frozenset(BLOCK_STYLES.values())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TYPE_BEFORE = re.compile(r"(?:note|tip|warning|sensitive|scenario|details)\s*:\s*", re.IGNORECASE)
_LISTS = frozenset({"ul", "ol"})
LONGEST_LIST = 6_000  # characters; a longer list has blank lines between its entries, as paragraphs have a limit
DEEPEST_HEADING = 6


def write_blocks(nodes: list[Element | str], parts: LessonParts, *, shift: int = 0) -> str:
    """Return the Markdown of nodes; `shift` is added to the level of headings, which never skip a level."""
    blocks: list[str] = []
    level = 1
    for node in _grouped(nodes):
        if node.tag in _HEADINGS:
            text = heading_text(node, parts)
            if text:
                level = min(max(2, _HEADINGS[node.tag] + shift), level + 1, DEEPEST_HEADING)
                blocks.append(f"{'#' * level} {text}")
        else:
            blocks += _blocks(node, parts)
    return "\n\n".join(block for block in blocks if block)


def _grouped(nodes: list[Element | str]) -> list[Element]:
    """Return the nodes as blocks: text and inline elements between two blocks are a paragraph."""
    blocks: list[Element] = []
    loose: list[Element | str] = []
    for node in nodes:
        if isinstance(node, Element) and node.tag in BLOCKS:
            blocks += [Element("p", children=loose)] * bool(loose)
            blocks.append(node)
            loose = []
        else:
            loose.append(node)
    return blocks + [Element("p", children=loose)] * bool(loose)


def _blocks(element: Element, parts: LessonParts) -> list[str]:
    match element.tag:
        case "ul" | "ol":
            return [_list(element, parts)]
        case "table":
            return _table(element, parts)
        case "blockquote":
            return [_quotation(element, parts)]
        case "div":
            return [_fenced(element, parts)]
        case "dl":
            return []
        case _:
            return _paragraph(element, parts)


def _quotation(element: Element, parts: LessonParts) -> str:
    text = write_blocks(element.children, parts)
    return "\n".join(f"> {line}".rstrip(" ") for line in text.split("\n")) if text else ""


def _paragraph(element: Element, parts: LessonParts) -> list[str]:
    if element.css_class == "contents":
        parts.lost["contents"] += 1
        return []
    return [write_line(element.children, parts)]


def _table(element: Element, parts: LessonParts) -> list[str]:
    """Return a table; one with a single cell, which is a frame, becomes ordinary text."""
    text = write_table(element, parts)
    if text is not None:
        return [text]
    parts.lost["frames"] += 1
    cell = element.elements()[0].elements()[0]
    return [write_blocks(cell.children, parts)]


def _list(element: Element, parts: LessonParts) -> str:
    entries: list[str] = []
    for entry in element.elements():
        is_inner_only = all(isinstance(child, Element) and child.tag in _LISTS for child in entry.children)
        marker = f"{len(entries) + 1}. " if element.tag == "ol" else "- "
        text = _entry(entry, parts, marker="" if is_inner_only else marker)
        entries += [text] * bool(text)
    is_long = sum(map(len, entries)) > LONGEST_LIST
    return ("\n\n" if is_long else "\n").join(entries)


def _entry(element: Element, parts: LessonParts, *, marker: str) -> str:
    """Return a list entry; inner lists are indented by four spaces, unless there is nothing but them: no marker."""
    blocks = []
    for block in _grouped(element.children):
        text = _list(block, parts) if block.tag in _LISTS else write_line(block.children, parts)
        blocks += [text] * bool(text)
    text = "\n".join(blocks)
    return marker + _indented(text) if marker and text else text


def _fenced(element: Element, parts: LessonParts) -> str:
    """Return a block `/// type`; a paragraph of it that begins with the name of the type is written without it."""
    if element.css_class not in _TYPES:
        return write_blocks(element.children, parts)
    text = write_blocks(element.children, parts)
    text = _TYPE_BEFORE.sub("", text, count=1) if _TYPE_BEFORE.match(text) else text
    return f"/// {element.css_class}\n{text}\n///" if text else ""


def write_footnotes(notes: Mapping[str, Element], parts: LessonParts) -> str:
    """Return the definitions of the footnotes to which the text refers; a note may refer to further notes."""
    definitions = []
    number = 0
    while number < len(parts.notes):
        note = notes.get(parts.notes[number])
        number += 1
        text = write_blocks(note.children if note else [], parts) or "-"
        definitions.append(f"[^{number}]: {_indented(text)}")
    return "\n\n".join(definitions)


def _indented(text: str) -> str:
    """Return a text with its lines after the first indented by four spaces, so that they belong to the first."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"    {line}" if line.strip() else "" for line in rest)])
