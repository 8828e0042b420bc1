"""Write and read a translation as a Word document: a table of ids, source blocks and translated blocks."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Final
from xml.parsers import expat
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl, CT_Tc
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import _Cell
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from app.studio.domain.exchange.archive import WORD_LIMITS, RefusedFileError, unpack
from app.studio.domain.exchange.translation_units import (
    MAX_UNITS,
    ImportedUnit,
    TranslationFile,
    check_units,
    exported_blocks,
    parse_unit_id,
    xml_text,
)

_WRITTEN: Final = datetime(2000, 1, 1, tzinfo=UTC)  # equal drafts give equal documents
_COLUMNS: Final = 3
# text elements of a paragraph; "": the text of the element
_SIGNS: Final = {
    qn("w:t"): "", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"
}  # fmt: skip
_HINT = "Export the translation, fill in the third column, then import that file."


def write_table(file: TranslationFile) -> bytes:
    """Return the Word document; its first paragraph names the translation, its first row the languages."""
    document = Document()
    properties = document.core_properties
    properties.author, properties.comments, properties.title = "", "", file.path
    properties.created = properties.modified = _WRITTEN
    document.add_paragraph(file.path)
    blocks = exported_blocks(file.translation)
    table = document.add_table(rows=len(blocks) + 1, cols=3, style="Table Grid")
    rows = [("id", file.source_language, file.language)]
    rows += [(name, xml_text(block.source.text), xml_text(block.target)) for name, block in blocks]
    directions = ("ltr", file.source_direction, file.direction)
    for column, column_direction in enumerate(directions):
        for cell, row in zip(table.column_cells(column), rows, strict=True):
            _write(cell, row[column], is_rtl=column_direction == "rtl")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _write(cell: _Cell, text: str, *, is_rtl: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    if is_rtl:
        paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run.font.rtl = True


def read_table(content: bytes, path: str, language: str) -> list[ImportedUnit]:
    """Return the translated rows of a Word document for the translation at `path`; raise RefusedFileError."""
    for name, part in unpack(content, WORD_LIMITS).items():
        if name.endswith((".xml", ".rels")):
            _check_declarations(part)
    document = _document(content)
    if not document.paragraphs or document.paragraphs[0].text.strip() != path:
        raise RefusedFileError(
            "The document is not the translation of this text.",
            "Its first paragraph names the text. Import it at the desk of that text.",
        )
    tables = document.element.body.tbl_lst
    if not tables:
        raise RefusedFileError("The document has no table.", _HINT)
    units = _units(tables[0], language)
    check_units(units)
    return units


def _check_declarations(part: bytes) -> None:
    """Refuse a part with a DOCTYPE or entities, or one that is not XML."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_declaration
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise RefusedFileError("The document is damaged.", "Open it in Word, and save it again.") from error


def _refuse_declaration(*_declaration: object) -> None:
    raise RefusedFileError("The document contains a declaration (DOCTYPE) that is not allowed.", _HINT)


def _document(content: bytes) -> DocumentObject:
    try:
        return Document(BytesIO(content))
    except (OpcError, BadZipFile, LxmlError, KeyError, ValueError, AttributeError) as error:
        raise RefusedFileError("The document is damaged.", "Open it in Word, and save it again.") from error


def _units(table: CT_Tbl, language: str) -> list[ImportedUnit]:
    """Return the translated rows."""
    rows = _rows(table)
    heads = rows.pop(0) if rows else []
    if len(heads) != _COLUMNS:
        raise RefusedFileError("The table of the document does not have the three columns of the export.", _HINT)
    if heads[2].strip() != language:
        hint = "The third cell of the first row names the language. Import the file at the desk of that language."
        raise RefusedFileError("The document is a translation into another language.", hint)
    units = [_unit(row) for row in rows if len(row) == _COLUMNS]
    return [unit for unit in units if unit]


def _rows(table: CT_Tbl) -> list[list[str]]:
    """Return the texts of the cells as they are in the file: one cell may claim to be millions of columns wide."""
    return [[_text(cell) for cell in row.tc_lst] for row in table.tr_lst[: MAX_UNITS + 2]]


def _unit(row: list[str]) -> ImportedUnit | None:
    """Return the unit of a row, or None for a row of the translator or a block that is not translated."""
    name = parse_unit_id(row[0])
    return ImportedUnit(*name, row[2]) if name and row[2].strip() else None


def _text(cell: CT_Tc) -> str:
    """Return the text of a cell with inserted text and without deleted text, if changes were tracked."""
    return "\n".join("".join(map(_sign, paragraph.iter(*_SIGNS))) for paragraph in cell.iter(qn("w:p")))


def _sign(element: BaseOxmlElement) -> str:
    if any(parent.tag == qn("w:moveFrom") for parent in element.iterancestors()):
        return ""
    return _SIGNS[str(element.tag)] or element.text or ""
