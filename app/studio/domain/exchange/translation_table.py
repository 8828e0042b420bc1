"""Write and read a translation as a Word document: a table with the id, the source and the translation of each block."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Final
from xml.parsers import expat
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.table import Table, _Cell
from lxml.etree import LxmlError

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
    cells = list(table._cells)  # `table.cell` and `row.cells` read the whole table each time
    directions = ("ltr", file.source_direction, file.direction)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            _write(cells[3 * number + column], text, is_rtl=directions[column] == "rtl")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _write(cell: _Cell, text: str, *, is_rtl: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    if is_rtl:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


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
    if not document.tables:
        raise RefusedFileError("The document has no table.", _HINT)
    units = _units(document.tables[0], language)
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


def _units(table: Table, language: str) -> list[ImportedUnit]:
    cells = list(table._cells)
    columns = len(table.columns)
    if columns != 3 or len(cells) > 3 * (MAX_UNITS + 1):
        raise RefusedFileError("The table of the document does not have the three columns of the export.", _HINT)
    if cells[2].text.strip() != language:
        hint = "The third cell of the first row names the language. Import the file at the desk of that language."
        raise RefusedFileError("The document is a translation into another language.", hint)
    units = []
    for start in range(3, len(cells) - 2, 3):
        name = parse_unit_id(cells[start].text)
        if name and cells[start + 2].text.strip():
            units.append(ImportedUnit(*name, cells[start + 2].text))
    return units
