"""Open a Word document as parts: only checked XML is passed on, pictures by name; other content is counted."""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from app.studio.domain.exchange.archive import WORD_LIMITS, RefusedFileError, unpack

MOST_XML_BYTES = 12 * 1024 * 1024
MOST_NODES = 250_000  # elements and attributes of all parts together: about 10 seconds and 300 MB
DEEPEST = 100
_TYPES = "[Content_Types].xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_IN_MARGIN = re.compile(r"word/(?:header|footer)\d*\.xml")
_NOT_SHOWN = re.compile(r"word/(?:(?:styles\w*|numbering|settings)\.xml|glossary/.*)|(?!word/).*")
_ENDINGS = (".xml", ".rels")
_COUNTED = frozenset(
    {"txbx", "textbox", "wsp", "oMath", "chart", "relIds", "OLEObject", "altChunk", "ins", "del", "moveTo", "vanish"}
)
_HINT = "Open it in the program that made it, and save it again as a Word document (.docx)."


@dataclass(frozen=True, slots=True)
class WordParts:
    """A document that was checked.

    `package` is a ZIP archive with the XML parts; each other file contains its path only. `files` are these files by
    path. `counts` are elements of the text by local name, and `columns`, `margin` (headers, footers), `outside` (links
    to files).
    """

    package: bytes
    files: Mapping[str, bytes]
    counts: Mapping[str, int]


def open_word(content: bytes) -> WordParts:
    """Return the parts of a .docx file; raise RefusedFileError for other files, macros and limits."""
    files = unpack(content, WORD_LIMITS)
    _check_type(files)
    xml = {name: part for name, part in files.items() if name.lower().endswith(_ENDINGS)}
    if sum(map(len, xml.values())) > MOST_XML_BYTES:
        raise _too_long()
    counts: Counter[str] = Counter()
    for name, part in xml.items():
        _scan(name, part, counts)
    others = {name: part for name, part in files.items() if name not in xml}
    return WordParts(_package(xml, others), others, counts)


def _check_type(files: Mapping[str, bytes]) -> None:
    types = files.get(_TYPES)
    if types is None:
        raise RefusedFileError("The file is not a Word document.", "Save it as a Word document (.docx).")
    if _MACROS.search(types) or any("vbaproject" in name.lower() for name in files):
        raise RefusedFileError("The document contains macros.", "Save it as a Word document without macros (.docx).")
    if _WORD.encode() not in types:
        raise RefusedFileError("The file is not a Word document.", "Save it as a Word document (.docx).")


def _too_long() -> RefusedFileError:
    return RefusedFileError("The document is too long.", "Divide it into several documents.")


class _Scanner:
    """Count the elements of a part; refuse what may not be in it."""

    def __init__(self, name: str, counts: Counter[str]) -> None:
        self._counts = counts
        self._depth = 0
        self._is_margin = _IN_MARGIN.fullmatch(name) is not None
        self._is_shown = not self._is_margin and _NOT_SHOWN.fullmatch(name) is None
        self._is_text = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        local = name.rpartition(" ")[2]
        self._depth += 1
        self._counts["nodes"] += 1 + len(attributes)
        if self._counts["nodes"] > MOST_NODES:
            raise _too_long()
        if self._depth > DEEPEST:
            raise RefusedFileError("The document has tables or shapes too deep inside each other.", "Simplify it.")
        self._is_text = self._is_margin and local == "t"
        self._count(local, attributes)

    def _count(self, local: str, attributes: Mapping[str, str]) -> None:
        if local in _COUNTED and self._is_shown:
            self._counts[local] += 1
        elif local == "cols":
            self._counts["columns"] += _has_columns(attributes)
        elif local == "Relationship":
            self._counts["outside"] += _is_outside(attributes)

    def end(self, _name: str) -> None:
        """Handle the end of an element."""
        self._depth -= 1
        self._is_text = False

    def text(self, text: str) -> None:
        """Handle text: a header or footer counts once if it has any."""
        if self._is_text and text.strip():
            self._counts["margin"] += 1
            self._is_margin = self._is_text = False


def _has_columns(attributes: Mapping[str, str]) -> bool:
    number = next((value for name, value in attributes.items() if name.endswith(" num")), "1")
    return number not in {"0", "1"}


def _is_outside(attributes: Mapping[str, str]) -> bool:
    """Return whether a relationship names a file outside the document; ordinary links are not meant."""
    is_link = posixpath.basename(attributes.get("Type", "")) == "hyperlink"
    return attributes.get("TargetMode", "").lower() == "external" and not is_link


def _refuse_type(*_declaration: object) -> None:
    raise RefusedFileError("The document contains a declaration (DOCTYPE) that is not allowed.", _HINT)


def _scan(name: str, part: bytes, counts: Counter[str]) -> None:
    scanner = _Scanner(name, counts)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_type
    parser.StartElementHandler = scanner.begin
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged() from error


def damaged() -> RefusedFileError:
    """Return the refusal of a document that cannot be read."""
    return RefusedFileError("The document is damaged.", _HINT)


def _package(xml: Mapping[str, bytes], others: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in xml.items():
            archive.writestr(name, part)
        for name in others:
            archive.writestr(name, name)
    return file.getvalue()
