"""Data classes of a lesson: `LessonSource` and its `LessonOutline` of headings, blocks and references."""

from enum import StrEnum

import msgspec

PAGE_BYTES = 60 * 1024
COUNTRIES = frozenset({"AT", "AZ", "BA", "BD", "BG", "DE", "FR", "HU", "IQ", "MK", "NL", "PK", "RS"})  # the members


class BlockType(StrEnum):
    """The types of the blocks `/// type | title` ... `///`."""

    NOTE = "note"
    TIP = "tip"
    WARNING = "warning"
    SENSITIVE = "sensitive"
    SCENARIO = "scenario"
    DETAILS = "details"
    COUNTRY = "country"
    CHECK = "check"


class LessonSource(msgspec.Struct, frozen=True):
    """A lesson in one language. `body` is the Markdown after the title, without blank lines around it."""

    title: str
    body: str


class Heading(msgspec.Struct, frozen=True):
    level: int
    text: str
    line: int


class FencedBlock(msgspec.Struct, frozen=True):
    """A block `/// type | title`. The title is an item's id in a check, a country's code in a country note."""

    type: BlockType
    title: str
    line: int


class Mention(msgspec.Struct, frozen=True):
    """A source, term or address in the text. `words`: the place in a source, or the text shown for the id."""

    id: str
    line: int
    words: str = ""


class LessonOutline(msgspec.Struct, frozen=True):
    """Headings, blocks, citations, terms, links and pictures of a lesson. Lines count from 1 in the file."""

    headings: tuple[Heading, ...] = ()
    blocks: tuple[FencedBlock, ...] = ()
    citations: tuple[Mention, ...] = ()
    terms: tuple[Mention, ...] = ()
    links: tuple[Mention, ...] = ()
    pictures: tuple[Mention, ...] = ()

    def titles(self, kind: BlockType) -> list[FencedBlock]:
        """Return the blocks of one type, such as the checks or the country notes."""
        return [block for block in self.blocks if block.type is kind]
