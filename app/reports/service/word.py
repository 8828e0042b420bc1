"""A report as DOCX by python-docx: headings, tables with repeated heads, charts as pictures with alternative text."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from app.reports.domain.document import (
    Items,
    ReportDocument,
    ReportHeading,
    ReportParagraph,
    SignatureLines,
    Table,
    Tiles,
    TrendBlock,
)
from app.reports.service import word_parts
from app.reports.service.arrangement import ArrangedBlock, ArrangedSection, Arrangement, arrange
from app.reports.service.pdf import draw_charts
from app.reports.service.trend_figures import figures_of
from app.reports.service.word_parts import Script
from app.reports.service.word_tables import add_facts, add_table, add_tiles

_LANDSCAPE = "donor"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPage:
    """A Word document while it is filled; `pictures` are the charts that follow, empty without Pango."""

    word: WordDocument
    layout: Arrangement
    script: Script
    width: int  # of the text, in English metric units
    pictures: Iterator[bytes]

    def add(self, text: str, style: str = "Normal") -> Any:
        """Append a paragraph in the direction of the document."""
        paragraph = self.word.add_paragraph(style=style)
        self.run(paragraph, text)
        word_parts.direct(paragraph, self.script)
        return paragraph

    def run(self, paragraph: Any, text: str) -> Any:
        """Append a run; short texts of numbers or Latin letters keep their own direction."""
        run = paragraph.add_run(text)
        if self.layout.direction_of(text) == "rtl":
            word_parts.direct_run(run, self.script)
        return run


def draw_word(document: ReportDocument, content: bytes, sha256: str) -> bytes:
    """Return the report as DOCX with its JSON inside. Without Pango, charts are tables of their figures."""
    layout = arrange(document, sha256)
    script = Script(document.language, layout.direction == "rtl")
    word = docx.Document()
    width = _prepare_pages(word, layout, script)
    charts = [block for section in layout.sections for block in section.blocks if block.kind == "trend"]
    pictures = iter(draw_charts(charts, document.language, layout.document.title))
    page = WordPage(word=word, layout=layout, script=script, width=width, pictures=pictures)
    _add_cover(page)
    for number, section in enumerate(layout.sections, 1):
        _add_section(page, section, number)
    _add_check_code(page)
    word_parts.embed_json(word, content, sha256)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _prepare_pages(word: WordDocument, layout: Arrangement, script: Script) -> int:
    """Set styles, properties, paper, header and footer; return the width of the text."""
    word_parts.prepare_styles(word, script)
    _set_properties(word, layout)
    section: Any = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if layout.document.kind.startswith(_LANDSCAPE):
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.different_first_page_header_footer = False
    word_parts.direct_section(section, script)
    width = int(section.page_width - section.left_margin - section.right_margin)
    _fill_margin(section.header.paragraphs[0], (layout.document.title, layout.labels.state), script, width)
    footer = section.footer.paragraphs[0]
    _fill_margin(footer, (f"{layout.labels.hash_start}: \u2068{layout.hash_start}\u2069", ""), script, width)
    _add_page_number(footer, layout.labels.page)
    return width


def _fill_margin(paragraph: Any, texts: tuple[str, str], script: Script, width: int) -> None:
    """Write a text at the start and another one at the end of a header or footer."""
    paragraph.style = "Report note"
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    for text in (texts[0], "\t", texts[1]):
        word_parts.direct_run(paragraph.add_run(text), script)
    word_parts.direct(paragraph, script)


def _add_page_number(paragraph: Any, pattern: str) -> None:
    """Append the page and the number of pages as fields."""
    before, _sign, after = pattern.partition("\x01")
    between, _sign, end = after.partition("\x02")
    paragraph.add_run(before)
    word_parts.add_field(paragraph, "PAGE")
    paragraph.add_run(between)
    word_parts.add_field(paragraph, "NUMPAGES")
    if end:
        paragraph.add_run(end)


def _set_properties(word: WordDocument, layout: Arrangement) -> None:
    document, properties = layout.document, word.core_properties
    properties.title, properties.subject = document.title[:255], document.subtitle[:255]
    properties.author, properties.last_modified_by = "COLEP Academy", "COLEP Academy"
    properties.language, properties.identifier = document.language, layout.sha256
    properties.comments = ""
    properties.created = properties.modified = datetime.fromisoformat(document.frozen_at)


def _add_cover(page: WordPage) -> None:
    layout = page.layout
    brand = page.add("COLEP Academy")
    brand.runs[0].font.color.rgb = word_parts.ACCENT
    brand.paragraph_format.space_after = Pt(60)
    page.add(layout.document.title, "Title")
    if layout.document.subtitle:
        word_parts.resize(page.add(layout.document.subtitle).runs[0], 14)
    word_parts.resize(page.add(layout.labels.state).runs[0], 11, is_bold=True)
    facts = [(fact.label, fact.text) for fact in layout.facts]
    add_facts(page, [*facts, (layout.labels.hash_start, layout.hash_start)])
    page.add(layout.labels.contents, "Caption")
    for number, section in enumerate(layout.sections, 1):
        paragraph = page.word.add_paragraph()
        run = word_parts.add_link(paragraph, section.title, f"section_{number}")
        word_parts.direct(paragraph, page.script)
        word_parts.direct_run(run, page.script)


def _add_section(page: WordPage, section: ArrangedSection, number: int) -> None:
    heading = page.add(section.title, "Heading 1")
    heading.paragraph_format.page_break_before = section.new_page or number == 1
    word_parts.add_bookmark(heading, f"section_{number}", number)
    for block in section.blocks:
        _add_block(page, block)


def _add_block(page: WordPage, arranged: ArrangedBlock) -> None:
    block = arranged.block
    match block:
        case ReportHeading() | ReportParagraph() | Items() | SignatureLines():
            _add_texts(page, block)
        case Tiles():
            add_tiles(page, block)
        case Table():
            add_table(page, block, arranged.rows_left_out)
        case TrendBlock():
            _add_trend(page, block)
        case _:
            assert_never(block)


def _add_texts(page: WordPage, block: ReportHeading | ReportParagraph | Items | SignatureLines) -> None:
    match block:
        case ReportHeading():
            page.add(block.text, "Heading 2")
        case ReportParagraph():
            _add_paragraphs(page, block)
        case Items():
            _add_items(page, block)
        case SignatureLines():
            _add_signatures(page, block.labels)
        case _:
            assert_never(block)


def _add_items(page: WordPage, block: Items) -> None:
    for text in block.texts:
        page.add(text, "List Bullet")


def _add_paragraphs(page: WordPage, block: ReportParagraph) -> None:
    for text in block.text.split("\n"):
        if text.strip():
            page.add(text, "Report note" if block.is_note else "Normal")


def _add_trend(page: WordPage, block: TrendBlock) -> None:
    picture = next(page.pictures, None)
    if picture is None:
        add_table(page, figures_of(block, page.layout.labels.date), "")
        return
    page.add(block.caption, "Caption")
    paragraph = page.word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=min(page.width, Mm(174)))
    word_parts.describe_picture(shape, block.description, len(page.word.inline_shapes))
    page.add(block.description, "Report note")


def _add_signatures(page: WordPage, labels: Sequence[str]) -> None:
    for label in labels:
        paragraph = page.add(label)
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(36), Pt(42)
        paragraph.paragraph_format.keep_with_next = True
        page.add("_" * 60)
        page.add(page.layout.labels.signed_on, "Report note")


def _add_check_code(page: WordPage) -> None:
    page.add(page.layout.labels.hash_all, "Heading 2")
    page.add(page.layout.sha256)
    for text in (page.layout.labels.frozen, page.layout.labels.check):
        page.add(text, "Report note")
