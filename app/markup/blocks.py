"""Fenced blocks `/// type | title` ... `///` as HTML: a label line, then the text."""

# mypy: allow-subclassing-any

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from app.markup.render_context import RenderContext
from app.markup.shapes import Labels, fill

NOTES = ("note", "tip", "warning", "sensitive", "scenario")
KIND, REF = "data-kind", "data-ref"  # taken off again before the tree is written
_KEY = re.compile(r"(document|items|minutes|media): *(.*)")
_COUNTRY = re.compile(r"[A-Z]{2}")
_FACTS = re.compile(r"[a-z_]+(, *[a-z_]+)*")
_ITEM = re.compile(r"[A-Z][A-Z0-9]*-Q[0-9]{2,3}")


class _Anatomy(Block):
    """A block with a label line and a body; the types differ in the label line."""

    ARGUMENT = None

    def on_validate(self, parent: Element) -> bool:
        """Accept no options: an indented line under the fence is the author's text, never attributes."""
        return not self.options["attrs"]

    def words(self) -> tuple[Labels, str]:
        """Return the labels and the title written behind the type; raise LookupError without labels."""
        context: RenderContext = self.config["context"]
        if context.labels is None:
            raise LookupError("blocks are read only where there are labels")
        return context.labels, self.argument or ""

    def label(self) -> str:
        """Return the label line."""
        labels, title = self.words()
        kind: str = getattr(labels, self.NAME)
        return fill(labels.titled, kind=kind, title=title) if title else kind

    def on_create(self, parent: Element) -> Element:
        """Create the block with its label line and an empty body."""
        block = SubElement(parent, "div", {"class": f"block is-{self.NAME}", "role": "note"})
        SubElement(block, "p", {"class": "label"}).text = AtomicString(self.label())
        SubElement(block, "div", {"class": "flow-s"})
        return block

    def on_add(self, block: Element) -> Element:
        """Return the body, to which the text is added."""
        return block[-1]


class _Details(_Anatomy):
    NAME = "details"

    def label(self) -> str:
        """Return the title only, as the text of the summary."""
        labels, title = self.words()
        return title or labels.details

    def on_create(self, parent: Element) -> Element:
        """Create a disclosure that opens without script."""
        block = SubElement(parent, "details", {"class": f"block is-{self.NAME}"})
        SubElement(block, "summary", {"class": "label"}).text = AtomicString(self.label())
        SubElement(block, "div", {"class": "flow-s"})
        return block


class _Transcript(_Details):
    NAME = "transcript"

    def label(self) -> str:
        """Return the label line as the text of the summary."""
        return _Anatomy.label(self)


class _Country(_Anatomy):
    NAME = "country"

    def on_validate(self, parent: Element) -> bool:
        """Require a country code of two capital letters."""
        return super().on_validate(parent) and _COUNTRY.fullmatch(self.argument or "") is not None

    def label(self) -> str:
        """Return the label with the name of the country."""
        labels, code = self.words()
        return fill(labels.country, country=self.config["context"].countries.get(code, code))

    def on_create(self, parent: Element) -> Element:
        """Create the note, and mark it as a section of its own."""
        block = super().on_create(parent)
        block.attrib |= {KIND: "country", REF: self.argument}
        return block


class _CountryFacts(_Anatomy):
    NAME = "country-facts"

    def on_validate(self, parent: Element) -> bool:
        """Require names of facts."""
        return super().on_validate(parent) and _FACTS.fullmatch(self.argument or "") is not None

    def label(self) -> str:
        """Return the label only: the names are for the page."""
        return self.words()[0].country_facts

    def on_create(self, parent: Element) -> Element:
        """Create the block in which a page shows the facts, drawn as a country note elsewhere; a section of its own."""
        block = super().on_create(parent)
        block.attrib |= {"class": "block is-country", KIND: self.NAME, REF: self.argument}
        return block


class _Check(_Anatomy):
    NAME = "check"

    def on_validate(self, parent: Element) -> bool:
        """Require the id of an item."""
        return super().on_validate(parent) and _ITEM.fullmatch(self.argument or "") is not None

    def label(self) -> str:
        """Return the label only: the id is for the page."""
        return self.words()[0].check

    def on_create(self, parent: Element) -> Element:
        """Create the block in which a page shows the question, and mark it as a section of its own."""
        block = super().on_create(parent)
        block.attrib |= {KIND: "check", REF: self.argument}
        return block


class _OwnSection(_Anatomy):
    """A block that the page draws: keys at its beginning become attributes of the section, the rest is its text."""

    def label(self) -> str:
        """Return the title alone."""
        return self.words()[1]

    def on_create(self, parent: Element) -> Element:
        """Create the block, and mark it as a section of its own."""
        block = super().on_create(parent)
        block.set(KIND, self.NAME)
        return block

    def on_end(self, block: Element) -> None:
        """Take the keys out of the first paragraph."""
        body = block[-1]
        if not len(body) or body[0].tag != "p":
            return
        first = body[0]
        lines = (first.text or "").split("\n")
        while lines and (key := _KEY.fullmatch(lines[0].strip())):
            block.set(f"data-{key[1]}", key[2])
            lines.pop(0)
        if lines:
            first.text = "\n".join(lines)
        else:
            body.remove(first)


class _Desk(_OwnSection):
    NAME = "desk"


class _Worked(_OwnSection):
    NAME = "worked"


class _Card(_OwnSection):
    NAME = "card"


class _Audio(_OwnSection):
    NAME = "audio"


class LessonBlocks(BlocksExtension):
    """All block types of a lesson."""

    def __init__(self, context: RenderContext) -> None:
        super().__init__()
        self.context = context

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802 - the library's name
        """Register the types."""
        config = {"context": self.context}
        for name in NOTES:
            block_mgr.register(type(name.title(), (_Anatomy,), {"NAME": name}), config)
        for kind in (_Details, _Transcript, _Country, _CountryFacts, _Check, _Desk, _Worked, _Card, _Audio):
            block_mgr.register(kind, config)
