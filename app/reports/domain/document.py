"""A frozen report: sections of blocks in one language, as canonical JSON with its SHA-256.

Every form of a report (page, PDF, DOCX, XLSX) is drawn from this document alone, so that all of them agree. The JSON
has sorted keys, UTF-8 and no white space; equal documents have equal bytes.
"""

import hashlib
from enum import StrEnum

import msgspec

from app.kernel.shapes import ready

FORMAT = 1  # version of this structure; a frozen report of an older version is still drawn


class CellKind(StrEnum):
    """What a cell of a table contains."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"  # 0 to 100
    DATE = "date"  # ISO 8601
    STATUS = "status"


class Cell(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cell: the text as read, and the number or ISO date for a spreadsheet.

    `value` is None for texts, and for numbers that are not collected or not shown. `tone` is the shape of a status.
    """

    text: str
    kind: CellKind = CellKind.TEXT
    value: float | int | str | None = None
    tone: str = ""


class ReportColumn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A column with its head; `kind` decides about alignment and the format in a spreadsheet."""

    head: str
    kind: CellKind = CellKind.TEXT


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row; the first cell is its head. `code` is stable across reports (an indicator, country or course)."""

    cells: tuple[Cell, ...]
    code: str = ""
    is_total: bool = False


class ReportHeading(msgspec.Struct, frozen=True, kw_only=True, tag="heading"):
    """A heading below the title of the section."""

    text: str


class ReportParagraph(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="paragraph"):
    """A paragraph; `is_comment` is a text that the coordinators wrote, `is_note` a small remark."""

    text: str
    is_comment: bool = False
    is_note: bool = False


class Items(msgspec.Struct, frozen=True, kw_only=True, tag="items"):
    """A list of sentences."""

    texts: tuple[str, ...]


class Tile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure with its label, and the sentence below it."""

    label: str
    figure: Cell
    note: str = ""


class Tiles(msgspec.Struct, frozen=True, kw_only=True, tag="tiles"):
    """At most five figures beside each other."""

    tiles: tuple[Tile, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="table"):
    """A table with its caption; every row has as many cells as there are columns."""

    caption: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[Row, ...]
    note: str = ""


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a trend at the end of a month; None: not reported or not shown."""

    day: str  # ISO 8601
    value: float | None


class Series(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a trend; a forecast is drawn dashed."""

    name: str
    points: tuple[TrendPoint, ...]
    is_forecast: bool = False


class TrendBlock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="trend"):
    """A chart over time; `description` says in words what it shows and is the alternative text."""

    caption: str
    description: str
    unit: str
    series: tuple[Series, ...]
    target: float | None = None
    target_label: str = ""


class SignatureLines(msgspec.Struct, frozen=True, kw_only=True, tag="signatures"):
    """Lines to sign on paper, one for each label."""

    labels: tuple[str, ...]


Block = ReportHeading | ReportParagraph | Items | Tiles | Table | TrendBlock | SignatureLines


class Section(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a report that begins on a new page if `new_page`; its tables go to one sheet of the spreadsheet."""

    key: str  # stable: "summary", "outcome:OC1", "completion" ...
    title: str
    sheet: str  # at most 31 characters without []:*?/\\
    blocks: tuple[Block, ...]
    new_page: bool = True


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the cover."""

    label: str
    text: str


class ReportDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A frozen report in one language. `frozen_at` is a UTC time, `as_of` and period ends are days (ISO 8601)."""

    kind: str
    language: str
    title: str
    subtitle: str
    is_final: bool
    period_end: str
    as_of: str
    frozen_at: str
    sections: tuple[Section, ...]
    facts: tuple[Fact, ...] = ()
    compared_end: str = ""
    format: int = FORMAT


ready(ReportDocument)


def encode(document: ReportDocument) -> bytes:
    """Return the canonical JSON."""
    return msgspec.json.encode(document, order="sorted")


def decode(content: bytes) -> ReportDocument:
    """Return the document of canonical JSON. Raises msgspec.ValidationError if it is none."""
    return msgspec.json.decode(content, type=ReportDocument)


def digest(content: bytes) -> str:
    """Return the SHA-256 of canonical JSON as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
