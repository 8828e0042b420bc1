"""Set up Python-Markdown for course texts: no raw HTML; citations, glossary terms and fenced blocks."""

# mypy: allow-subclassing-any

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from app.markup.blocks import LessonBlocks
from app.markup.render_context import RenderContext
from app.markup.shapes import fill

SOURCE, PLACE, TERM = "data-source", "data-place", "data-term"  # taken off again before the tree is written
# A bar that a table cell had to escape, as Python-Markdown writes it; by then it is put aside under a number.
_BAR = "\x02124\x03"
_ASIDE = r"\x02klzzwxh:(\d+)\x03"
_CITATION = r"\[@([^\[\]]{1,600})\]"
_TERM = r"\[\[([a-z0-9][a-z0-9-]{0,79})(?:(?:\||" + _ASIDE + r")([^\[\]<|]{1,200}))?\]\]"
_LINE = r"\[\[@([A-Z][A-Z0-9]*-D[0-9]{1,4}):([0-9]{1,3})\]\]"
_ITEM = re.compile(r"^(?:[-*+]|1\.)[ \t]+\S")
_INSIDE_LIST = re.compile(r"^(?: |\t|[-*+][ \t]|\d+\.[ \t])")


class _Citation(InlineProcessor):
    """`[@source, place]`, or several with `; @` between them, as superscript links without numbers yet."""

    def __init__(self, context: RenderContext, md: Markdown) -> None:
        super().__init__(_CITATION, md)
        self.context = context

    def handleMatch(  # noqa: N802 - the library's name; its own subclasses answer None too
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the links, or leave the text as it is if a source is not known."""
        pairs = [_pair(part) for part in m[1].split("; @")]
        strangers = [source for source, _ in pairs if source not in self.context.sources]
        if strangers:
            self.context.unknown.update({f"@{source}": None for source in strangers})
            return None, None, None
        raised = Element("sup")
        for source, locator in pairs:
            SubElement(raised, "a", {"class": "cite", SOURCE: source, PLACE: locator}).tail = " "
        raised[-1].tail = None
        return raised, m.start(0), m.end(0)


def _pair(part: str) -> tuple[str, str]:
    source, _, locator = part.partition(",")
    return source.strip(), " ".join(locator.split())


class _Term(InlineProcessor):
    """`[[term]]` or `[[term|shown words]]` as a link to its explanation; an unknown term becomes plain text."""

    def __init__(self, context: RenderContext, md: Markdown) -> None:
        super().__init__(_TERM, md)
        self.context = context

    def handleMatch(  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the link, or the plain text."""
        if m[2] and self.md.treeprocessors["inline"].stashed_nodes.get(m[2]) != _BAR:
            return None, None, None
        entry = self.context.terms.get(m[1])
        if entry is None:
            self.context.unknown[f"[[{m[1]}]]"] = None
        shown = Element("a", {"class": "term", TERM: m[1]}) if entry else Element("span")
        shown.text = m[3] or (entry.title if entry else m[1])
        return shown, m.start(0), m.end(0)


class _LineLink(InlineProcessor):
    """`[[@SF-D10:3]]` as a link to a line of a document; without the document, its number as plain text."""

    def __init__(self, context: RenderContext, md: Markdown) -> None:
        super().__init__(_LINE, md)
        self.context = context

    def handleMatch(  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the link, or the plain text."""
        label = self.context.documents.get(m[1])
        if label is None:
            self.context.unknown[f"[[@{m[1]}]]"] = None
        link = Element("a", {"href": f"#doc-{m[1]}-{m[2]}"}) if label else Element("span")
        link.text = AtomicString(fill(label, number=m[2]) if label else f"{m[1]}, {m[2]}")
        return link, m.start(0), m.end(0)


class _ListsWithoutGap(Preprocessor):
    """Let a list begin directly below a paragraph, as on GitHub; Python-Markdown requires an empty line."""

    def run(self, lines: list[str]) -> list[str]:
        """Insert the missing empty lines."""
        out: list[str] = []
        in_list = False
        for line in lines:
            if out and not in_list and _ITEM.match(line) and _is_paragraph(out[-1]):
                out.append("")
            in_list = bool(_INSIDE_LIST.match(line)) or (in_list and bool(line.strip()))
            out.append(line)
        return out


def _is_paragraph(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("///")


def build(context: RenderContext) -> Markdown:
    """Return a converter for texts that share this context."""
    extensions = [
        TableExtension(use_align_attribute=True),  # as style attributes they would be cleaned away
        DefListExtension(),
        FootnoteExtension(BACKLINK_TITLE=""),
        FencedCodeExtension(),
        SaneListExtension(),
    ]
    if context.labels is not None:
        extensions.append(LessonBlocks(context))
    md = Markdown(extensions=extensions, output_format="html")
    md.preprocessors.deregister("html_block")
    md.inlinePatterns.deregister("html")
    md.preprocessors.register(_ListsWithoutGap(md), "lists_without_gap", 10)  # after fenced code has been put aside
    md.inlinePatterns.register(_LineLink(context, md), "line_link", 178)
    md.inlinePatterns.register(_Term(context, md), "term", 177)
    md.inlinePatterns.register(_Citation(context, md), "citation", 176)
    return md


def parse(md: Markdown, text: str) -> Element:
    """Return the complete element tree of a text, as `Markdown.convert` makes it before it writes HTML."""
    md.reset()
    lines = text.split("\n")
    for preprocessor in md.preprocessors:
        lines = preprocessor.run(lines)
    return _finish(md, md.parser.parseDocument(lines).getroot())


def parse_line(md: Markdown, text: str) -> Element:
    """Return the complete element tree of a text that is read as one paragraph, however it begins."""
    md.reset()
    root = Element("div")
    SubElement(root, "p").text = " ".join(text.replace("\x02", "").replace("\x03", "").split())
    return _finish(md, root)


def _finish(md: Markdown, root: Element) -> Element:
    for processor in md.treeprocessors:
        changed = processor.run(root)
        if changed is not None:
            root = changed
    return root


def write(md: Markdown, element: Element) -> str:
    """Return the element as HTML, not yet cleaned."""
    element.tail = None
    html: str = md.serializer(element)
    for processor in md.postprocessors:
        html = processor.run(html)
    return html.strip()
