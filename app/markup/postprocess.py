"""Change the parsed tree before it is written: named tables, numbered citations, outside links, lazy images."""

import html
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString

from app.markup.clean import may_stand
from app.markup.extensions import PLACE, SOURCE
from app.markup.render_context import RenderContext
from app.markup.shapes import Picture, fill

_STASHED = re.compile(r"\x02wzxhzdk:(\d+)\x03")
_CODE = re.compile(r"<pre><code[^>]*>(.*)</code></pre>", re.DOTALL)


def dress(md: Markdown, root: Element, context: RenderContext) -> None:
    """Change the tree in place; tables and citations are numbered in document order."""
    _bring_back_code(md, root)
    _make_figures(root, context)
    _wrap_tables(root, context)
    for element in root.iter():
        change = _CHANGES.get(element.tag)
        if change:
            change(element, context)


def _bring_back_code(md: Markdown, root: Element) -> None:
    """Replace the placeholder paragraph of stashed code by the code, so that it can have an id."""
    for paragraph in [*root.iter("p")]:
        stashed = _STASHED.fullmatch(paragraph.text or "") if not len(paragraph) else None
        code = _CODE.fullmatch(str(md.htmlStash.rawHtmlBlocks[int(stashed[1])]).strip()) if stashed else None
        if code:
            paragraph.tag, paragraph.text = "pre", None
            SubElement(paragraph, "code").text = AtomicString(code[1])


def _make_figures(root: Element, context: RenderContext) -> None:
    for paragraph in [*root.iter("p")]:
        if not _is_lone_picture(paragraph):
            continue
        paragraph.tag = "figure"
        medium = context.media.get(paragraph[0].get("src", ""))
        caption = paragraph[0].attrib.pop("title", "")
        if medium and medium.kind:
            _make_recording(paragraph, medium, caption, context)
        elif caption:
            SubElement(paragraph, "figcaption").text = caption


def _make_recording(figure: Element, recording: Picture, caption: str, context: RenderContext) -> None:
    """Turn the picture of a figure into a player with a caption, and with the smaller variants of a video."""
    title = _recording_caption(recording, caption or figure[0].get("alt", ""))
    _make_player(figure[0], recording)
    if title:
        SubElement(figure, "figcaption").text = title
    for variant in recording.variants:
        _add_variant(figure, variant, context)


def _recording_caption(recording: Picture, title: str) -> str:
    """Return the title with length and size, which a user reads before loading anything."""
    return f"{title} ({recording.facts})" if recording.facts else title


def _make_player(element: Element, recording: Picture) -> None:
    """Turn a picture into a player that loads nothing before its user starts it."""
    element.tag, label = recording.kind, element.get("alt", "")
    element.attrib.clear()
    element.attrib |= {"src": recording.address, "controls": "controls", "preload": "none", "aria-label": label}
    if recording.captions:
        values = {"kind": "captions", "src": recording.captions, "srclang": recording.language, "default": "default"}
        SubElement(element, "track", values)


def _add_variant(figure: Element, recording: Picture, context: RenderContext) -> None:
    """Add a smaller variant with its size, behind a disclosure that opens without script."""
    if context.labels is None:
        return
    label = context.labels.small_video if recording.kind == "video" else context.labels.sound_only
    name = fill(label, facts=recording.facts)
    details = SubElement(figure, "details", {"class": "block is-details"})
    SubElement(details, "summary", {"class": "label"}).text = name
    _make_player(SubElement(details, "img", {"alt": name}), recording)


def _is_lone_picture(paragraph: Element) -> bool:
    if len(paragraph) != 1 or paragraph[0].tag != "img":
        return False
    return not (paragraph.text or "").strip() and not (paragraph[0].tail or "").strip()


def _wrap_tables(root: Element, context: RenderContext) -> None:
    """Wrap each table in a scrollable region that has a name and takes keyboard focus."""
    parents = {child: parent for parent in root.iter() for child in parent if child.tag == "table"}
    for number, table in enumerate([*root.iter("table")], 1):
        parent = parents[table]
        region = Element("div", {"class": "scroll", "tabindex": "0"})
        region.tail, table.tail = table.tail, None
        if context.labels is not None:
            name = fill(context.labels.table, number=str(number))
            region.attrib |= {"role": "region", "aria-label": name}
            caption = Element("caption")
            caption.text = name
            table.insert(0, caption)
        region.append(table)
        parent[[*parent].index(table)] = region


def _head_cell(element: Element, context: RenderContext) -> None:
    """Mark a cell as the head of its column; an empty one, usually over row names, is no head."""
    if "".join(element.itertext()).strip() or len(element):
        element.set("scope", "col")
    else:
        element.tag = "td"
    _cell(element, context)


def _cell(element: Element, _context: RenderContext) -> None:
    if element.attrib.pop("align", "") == "right":
        element.set("class", "num")


def _link(element: Element, context: RenderContext) -> None:
    kind = element.get("class", "")
    if kind == "cite":
        _citation(element, context)
    elif kind == "footnote-ref":
        _name(element, fill(context.labels.footnote, number=element.text or "") if context.labels else "")
    elif kind == "footnote-backref":
        element.attrib.pop("title", None)
        element.set("class", "footnote-back")
        _name(element, context.labels.back if context.labels else "")
    else:
        element.attrib.pop("title", None)
        _mark_outside(element, context)


def _citation(element: Element, context: RenderContext) -> None:
    number = str(context.number(element.attrib.pop(SOURCE), element.attrib.pop(PLACE)))
    element.text = number
    element.set("href", f"#fn-{number}")
    _name(element, fill(context.labels.source, number=number) if context.labels else "")


def _name(element: Element, label: str) -> None:
    if label:
        element.set("aria-label", label)


def _mark_outside(element: Element, context: RenderContext) -> None:
    address = html.unescape(element.get("href", ""))
    if not may_stand("href", address) or not address.lower().startswith(("http://", "https://")):
        return
    element.attrib |= {"class": "outside", "rel": "noreferrer noopener"}
    if context.labels is not None:
        SubElement(element, "span", {"class": "vh"}).text = f" {context.labels.outside}"


def _picture(element: Element, context: RenderContext) -> None:
    """Show a picture of the course; anything else leaves its description as text."""
    written = element.get("src", "")
    picture = _pictures(context).get(written)
    address, description, tail = picture.address if picture else written, element.get("alt", ""), element.tail
    element.attrib.clear()
    if not may_stand("src", address):
        element.tag, element.text = "span", description
        return
    element.attrib |= {"src": address, "alt": description, "loading": "lazy"}
    if picture and picture.width and picture.height:
        element.attrib |= {"width": str(picture.width), "height": str(picture.height)}
    element.tail = tail


def _pictures(context: RenderContext) -> dict[str, Picture]:
    """Return the media without recordings: within a sentence, a recording is its title."""
    return {address: medium for address, medium in context.media.items() if not medium.kind}


def _heading(element: Element, _context: RenderContext) -> None:
    element.tag = "h2"  # the page has the h1


def _isolate(element: Element, _context: RenderContext) -> None:
    element.set("dir", "ltr" if element.tag in ("pre", "code") else "auto")


def _footnotes(element: Element, _context: RenderContext) -> None:
    if element.get("class") == "footnote":
        element.set("class", "footnotes")
        element.remove(element[0])  # a line that the style draws


_CHANGES: dict[str, Callable[[Element, RenderContext], None]] = {
    "h1": _heading, "a": _link, "img": _picture, "th": _head_cell, "td": _cell,
    "pre": _isolate, "code": _isolate, "blockquote": _isolate, "div": _footnotes,
}  # fmt: skip
