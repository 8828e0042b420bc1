"""Write the Word template for questions: instructions, examples and empty tables."""

import io
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, RGBColor
from docx.table import Table, _Cell

from app.catalogue.domain.items import ItemKind
from app.studio.domain.exchange.word_html import BLOCK_STYLES
from app.studio.domain.exchange.word_labels import LABELS, RowType
from app.studio.domain.exchange.word_template_texts import TEXTS, ExampleQuestion, ExampleRow, TemplateTexts

EMPTY_TABLES = 3
_RIGHT_TO_LEFT = frozenset({"ar"})
_WIDTHS = (Cm(3.5), Cm(8), Cm(5))
_GREY = RGBColor(0x59, 0x59, 0x59)
_EMPTY_ROWS: tuple[ExampleRow, ...] = (
    (RowType.QUESTION, "", ""),
    (RowType.COMPETENCY, "", ""),
    (RowType.RIGHT, "", ""),
    *(((RowType.WRONG, "", ""),) * 3),
    (RowType.HINT, "", ""),
    (RowType.GENERAL, "", ""),
    (RowType.SOURCE, "", ""),
)


def write_template(language: str = "en") -> bytes:
    """Return the .docx template for questions in a language; in English if there is none in that language."""
    language = language if language in TEXTS else "en"
    texts = TEXTS[language]
    document = new_template(language, texts.title)
    document.add_heading(texts.title, 0)
    for instruction in texts.instructions:
        document.add_paragraph(instruction, style="List Bullet")
    document.add_paragraph(texts.kinds % ", ".join(_kinds(language)))
    document.add_heading(texts.examples_heading, 1)
    for example in texts.examples:
        _add_example(document, example, texts, language)
    document.add_heading(texts.questions_heading, 1)
    for _ in range(EMPTY_TABLES):
        _add_table(document, ItemKind.SINGLE, _EMPTY_ROWS, language)
    return saved_template(document, language)


def _kinds(language: str) -> list[str]:
    return [names[0] for names in LABELS[language].kinds.values()]


def new_template(language: str, title: str) -> Document:
    """Return an empty document with the paragraph styles that become blocks of a lesson."""
    document = docx.Document()
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = title
    properties.language = language
    for name in BLOCK_STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
        style.paragraph_format.left_indent = Cm(1)
    return document


def _add_example(document: Document, example: ExampleQuestion, texts: TemplateTexts, language: str) -> None:
    rows = ((RowType.EXAMPLE, texts.example, ""), *example.rows)
    _add_table(document, example.kind, rows, language)


def _add_table(document: Document, kind: ItemKind, rows: Sequence[ExampleRow], language: str) -> None:
    """Add a table and the paragraph after it: without it, Word joins two tables."""
    position = next(n for n, (type_, _, _) in enumerate(rows, 1) if type_ is RowType.QUESTION)
    rows = [*rows[:position], (RowType.KIND, "", ""), *rows[position:]]
    table = document.add_table(len(rows), len(_WIDTHS), style="Table Grid")
    table.autofit = False
    for number, (type_, text, feedback) in enumerate(rows):
        label, middle, last = table.rows[number].cells
        label.text = LABELS[language].rows[type_][0]
        label.paragraphs[0].runs[0].bold = True
        if type_ is RowType.KIND:
            _add_choice(middle, kind, language)
        else:
            middle.text = text
        last.text = feedback
        if type_ is RowType.EXAMPLE:
            middle.paragraphs[0].runs[0].font.color.rgb = _GREY
    _set_widths(table)
    document.add_paragraph()


def _set_widths(table: Table) -> None:
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = width


def _add_choice(cell: _Cell, kind: ItemKind, language: str) -> None:
    """Add a list from which the kind is chosen; other programs show its text, which can be typed as well."""
    content = OxmlElement("w:sdtContent")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = LABELS[language].kinds[kind][0]
    run.append(text)
    content.append(run)
    choice = OxmlElement("w:sdt")
    properties = OxmlElement("w:sdtPr")
    properties.append(_list_of_kinds(language))
    choice.append(properties)
    choice.append(content)
    cell.paragraphs[0]._p.append(choice)  # noqa: SLF001 - python-docx has no lists to choose from


def _list_of_kinds(language: str) -> BaseOxmlElement:
    kinds = OxmlElement("w:dropDownList")
    for name in _kinds(language):
        entry = OxmlElement("w:listItem")
        entry.set(qn("w:displayText"), name)
        entry.set(qn("w:value"), name)
        kinds.append(entry)
    return kinds


def saved_template(document: Document, language: str) -> bytes:
    """Return a document as a file, written from right to left in the languages that are."""
    if language in _RIGHT_TO_LEFT:
        _turn(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _turn(document: Document) -> None:
    """Set the direction of all tables and paragraphs to right to left."""
    for table in document.tables:
        table.table_direction = WD_TABLE_DIRECTION.RTL
    for paragraph in document.element.body.iter(qn("w:p")):
        paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in paragraph.iter(qn("w:r")):
            run.get_or_add_rPr().append(OxmlElement("w:rtl"))
