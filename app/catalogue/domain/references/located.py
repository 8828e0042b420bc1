"""`Located`: a TOML file of the references with the lines of its tables and keys, for the lines of problems."""

import re
import tomllib
from typing import Any

import msgspec

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.toml_lines import Path, TomlLines

_PLACE = re.compile(r"\(at line (\d+)")


class Located(msgspec.Struct, frozen=True):
    """The data of a file, and the line of each table and key."""

    file: str
    data: dict[str, Any]
    lines: TomlLines

    def line(self, table: str = "", index: int = 0, key: str = "") -> int:
        """Return the line of a key (of its table when the key is missing); without a table, of a key at the top."""
        path: Path = (table, index) if table else ()
        return self.lines.of((*path, key) if key else path)

    def tables(self, name: str) -> list[dict[str, Any]]:
        """Return the `[[name]]` tables in order; none if `name` is not a list of tables."""
        tables = self.data.get(name, [])
        return [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []

    def ids(self, name: str) -> list[str]:
        """Return the ids of the `[[name]]` tables, also of those with other problems."""
        return [table["id"] for table in self.tables(name) if isinstance(table.get("id"), str)]


def locate(source: TextFile) -> tuple[Located, list[Problem]]:
    """Return the data with their lines; a file that is not TOML is one problem and empty data."""
    lines = TomlLines(source.text)
    try:
        return Located(source.file, tomllib.loads(source.text), lines), []
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        match = _PLACE.search(str(error))
        line = int(match[1]) if match else max(1, len(source.lines))
    message = "The file is not valid TOML from this line on."
    hint = "Look for a missing quote, bracket or equals sign, or a key written twice."
    return Located(source.file, {}, lines), [Problem(source.file, line, message, hint)]
