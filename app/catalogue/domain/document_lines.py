"""Cut the text of a document into raw parts: headings, paragraphs, lists, tables and margin notes."""

import re
from dataclasses import dataclass, field
from typing import Final

from app.catalogue.domain.documents import PartKind
from app.catalogue.domain.source_lines import Report, SourceLines

_LIST = re.compile(r"(?:-|([0-9]{1,3})\.)(?: +(.*))?")
_MARGIN: Final = "margin"


@dataclass
class RawUnit:
    """A unit as written: its lines, without the marker of a list, and the number of the first one."""

    line: int
    texts: list[str]

    @property
    def text(self) -> str:
        """Return the lines as one."""
        return " ".join(text for text in self.texts if text)


@dataclass
class RawPart:
    """A part as written. `kind` is a list until its turns are known; rows of a table hold their cells' text."""

    kind: PartKind
    line: int
    units: list[RawUnit] = field(default_factory=list)
    title: str = ""
    ordered: bool = False


def cut_parts(body: SourceLines, report: Report) -> list[RawPart]:
    """Return the raw parts in order; what cannot be in a document is a problem."""
    return _Cutter(report).cut(body)


class _Cutter:
    """Cut the text of a document into raw parts; what cannot be in a document is a problem."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.parts: list[RawPart] = []
        self.title: tuple[str, int] | None = None
        self.unit: RawUnit | None = None
        self.margin = 0  # line of an open margin block

    def cut(self, body: SourceLines) -> list[RawPart]:
        """Return the raw parts in order."""
        for index, line in enumerate(body.lines):
            self._take(body.number(index), line, code=body.code[index])
        self._close_margin()
        self._flush_title()
        return self.parts

    def _take(self, number: int, line: str, *, code: bool) -> None:
        text = line.strip()
        if not text:
            self.unit = None
        elif code:
            self._code(number, text)
        elif text.startswith("///"):
            self._slashes(number, text)
        elif text.startswith("#") and text.lstrip("#")[:1] in ("", " "):
            self._heading(number, text)
        elif self.margin:
            self._margin_line(number, text)
        else:
            self._line(number, text, is_indented=line.startswith(" "))

    def _code(self, number: int, text: str) -> None:
        if text.startswith(("```", "~~~")) and not (self.unit and self.unit.texts[0] == "`code`"):
            self.report.error(number, "A document has no blocks of code.", "Write it as paragraphs, or as `code`.")
            self.unit = None
            self._begin(PartKind.PARAGRAPHS, number, "`code`")

    def _slashes(self, number: int, text: str) -> None:
        name = text.lstrip("/").strip()
        self.unit = None
        if not name and not self.margin:
            self.report.error(number, "This line closes a block that is not open.", "Remove it, or open a block above.")
        if self.margin and name:
            self._close_margin()
        if not name:
            self.margin = 0
        elif name == _MARGIN:
            self.margin = number
            self._part(PartKind.MARGIN, number)
        else:
            message = "A document has no block %(name)s."
            self.report.error(number, message, "Use /// margin, or write it as text.", name=name[:40])

    def _close_margin(self) -> None:
        if self.margin:
            self.report.error(self.margin, "This block is not closed.", "Close it with a line ///.")
        self.margin = 0

    def _heading(self, number: int, text: str) -> None:
        self.unit = None
        self._close_margin()
        title = text.lstrip("#").strip()
        if not text.startswith("## "):
            self.report.error(number, "This heading has the wrong level or no text.", "Begin it with ## and its text.")
        self._flush_title()
        self.title = (title, number) if title else None

    def _flush_title(self) -> None:
        if self.title:
            self._part(PartKind.PARAGRAPHS, self.title[1])

    def _margin_line(self, number: int, text: str) -> None:
        if text.startswith("|") or _LIST.fullmatch(text):
            message = "A margin note has paragraphs only."
            self.report.error(number, message, "Write it without the sign at the beginning.")
            self.unit = None
        self._continue_or_begin(number, text)

    def _line(self, number: int, text: str, *, is_indented: bool) -> None:
        listed = _LIST.fullmatch(text)
        current = self.parts[-1].kind if self.unit else None
        if current is PartKind.LIST and is_indented:
            self._indented(number, text, is_listed=listed is not None)
        elif listed:
            self._listed(number, listed)
        elif text.startswith("|"):
            self._row(number, text)
        elif current in (None, PartKind.TABLE):
            self._begin(PartKind.PARAGRAPHS, number, text)
        else:
            self._append(text)

    def _listed(self, number: int, match: re.Match[str]) -> None:
        self.unit = None
        self._begin(PartKind.LIST, number, match[2] or "", ordered=match[1] is not None)

    def _indented(self, number: int, text: str, *, is_listed: bool) -> None:
        if is_listed:
            self.report.error(number, "A document has no list in a list.", "Write one list.")
        self._append(text)

    def _row(self, number: int, text: str) -> None:
        in_table = bool(self.unit) and self.parts[-1].kind is PartKind.TABLE
        part = self.parts[-1] if in_table else self._part(PartKind.TABLE, number)
        self.unit = RawUnit(number, [text])
        part.units.append(self.unit)

    def _append(self, text: str) -> None:
        if self.unit:
            self.unit.texts.append(text)

    def _continue_or_begin(self, number: int, text: str) -> None:
        if self.unit:
            self._append(text)
        else:
            self.unit = RawUnit(number, [text])
            self.parts[-1].units.append(self.unit)

    def _begin(self, kind: PartKind, number: int, text: str, *, ordered: bool = False) -> None:
        latest = self.parts[-1] if self.parts and not self.title else None
        continues = latest is not None and latest.kind is kind and latest.ordered == ordered
        part = latest if latest is not None and continues else self._part(kind, number, ordered=ordered)
        self.unit = RawUnit(number, [text])
        part.units.append(self.unit)

    def _part(self, kind: PartKind, number: int, *, ordered: bool = False) -> RawPart:
        title, self.title = (self.title[0] if self.title else ""), None
        self.parts.append(RawPart(kind, number, title=title, ordered=ordered))
        return self.parts[-1]
