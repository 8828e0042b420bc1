"""The guard before openpyxl: a book is written anew with what its cells need, as openpyxl follows whatever a file says.

What is not in `_KEPT` never gets there: formulas, links of cells, tables, drawings, macros, names, rules of validity.
"""

import io
import posixpath
import zipfile
import zlib
from collections import Counter
from typing import IO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from openpyxl.worksheet.cell_range import CellRange
from openpyxl.xml.constants import SHEET_MAIN_NS

from app.intake.domain.grid import Trouble, UnreadableError

MOST_PARTS = 500
MOST_UNPACKED = 32 * 1024 * 1024
MOST_RATIO = 100
SMALL = 256 * 1024  # below, a part may be as regular as it likes
LONGEST = 200  # signs of a path or an attribute
DEEPEST = 64
MOST_ELEMENTS = 600_000  # of all parts together: cells that are coloured and empty count, too
MOST_CELLS = 150_000  # with something in them; openpyxl takes some seconds for as many
MOST_OTHERS = 10_000  # of each other element
MOST_MERGED = 20_000  # cells
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, TypeError, ArithmeticError, LookupError)
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of files under a password
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ROOTS = frozenset({"Types", "Relationships", "workbook", "sst", "styleSheet", "worksheet"})
_KEPT = {  # elements, with their attributes
    "Types": (), "Default": ("Extension", "ContentType"), "Override": ("PartName", "ContentType"),
    "Relationships": (), "Relationship": ("Id", "Type", "Target"),
    "workbook": (), "sheets": (), "sheet": ("name", "sheetId", "state", "id"),
    "sst": (), "si": (), "r": (), "t": (),
    "styleSheet": (), "numFmts": (), "numFmt": ("numFmtId", "formatCode"), "cellXfs": (), "xf": ("numFmtId",),
    "worksheet": (), "cols": (), "col": ("min", "max", "hidden"), "sheetData": (), "row": ("r", "hidden"),
    "c": ("r", "s", "t"), "f": (), "v": (), "is": (), "mergeCells": (), "mergeCell": ("ref",),
}  # fmt: skip
_MANY = frozenset({"row", "c", "f", "v", "is", "si", "r", "t"})
_TEXTS = frozenset({"v", "t"})
_PLAIN_STYLE = (  # openpyxl asks for fonts and the like of a style, and for the one called normal
    "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
    '<cellStyleXfs><xf/></cellStyleXfs><cellStyles><cellStyle name="Normal" xfId="0"/></cellStyles>'
)


class _OtherPartError(Exception):
    """A part is none that cells need."""


class _Guard:
    """What was seen of a file so far."""

    def __init__(self) -> None:
        self.seen = 0
        self.merged = 0
        self.kept: Counter[str] = Counter()

    def see(self) -> None:
        """Count an element."""
        self.seen += 1
        if self.seen > MOST_ELEMENTS:
            raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)

    def keep(self, name: str, attributes: dict[str, str]) -> None:
        """Count what openpyxl is to read."""
        self.kept[name] += 1
        if self.kept[name] > (MOST_CELLS if name in _MANY else MOST_OTHERS):
            raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
        if name == "mergeCell":
            area = CellRange(attributes.get("ref", "")).size
            self.merged += area["columns"] * area["rows"]
            if self.merged > MOST_MERGED:
                raise UnreadableError(Trouble.MERGED)


