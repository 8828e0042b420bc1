"""Find the frozen JSON inside an uploaded report: sizes are limited, and XML with a DOCTYPE is not read."""

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from app.kernel.archives import ArchiveError, ArchiveLimits, unpack
from app.reports.service.embedding import CHUNK_MARK, NAMESPACE, decoded, joined_chunks

_MEGA = 1024 * 1024
MOST_BYTES = 30 * _MEGA  # of a file
MOST_JSON_BYTES = 20 * _MEGA
_LIMITS = ArchiveLimits(packed=MOST_BYTES, unpacked=60 * _MEGA, entries=500, ratio=400)  # tables repeat a lot
_STRINGS = "xl/sharedStrings.xml"
_CUSTOM = re.compile(r"customXml/item\d{1,6}\.xml")
_EMBEDDED = b"/EmbeddedFile"
_BEGIN = re.compile(rb">>\s{0,4}stream\r?\n")
_DICTIONARY = 2_000  # bytes before and after the type of a stream in which its dictionary begins and ends
_MOST_TRIES = 50
_MOST_ELEMENTS = 400_000  # of a part


def frozen_json(content: bytes) -> bytes | None:
    """Return the JSON inside a PDF, DOCX or XLSX file, None if there is none or the file exceeds a limit."""
    if len(content) > MOST_BYTES:
        return None
    if content.startswith(b"%PDF-"):
        return _of_pdf(content)
    try:
        files = unpack(content, _LIMITS)
        return _of_package(files)
    except (ArchiveError, DefusedXmlException, ParseError, ValueError):
        return None


def _of_pdf(content: bytes) -> bytes | None:
    """Return the first embedded file that is JSON.

    Streams are never inside other streams, so their dictionaries are found without reading the structure of the file.
    """
    position = content.find(_EMBEDDED)
    for _try in range(_MOST_TRIES):
        if position < 0:
            return None
        begin = _BEGIN.search(content, position, position + _DICTIONARY)
        if begin is not None:
            dictionary = content[content.rfind(b"obj", max(0, position - _DICTIONARY), position) : begin.start()]
            file = _stream(content, begin.end(), is_packed=b"/FlateDecode" in dictionary)
            if file is not None and file.startswith(b"{"):
                return file
        position = content.find(_EMBEDDED, position + 1)
    return None


def _stream(content: bytes, start: int, *, is_packed: bool) -> bytes | None:
    """Return the bytes of a stream, None if it is damaged or too large."""
    if not is_packed:
        end = content.find(b"endstream", start)
        return None if end < 0 else content[start:end].rstrip(b"\r\n")
    unpacker = zlib.decompressobj()
    try:
        file = unpacker.decompress(memoryview(content)[start:], MOST_JSON_BYTES)
    except zlib.error:
        return None
    return file if unpacker.eof else None


def _of_package(files: Mapping[str, bytes]) -> bytes | None:
    if _STRINGS in files:
        return joined_chunks([text for text in _texts(files[_STRINGS]) if text.startswith(f"{CHUNK_MARK} ")])
    for name, part in files.items():
        if _CUSTOM.fullmatch(name) and NAMESPACE.encode() in part:
            return _of_custom_part(part)
    return None


def _of_custom_part(part: bytes) -> bytes | None:
    for element in _elements(part):
        if element.tag == f"{{{NAMESPACE}}}report":
            return decoded(element.text or "")
    return None


def _texts(part: bytes) -> Iterator[str]:
    """Yield the texts of a part of a spreadsheet."""
    for element in _elements(part):
        if element.tag.endswith("}t"):
            yield element.text or ""
            element.clear()


def _elements(part: bytes) -> Iterator[Element]:
    """Yield the elements of a part while it is read. Raises ValueError if there are too many."""
    for number, (_event, element) in enumerate(iterparse(io.BytesIO(part), forbid_dtd=True)):
        if number > _MOST_ELEMENTS:
            raise ValueError
        yield element
