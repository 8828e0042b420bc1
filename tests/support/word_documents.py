"""Word documents for tests: written by python-docx, with parts that are replaced or added afterwards."""

import io
import zipfile
from collections.abc import Mapping

import docx
from docx.document import Document

DOCUMENT = "word/document.xml"
WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


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
    """Return a document with this XML in its body; more namespaces than python-docx declares can be used."""
    content = saved(new_document())
    namespaces = {
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
    declared = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in namespaces.items())
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:document {declared}><w:body>{inside}</w:body></w:document>'
    return tampered(content, {DOCUMENT: xml.encode(), **(parts or {})})


def paragraph(text: str, *, properties: str = "") -> str:
    """Return the XML of a paragraph with escaped text."""
    return f"<w:p>{properties}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
