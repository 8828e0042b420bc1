"""Data classes of the documents of a course: `Document` with its numbered units, `DocumentFacts` of `documents.toml`.

A unit is the smallest part that can be marked, cited or proved; its number is the same in every language.
"""

from datetime import date
from enum import StrEnum

import msgspec

from app.access.policy import Sensitivity


class DocumentKind(StrEnum):
    ADVERT = "advert"
    CHAT = "chat"
    PAYSLIP = "payslip"
    CONTRACT = "contract"
    LETTER = "letter"
    TABLE = "table"
    STATEMENT = "statement"
    FORM = "form"
    WEBPAGE = "webpage"
    POST = "post"
    LOG = "log"
    TRANSCRIPT = "transcript"
    NOTE = "note"
    LIST = "list"


class DocumentForm(StrEnum):
    """Where a document is used: A in lessons and pre-tests, B in tests, reserve in watched checks, none anywhere."""

    A = "A"
    B = "B"
    RESERVE = "reserve"
    NONE = "none"


class DocumentStatus(StrEnum):
    AS_FOUND = "as_found"
    TRANSLATION = "translation"
    COPY = "copy"
    EXTRACT = "extract"


class PartKind(StrEnum):
    """How the units of a part are drawn."""

    PARAGRAPHS = "paragraphs"
    LIST = "list"
    TURNS = "turns"  # of a chat, transcript or post
    TABLE = "table"
    FIELDS = "fields"  # rows of a form
    MARGIN = "margin"  # a hand-written note, a stamp or a sticker


class Unit(msgspec.Struct, frozen=True):
    """A numbered unit. `cells` are the cells of a row, or one text; Markdown of one line, without the name.

    `name` is for writers only and never reaches a page. `time` and `speaker` belong to a turn. A field has two cells:
    label and entry; an empty entry can be filled.
    """

    number: int
    cells: tuple[str, ...]
    name: str = ""
    time: str = ""
    speaker: str = ""


class DocumentPart(msgspec.Struct, frozen=True):
    """Units that are drawn together. `title` is the heading before them; `heads` are the column titles of a table."""

    kind: PartKind
    units: tuple[Unit, ...]
    title: str = ""
    heads: tuple[str, ...] = ()
    ordered: bool = False  # a numbered list


class Document(msgspec.Struct, frozen=True):
    """A document in one language. `columns`: languages of the left and right column of a contract."""

    id: str
    kind: DocumentKind
    title: str
    parts: tuple[DocumentPart, ...]
    date: str = ""
    sender: str = ""  # the key `from`
    to: str = ""
    place: str = ""
    status: DocumentStatus | None = None
    dir: str = ""  # ltr or rtl; empty: as the language
    columns: tuple[str, str] | None = None
    note: str = ""

    @property
    def units(self) -> tuple[Unit, ...]:
        """Return all units in the order of their numbers."""
        return tuple(unit for part in self.parts for unit in part.units)


class DocumentFacts(msgspec.Struct, frozen=True):
    """A table of `documents.toml`. `courses`: ids of the courses that use a shared document."""

    id: str
    slug: str
    kind: DocumentKind
    sensitivity: Sensitivity
    form: DocumentForm
    family: str = ""
    courses: tuple[str, ...] = ()
    warning: int = 0
    checked_fiction_on: date | None = None
    sources: tuple[str, ...] = ()


class CourseDocument(msgspec.Struct, frozen=True):
    """A document of a course with its texts by language; `shared`: it is in `courses/documents/`."""

    facts: DocumentFacts
    texts: dict[str, Document] = {}
    shared: bool = False