class _Part:
    """A part as it is written anew: known elements and attributes, in one space, without empty rows and cells."""

    def __init__(self, guard: _Guard, name: str) -> None:
        self._guard = guard
        self._base = posixpath.dirname(posixpath.dirname(name))
        self._open: list[tuple[str, int, bool]] = []  # name, place in what is written, may be left out when empty
        self._aside = 0  # how deep within what is left out
        self._targets: set[str] = set()
        self.written: list[str] = []

    def begin(self, named: str, given: dict[str, str]) -> None:
        """Hear that an element begins."""
        name = _local(named)
        self._guard.see()
        if not self._open and not self._aside and name not in _ROOTS:
            raise _OtherPartError
        attributes = {_local(key): value[:LONGEST] for key, value in given.items()}
        if self._aside or name not in _KEPT or not self._leads_to_a_sheet(name, attributes):
            self._aside += 1
        else:
            self._write(name, attributes)
        if self._aside + len(self._open) > DEEPEST:
            raise UnreadableError(Trouble.DAMAGED)

    def _leads_to_a_sheet(self, name: str, attributes: dict[str, str]) -> bool:
        """Say whether a relationship is one that is needed; refuse two ways to one part, which would be read twice."""
        if name == "Relationship":
            if "sheet" not in posixpath.basename(attributes.get("Type", "")).lower():
                return False
            self._once(posixpath.normpath(posixpath.join("/", self._base, attributes.get("Target", ""))))
        elif name == "sheet":
            self._once(attributes.get("id", ""))
        return True

    def _once(self, target: str) -> None:
        if target in self._targets:
            raise UnreadableError(Trouble.DAMAGED)
        self._targets.add(target)

    def _write(self, name: str, attributes: dict[str, str]) -> None:
        self._guard.keep(name, attributes)
        self._open.append((name, len(self.written), name in {"row", "c"} and "r" in attributes))
        said = "".join(f" {key}={quoteattr(attributes[key])}" for key in _KEPT[name] if key in attributes)
        space = "" if self._open[1:] else f' xmlns="{SHEET_MAIN_NS}"'
        self.written.append(f"<{name}{space}{said}>")
        if name == "styleSheet":
            self.written.append(_PLAIN_STYLE)

    def end(self, _named: str) -> None:
        """Hear that an element ends."""
        if self._aside:
            self._aside -= 1
            return
        name, place, may_go = self._open.pop()
        if may_go and len(self.written) == place + 1:
            del self.written[place:]
            self._guard.kept[name] -= 1
        else:
            self.written.append(f"</{name}>")

    def text(self, text: str) -> None:
        """Hear some of the text within an element."""
        if not self._aside and self._open and self._open[-1][0] in _TEXTS:
            self.written.append(escape(text))


def sifted(raw: bytes) -> IO[bytes]:
    """Return a book with nothing in it but its cells, and what tells how they are shown; raise UnreadableError."""
    if raw.startswith(_OLD):
        raise UnreadableError(Trouble.OLD_OR_LOCKED)
    guard, file = _Guard(), io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w") as new:
            _check(old.infolist())
            for name in old.namelist():
                if name.endswith((".xml", ".rels")) and (written := _anew(old, name, guard)):
                    new.writestr(name, written)
    except _FAULTS as error:
        raise UnreadableError(Trouble.DAMAGED) from error
    if not guard.kept["workbook"]:
        raise UnreadableError(Trouble.NOT_A_SHEET)
    file.seek(0)
    return file


def _anew(old: zipfile.ZipFile, name: str, guard: _Guard) -> str:
    """Return a part written anew, "" for one that is left out."""
    part, parser = _Part(guard, name), expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = part.begin, part.end
    parser.CharacterDataHandler = part.text
    try:
        with old.open(name) as file:
            parser.ParseFile(file)
    except _OtherPartError:
        return ""
    except expat.ExpatError as error:
        raise UnreadableError(Trouble.DAMAGED) from error
    return "".join(part.written)


def _check(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse what unpacks to too much or is no plain file, by what the list of parts says."""
    names = {info.filename for info in infos}
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
    for info in infos:
        if info.file_size > SMALL and info.file_size > MOST_RATIO * max(1, info.compress_size):
            raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
        if info.flag_bits & 0x1:
            raise UnreadableError(Trouble.OLD_OR_LOCKED)
        odd = len(info.filename) > LONGEST or ".." in info.filename or info.filename.startswith(("/", "\\"))
        if odd or info.compress_type not in _PACKINGS or info.external_attr >> 28 == 0xA:
            raise UnreadableError(Trouble.DAMAGED)
    if len(names) != len(infos):
        raise UnreadableError(Trouble.DAMAGED)


def _refuse(*_declared: object) -> None:
    raise UnreadableError(Trouble.DOCTYPE)


def _local(name: str) -> str:
    """Return a name without its space: transitional and strict files differ in nothing else."""
    return name.rpartition(" ")[2]
