"""A TOML file whose tables and keys know their lines, so that a mistake can say where it is."""

import re
import tomllib
from collections import Counter
from typing import Any

import msgspec

from app.catalogue.domain.mistakes import Mistake
from app.catalogue.domain.text import Source

_TABLE = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_PLACE = re.compile(r"\(at line (\d+)")


class Located(msgspec.Struct, frozen=True):
    """The data of a file; `lines` by table, place among the tables of that name, and key ("": the table's head)."""

    file: str
    data: dict[str, Any]
    lines: dict[tuple[str, int, str], int]

    def line(self, table: str = "", place: int = 0, key: str = "") -> int:
        """Return the line of a key; of its table when the key is missing; else 1."""
        return self.lines.get((table, place, key)) or self.lines.get((table, place, "")) or 1

    def tables(self, name: str) -> list[dict[str, Any]]:
        """Return the `[[name]]` tables in order; what is no table is left out (`form` says so)."""
        found = self.data.get(name, [])
        return [table for table in found if isinstance(table, dict)] if isinstance(found, list) else []

    def ids(self, name: str) -> list[str]:
        """Return the ids of the `[[name]]` tables, also of those with other mistakes."""
        return [table["id"] for table in self.tables(name) if isinstance(table.get("id"), str)]


def locate(source: Source) -> tuple[Located, list[Mistake]]:
    """Return the data with their lines; a file that is no TOML is one mistake and empty data."""
    try:
        data = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        line = int(found[1]) if found else max(1, len(source.lines))
        what = "From here the file cannot be read as TOML."
        cure = "Look for a missing quote, bracket or equals sign, or a key written twice."
        return Located(source.file, {}, {}), [Mistake(source.file, line, what, cure)]
    return Located(source.file, data, _lines(source.lines)), []


def _lines(lines: list[str]) -> dict[tuple[str, int, str], int]:
    found: dict[tuple[str, int, str], int] = {}
    count: Counter[str] = Counter()
    table, place, quoted = "", 0, False
    for number, line in enumerate(lines, 1):
        opens = (line.count('"""') + line.count("'''")) % 2 == 1
        head, key = _TABLE.fullmatch(line), _KEY.match(line)
        if not quoted and head:
            table, place = head[1], count[head[1]]
            count[table] += 1
            found[table, place, ""] = number
        elif not quoted and key:
            found.setdefault((table, place, key[1]), number)
        quoted ^= opens
    return found
