"""Word documents for tests: written by python-docx, with parts that are replaced or added afterwards."""

import io
import zipfile
from collections.abc import Mapping

import docx
from docx.document import Document

DOCUMENT = "word/document.xml"
WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

_NAMESPACES = {
    "w": WORD_NAMESPACE,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
_STYLES = {
    "Normal": "Normal",
    "Title": "Title",
    **{f"Heading{level}": f"heading {level}" for level in range(1, 7)},
    "Quote": "Quote",
    "ListBullet": "List Bullet",
    "ListBullet2": "List Bullet 2",
    "ListNumber": "List Number",
    "ListNumber2": "List Number 2",
}
_NUMBERS = {"List Bullet": 1, "List Number": 2}
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = f'<Relationships xmlns="{_PACKAGE}/relationships">'


def _relation(name: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_NAMESPACES["r"]}/{name}" Target="{target}"/>'


def _style(style_id: str, name: str) -> str:
    number = _NUMBERS.get(name)
    properties = f'<w:pPr><w:numPr><w:numId w:val="{number}"/></w:numPr></w:pPr>' if number else ""
    return f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>{properties}</w:style>'


def _numbering(number: int, kind: str) -> str:
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/></w:lvl>'
    return f'<w:abstractNum w:abstractNumId="{number}">{level}</w:abstractNum>'


_SMALL_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    f'<Override PartName="/{DOCUMENT}" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_TYPE}.numbering+xml"/></Types>',
    "_rels/.rels": f"{_RELATIONS}{_relation('officeDocument', DOCUMENT)}</Relationships>",
    "word/_rels/document.xml.rels": f"{_RELATIONS}{_relation('styles', 'styles.xml')}"
    f"{_relation('numbering', 'numbering.xml')}</Relationships>",
    "word/styles.xml": f'<w:styles xmlns:w="{WORD_NAMESPACE}">'
    f"{''.join(_style(style_id, name) for style_id, name in _STYLES.items())}</w:styles>",
    "word/numbering.xml": f'<w:numbering xmlns:w="{WORD_NAMESPACE}">{_numbering(1, "bullet")}{_numbering(2, "decimal")}'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    "</w:numbering>",
}


def new_document() -> Document:
    """Return an empty document."""
    return docx.Document()


def saved(document: Document) -> bytes:
    """Return a document as a file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def tampered(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a document with parts replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return file.getvalue()


def part_of(content: bytes, name: str = DOCUMENT) -> str:
    """Return the text of a part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def with_body(inside: str, *, parts: Mapping[str, bytes] | None = None) -> bytes:
    """Return a small document with this XML in its body; `parts` replace or add parts. Read faster than `saved`."""
    declared = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _NAMESPACES.items())
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:document {declared}><w:body>{inside}</w:body></w:document>'
    file = io.BytesIO()
    all_parts: dict[str, str | bytes] = {**_SMALL_PARTS, DOCUMENT: xml, **(parts or {})}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in all_parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def paragraph(text: str, *, properties: str = "") -> str:
    """Return the XML of a paragraph with escaped text."""
    return f"<w:p>{properties}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
