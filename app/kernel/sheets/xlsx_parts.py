"""Copy an .xlsx file with its cells only before openpyxl reads it, which follows everything that a file contains.

Elements that are not in `_ALLOWED` are left out: formulas, links, tables, drawings, macros, names, validation rules.
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

from app.kernel.archives import OLE, ArchiveError, ArchiveLimits, ArchiveProblem, check_entries
from app.kernel.sheets.grid import MOST_BYTES, FileProblem, UnreadableError

LIMITS = ArchiveLimits(packed=MOST_BYTES, unpacked=32 * 1024 * 1024, entries=500)
LONGEST = 200  # characters of an attribute
DEEPEST = 64
MOST_ELEMENTS = 600_000  # of all parts together, with empty cells that only have a colour
MOST_CELLS = 150_000  # not empty; openpyxl needs some seconds for this number
MOST_OTHERS = 10_000  # of each other kind of element
MOST_MERGED = 20_000  # cells
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, TypeError, ArithmeticError, LookupError)
_PROBLEMS = {  # of the list of parts; every other problem means that the file is damaged
    ArchiveProblem.TOO_MANY_ENTRIES: FileProblem.UNPACKS_TOO_LARGE,
    ArchiveProblem.UNPACKS_TOO_LARGE: FileProblem.UNPACKS_TOO_LARGE,
    ArchiveProblem.RATIO: FileProblem.UNPACKS_TOO_LARGE,
    ArchiveProblem.ENCRYPTED: FileProblem.OLD_OR_LOCKED,
}
_ROOTS = frozenset({"Types", "Relationships", "workbook", "sst", "styleSheet", "worksheet"})
_ALLOWED = {  # elements, with their attributes
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
_PLAIN_STYLE = (  # openpyxl requires fonts and other parts of a style, and the style "Normal"
    "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
    '<cellStyleXfs><xf/></cellStyleXfs><cellStyles><cellStyle name="Normal" xfId="0"/></cellStyles>'
)


class _OtherPartError(Exception):
    """The part is not necessary for cells."""


class _Guard:
    """The counts of elements of a file so far; raises UnreadableError if there are too many."""

    def __init__(self) -> None:
        self.elements = 0
        self.merged = 0
        self.written: Counter[str] = Counter()

    def count_element(self) -> None:
        """Count an element of the file."""
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise UnreadableError(FileProblem.UNPACKS_TOO_LARGE)

    def count_written(self, name: str, attributes: dict[str, str]) -> None:
        """Count an element that openpyxl reads."""
        self.written[name] += 1
        if self.written[name] > (MOST_CELLS if name in _MANY else MOST_OTHERS):
            raise UnreadableError(FileProblem.UNPACKS_TOO_LARGE)
        if name == "mergeCell":
            area = CellRange(attributes.get("ref", "")).size
            self.merged += area["columns"] * area["rows"]
            if self.merged > MOST_MERGED:
                raise UnreadableError(FileProblem.MERGED)


class _Part:
    """The copy of a part: allowed elements and attributes in one namespace, without empty rows and cells."""

    def __init__(self, guard: _Guard, name: str) -> None:
        self._guard = guard
        self._base = posixpath.dirname(posixpath.dirname(name))
        self._open: list[tuple[str, int, bool]] = []  # name, index in `written`, may be left out if empty
        self._skipped = 0  # depth inside an element that is left out
        self._targets: set[str] = set()
        self.written: list[str] = []

    def begin(self, qualified_name: str, qualified_attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        name = _local(qualified_name)
        self._guard.count_element()
        depth = self._skipped + len(self._open)
        if depth == 0 and name not in _ROOTS:
            raise _OtherPartError
        attributes = {_local(key): value[:LONGEST] for key, value in qualified_attributes.items()}
        if self._skipped or not self._is_needed(name, attributes):
            self._skipped += 1
        else:
            self._write(name, attributes)
        if depth >= DEEPEST:
            raise UnreadableError(FileProblem.DAMAGED)

    def _is_needed(self, name: str, attributes: dict[str, str]) -> bool:
        """Return whether an element is copied; refuse two paths to the same part, which would be read twice."""
        if name == "Relationship":
            if "sheet" not in posixpath.basename(attributes.get("Type", "")).lower():
                return False
            self._add_target(posixpath.normpath(posixpath.join("/", self._base, attributes.get("Target", ""))))
        elif name == "sheet":
            self._add_target(attributes.get("id", ""))
        return name in _ALLOWED

    def _add_target(self, target: str) -> None:
        if target in self._targets:
            raise UnreadableError(FileProblem.DAMAGED)
        self._targets.add(target)

    def _write(self, name: str, attributes: dict[str, str]) -> None:
        self._guard.count_written(name, attributes)
        self._open.append((name, len(self.written), name in {"row", "c"} and "r" in attributes))
        text = "".join(f" {key}={quoteattr(attributes[key])}" for key in _ALLOWED[name] if key in attributes)
        namespace = "" if self._open[1:] else f' xmlns="{SHEET_MAIN_NS}"'
        self.written.append(f"<{name}{namespace}{text}>")
        if name == "styleSheet":
            self.written.append(_PLAIN_STYLE)

    def end(self, _name: str) -> None:
        """Handle the end of an element."""
        if self._skipped:
            self._skipped -= 1
            return
        name, index, is_optional = self._open.pop()
        if is_optional and len(self.written) == index + 1:
            del self.written[index:]
            self._guard.written[name] -= 1
        else:
            self.written.append(f"</{name}>")

    def text(self, text: str) -> None:
        """Handle a piece of the text of an element."""
        if not self._skipped and self._open and self._open[-1][0] in _TEXTS:
            self.written.append(escape(text))


def cells_only(raw: bytes) -> IO[bytes]:
    """Return a copy of a book with its cells and their number formats only; raise UnreadableError."""
    if raw.startswith(OLE):
        raise UnreadableError(FileProblem.OLD_OR_LOCKED)
    guard, file = _Guard(), io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w") as new:
            check_entries(old.infolist(), LIMITS)
            for name in old.namelist():
                if name.endswith((".xml", ".rels")) and (written := _copy(old, name, guard)):
                    new.writestr(name, written)
    except (ArchiveError, *_FAULTS) as error:
        raise UnreadableError(_file_problem(error)) from error
    if not guard.written["workbook"]:
        raise UnreadableError(FileProblem.NOT_A_SHEET)
    file.seek(0)
    return file


def _file_problem(error: Exception) -> FileProblem:
    return _PROBLEMS.get(error.problem, FileProblem.DAMAGED) if isinstance(error, ArchiveError) else FileProblem.DAMAGED


def _copy(old: zipfile.ZipFile, name: str, guard: _Guard) -> str:
    """Return the copy of a part, "" if the part is left out."""
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
        raise UnreadableError(FileProblem.DAMAGED) from error
    return "".join(part.written)


def _refuse(*_declared: object) -> None:
    raise UnreadableError(FileProblem.DOCTYPE)


def _local(name: str) -> str:
    """Return a name without its namespace: transitional and strict files do not differ otherwise."""
    return name.rpartition(" ")[2]
