"""Data classes of a lesson: `LessonSource` and its `LessonOutline` of headings, blocks and references.

They exist while a course is read, checked and translated (`lesson_reader`, `lesson_outline`, `folder_checks`) and are
never stored; the HTML of lessons is made by `app.markup`. Tests: `tests/catalogue/test_lesson_reader.py`.
"""

from enum import StrEnum

import msgspec

PAGE_BYTES = 60 * 1024  # the limit of a lesson and of `course.<language>.md`
# the member countries, also in `service.preparation` and, with time zones, in `app.operations.domain`
COUNTRIES = frozenset({"AT", "AZ", "BA", "BD", "BG", "DE", "FR", "HU", "IQ", "MK", "NL", "PK", "RS"})


class BlockType(StrEnum):
    """Types of the blocks `/// type | title` ... `///`; a new type also needs `blocks` and `clean` of `markup`."""

    NOTE = "note"
    TIP = "tip"
    WARNING = "warning"
    SENSITIVE = "sensitive"
    SCENARIO = "scenario"
    DETAILS = "details"
    TRANSCRIPT = "transcript"
    COUNTRY = "country"
    COUNTRY_FACTS = "country-facts"
    CHECK = "check"
    DESK = "desk"
    WORKED = "worked"
    CARD = "card"
    AUDIO = "audio"


class LessonSource(msgspec.Struct, frozen=True):
    """A lesson in one language. `body` is the Markdown after the title, without blank lines around it."""

    title: str
    body: str


class Heading(msgspec.Struct, frozen=True):
    level: int
    text: str
    line: int


class FencedBlock(msgspec.Struct, frozen=True):
    """A block `/// type | title`. The title is an item's id in a check, a country's code in a country note.

    In a block of facts on the reader's country it has names of facts, such as "offence, child".
    `body` are the lines up to its end; `lesson_blocks` reads the keys of a desk, a worked example and a recording.
    """

    type: BlockType
    title: str
    line: int
    body: str = ""


class Mention(msgspec.Struct, frozen=True):
    """A source, term or address in the text. `label`: passage of a source, text of a term, description of a picture."""

    id: str
    line: int
    label: str = ""


class LessonOutline(msgspec.Struct, frozen=True):
    """Headings, blocks, citations, terms, links and pictures of a lesson. Lines count from 1 in the file.

    `documents` are links to lines of documents, such as `SF-D10:3`.
    """

    headings: tuple[Heading, ...] = ()
    blocks: tuple[FencedBlock, ...] = ()
    citations: tuple[Mention, ...] = ()
    terms: tuple[Mention, ...] = ()
    links: tuple[Mention, ...] = ()
    pictures: tuple[Mention, ...] = ()
    documents: tuple[Mention, ...] = ()

    def titles(self, kind: BlockType) -> list[FencedBlock]:
        """Return the blocks of one type, such as the checks or the country notes."""
        return [block for block in self.blocks if block.type is kind]
