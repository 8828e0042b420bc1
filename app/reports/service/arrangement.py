"""Arrange a frozen document for drawing: texts of its language, parts with addresses, charts, short tables."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from flask_babel import force_locale, format_datetime, gettext as _

from app.i18n.languages import direction
from app.reports.domain.document import Block, Fact, ReportDocument, Table, TrendBlock
from app.reports.service.trend_charts import ReportChart, chart_of

MOST_ROWS = 500  # of a table on pages; the spreadsheet has all rows
# what XML does not allow, and characters that turn the text around them; isolates stay, Arabic texts use them
_UNSAFE = re.compile("[\x00-\x08\x0b-\x0d\x0e-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff\ufffe\uffff]")
_LONG_WORD = re.compile(r"\S{24,}")  # may be broken after each piece: WeasyPrint needs seconds to break it anywhere
_PIECE = re.compile(r"\S{1,8}")
_GROUP = 4  # digits of a hash between spaces
_START = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLabels:
    """The texts that every report has, in the language of the document."""

    contents: str
    state: str
    hash_start: str
    hash_all: str
    frozen: str
    check: str
    page: str  # with \\x01 for the page and \\x02 for the number of pages
    target: str
    date: str
    figure: str
    meaning: str
    notes: str
    language: str
    as_of: str
    signed_on: str


@dataclass(frozen=True, slots=True)
class ArrangedBlock:
    """A block with its kind; `chart` of a trend, `rows_left_out` of a long table as a sentence or ""."""

    kind: str
    block: Block
    chart: ReportChart | None = None
    rows_left_out: str = ""


@dataclass(frozen=True, slots=True)
class ArrangedSection:
    """A section with the address of its heading."""

    address: str
    title: str
    new_page: bool
    blocks: Sequence[ArrangedBlock]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A document as it is drawn on pages; `hash_start` are the first 16 digits in groups."""

    document: ReportDocument
    direction: str
    labels: ReportLabels
    facts: Sequence[Fact]
    sections: Sequence[ArrangedSection]
    sha256: str
    hash_start: str

    def direction_of(self, text: str) -> str:
        """Return the direction of a short text by its first letter: that of numbers is from left to right."""
        return direction_of(text)


def arrange(document: ReportDocument, sha256: str) -> Arrangement:
    """Return the document as it is drawn on pages, with texts in its own language."""
    document = msgspec.structs.replace(_transformed(document, _broken), frozen_at=document.frozen_at)
    with force_locale(document.language.replace("-", "_")):
        labels = labels_of(document)
        return Arrangement(
            document=document,
            direction=direction(document.language),
            labels=labels,
            facts=document.facts,
            sections=[
                ArrangedSection(
                    f"section-{number}", section.title, section.new_page, [_block(block) for block in section.blocks]
                )
                for number, section in enumerate(document.sections, 1)
            ],
            sha256=sha256,
            hash_start=hash_start(sha256),
        )


def direction_of(text: str) -> str:
    """Return rtl or ltr by the first letter of a text."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def without_unsafe(document: ReportDocument) -> ReportDocument:
    """Return the document without characters that XML does not allow or that turn the text around them."""
    return _transformed(document, _safe)


def _transformed(document: ReportDocument, change: Callable[[str], str]) -> ReportDocument:
    """Return the document with a change of all its texts."""
    return msgspec.convert(_changed(msgspec.to_builtins(document), change), ReportDocument)


def _safe(text: str) -> str:
    return _UNSAFE.sub("", text)


def _broken(text: str) -> str:
    """Return a safe text with places at which very long words can be broken."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(_PIECE.findall(word[0])), _safe(text))


def hash_start(sha256: str) -> str:
    """Return the first 16 digits of a hash in groups of four."""
    return " ".join(sha256[n : n + _GROUP] for n in range(0, _START, _GROUP))


def labels_of(document: ReportDocument) -> ReportLabels:
    """Return the texts that every report has, in the current language."""
    return ReportLabels(
        contents=_("Contents"),
        state=_("Final") if document.is_final else _("Provisional"),
        hash_start=_("Check code"),
        hash_all=_("Full check code (SHA-256)"),
        frozen=_("The figures were frozen on %(moment)s UTC.", moment=_moment(document.frozen_at)),
        check=_("The data of this report are attached to the file. The check code shows whether they were changed."),
        page=_("Page %(page)s of %(pages)s", page="\x01", pages="\x02"),
        target=_("Target"),
        date=_("Date"),
        figure=_("Figure"),
        meaning=_("Meaning"),
        notes=_("Notes"),
        language=_("Language"),
        as_of=_("Data as of"),
        signed_on=_("Signature and date"),
    )


def _moment(value: str) -> str:
    """Return a UTC time in words."""
    return str(format_datetime(datetime.fromisoformat(value), "d MMMM y, HH:mm", rebase=False))


def _block(block: Block) -> ArrangedBlock:
    kind = str(block.__struct_config__.tag)
    if isinstance(block, TrendBlock):
        return ArrangedBlock(kind, block, chart=chart_of(block))
    if isinstance(block, Table) and len(block.rows) > MOST_ROWS:
        text = _(
            "The table shows the first %(shown)s of %(all)s rows. The spreadsheet contains all rows.",
            shown=MOST_ROWS,
            all=len(block.rows),
        )
        return ArrangedBlock(kind, msgspec.structs.replace(block, rows=block.rows[:MOST_ROWS]), rows_left_out=text)
    return ArrangedBlock(kind, block)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [_changed(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _changed(item, change) for key, item in value.items()}
    return value
