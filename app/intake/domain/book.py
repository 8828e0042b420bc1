"""What an .xlsx file says beside its cells: its sheets, where its parts lie, its shared texts, its styles."""

import posixpath
import re

from app.intake.domain.grid import CUT
from app.intake.domain.parts import Attributes, Part

LONGEST_NAME = 31  # of a sheet
LONGEST_FORMAT = 60  # of a number
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def whole(text: str | None) -> int:
    """Return a number of an attribute, 0 for none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def unescaped(text: str) -> str:
    """Return a text with its escaped signs as themselves; half of a pair is no sign."""
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(found: re.Match[str]) -> str:
    sign = chr(int(found.group(1), 16))
    return found.group() if "\ud800" <= sign <= "\udfff" else sign


class Names(Part):
    """The sheets of a book in their order: name, state, id of their part."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            self.sheets.append(
                (
                    attributes.get("name", "")[:LONGEST_NAME],
                    attributes.get("state", "visible"),
                    attributes.get("id", ""),
                )
            )


class Targets(Part):
    """Where parts lie, by their ids and by what they are."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.by_id: dict[str, str] = {}
        self.by_kind: dict[str, str] = {}

    def begin(self, name: str, attributes: Attributes) -> None:
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = posixpath.normpath(posixpath.join("/", self._base, attributes.get("Target", ""))).lstrip("/")
        self.by_id[attributes.get("Id", "")] = target
        self.by_kind.setdefault(attributes.get("Type", "").rpartition("/")[2], target)


class Strings(Part):
    """The texts that cells share; how they are read aloud is left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._takes = False
        self._aloud = False

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._aloud = True
        self._takes = name == "t" and not self._aloud

    def end(self, name: str) -> None:
        if name == "si":
            # many cells may name one text: it is cut before each of them looks at it
            self.texts.append(unescaped("".join(self._parts)[: 8 * CUT])[:CUT])
        elif name == "rPh":
            self._aloud = False
        self._takes = False

    def text(self, text: str) -> None:
        if self._takes:
            self._parts.append(text)


class Styles(Part):
    """Which styles of cells show a date, and which a number with zeros before it."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._dates: dict[int, bool] = {}
        self._within = False
        self.formats: list[int] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._codes[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")[:LONGEST_FORMAT]
        elif name == "cellXfs":
            self._within = True
        elif name == "xf" and self._within:
            self.formats.append(whole(attributes.get("numFmtId")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._within = False

    def is_date(self, style: int) -> bool:
        """Say whether a style shows its number as a date or time."""
        number = self.formats[style] if style < len(self.formats) else 0
        if number not in self._dates:
            shown = _QUOTED.sub("", self._codes.get(number, "")).lower()
            self._dates[number] = number in _DATES or any(letter in shown for letter in "ymdhs")
        return self._dates[number]

    def zeros(self, style: int) -> int:
        """Return how many digits a style shows at least, when it does nothing else."""
        number = self.formats[style] if style < len(self.formats) else 0
        code = self._codes.get(number, "")
        return len(code) if code and not code.strip("0") else 0
