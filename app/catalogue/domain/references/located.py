"""A TOML file with the lines of its tables and keys, so that a mistake can say where it is."""

import re
import tomllib
from typing import Any

import msgspec

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import Source
from app.catalogue.domain.toml_lines import Path, TomlLines

_PLACE = re.compile(r"\(at line (\d+)")


class Located(msgspec.Struct, frozen=True):
    """The data of a file, and on which line each piece of it stands."""

    file: str
    data: dict[str, Any]
    lines: TomlLines

    def line(self, table: str = "", place: int = 0, key: str = "") -> int:
        """Return the line of a key (of its table when the key is missing); without a table, of a key at the top."""
        path: Path = (table, place) if table else ()
        return self.lines.of((*path, key) if key else path)

    def tables(self, name: str) -> list[dict[str, Any]]:
        """Return the `[[name]]` tables in order; none where `name` is something else."""
        found = self.data.get(name, [])
        return [table for table in found if isinstance(table, dict)] if isinstance(found, list) else []

    def ids(self, name: str) -> list[str]:
        """Return the ids of the `[[name]]` tables, also of those with other mistakes."""
        return [table["id"] for table in self.tables(name) if isinstance(table.get("id"), str)]


def locate(source: Source) -> tuple[Located, list[Problem]]:
    """Return the data with their lines; a file that is no TOML is one mistake and empty data."""
    lines = TomlLines(source.text)
    try:
        return Located(source.file, tomllib.loads(source.text), lines), []
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _PLACE.search(str(error))
        line = int(found[1]) if found else max(1, len(source.lines))
    message = "From here the file cannot be read as TOML."
    hint = "Look for a missing quote, bracket or equals sign, or a key written twice."
    return Located(source.file, {}, lines), [Problem(source.file, line, message, hint)]
