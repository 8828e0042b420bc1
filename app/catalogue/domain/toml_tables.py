"""Validate `course.toml` and `media.toml` key by key: unknown, missing and wrong keys become problems."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum, StrEnum
from typing import Any, Final, TypeVar

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.toml_lines import Path, TomlLines

_Built = TypeVar("_Built")
_AT = re.compile(r"at line (\d+)")


class InvalidValue(Enum):
    """The result of a check for a value that cannot be used; the problem is already in the list."""

    USABLE = 0


NOTHING: Final = InvalidValue.USABLE


@dataclass
class TomlReader:
    """One TOML file being read: its lines, and the problems found so far."""

    source: TextFile
    lines: TomlLines
    problems: list[Problem] = field(default_factory=list)

    def note(self, path: Path, message: str, hint: str, **values: str | int | float) -> InvalidValue:
        """Add a problem of the key or table at `path`."""
        self.problems.append(Problem(self.source.file, self.lines.of(path), message, hint, values))
        return NOTHING

    def wrong(self, path: Path, hint: str, **values: str | int | float) -> InvalidValue:
        """Add the problem that the value of the key at `path` cannot be used."""
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        return self.note(path, 'The value of "%(key)s" cannot be used.', hint, key=key, **values)


Check = Callable[[object, TomlReader, Path], Any]


@dataclass(frozen=True)
class KeyRule:
    """The check of a key's value, the field it fills (its own name when empty), and whether it is required."""

    check: Check
    field: str = ""
    needed: bool = False


def parse_toml(source: TextFile) -> tuple[dict[str, Any] | None, TomlReader]:
    """Parse the TOML text; for a text that is not TOML return None, and the problem with its line."""
    desk = TomlReader(source, TomlLines(source.text))
    try:
        return tomllib.loads(source.text), desk
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        match = _AT.search(str(error))
        line = int(match[1]) if match else max(1, len(source.lines))
        message, hint = "The file is not TOML: %(reason)s.", "Correct this line; nothing else in the file was read."
        desk.problems.append(Problem(source.file, line, message, hint, {"reason": str(error)}))
        return None, desk


def read_fields(
    table: Mapping[str, object], keys: Mapping[str, KeyRule], desk: TomlReader, path: Path
) -> dict[str, Any] | None:
    """Return the usable values by field; None if a required one is missing or wrong."""
    _note_unknown_keys(table, keys, desk, path)
    fields = {}
    whole = True
    for name, key in keys.items():
        value = key.check(table[name], desk, (*path, name)) if name in table else NOTHING
        if value is not NOTHING:
            fields[key.field or name] = value
        elif key.needed:
            whole = False
            _note_missing_key(name, table, desk, path)
    return fields if whole else None


def _note_missing_key(name: str, table: Collection[str], desk: TomlReader, path: Path) -> None:
    if name not in table:
        desk.note(path, 'The key "%(key)s" is missing.', 'Add a line "%(key)s = ...".', key=name)


def _note_unknown_keys(table: Collection[str], keys: Mapping[str, KeyRule], desk: TomlReader, path: Path) -> None:
    for name in [name for name in table if name not in keys]:
        near = get_close_matches(name, keys, 1)
        hint = 'Write "%(right)s".' if near else "Use one of: %(right)s."
        right = near[0] if near else ", ".join(keys)
        desk.note((*path, name), 'The key "%(key)s" is not known here.', hint, key=name, right=right)


def text(pattern: str = r"(?s).*\S.*", shape: str = "a text in quotes") -> Check:
    """Return a check for a string; `shape` describes the pattern in words."""
    compiled = re.compile(pattern)

    def check(value: object, desk: TomlReader, path: Path) -> str | InvalidValue:
        if isinstance(value, str) and compiled.fullmatch(value):
            return value
        return desk.wrong(path, "Write %(shape)s.", shape=shape)

    return check


def integer_between(low: int, high: int) -> Check:
    """Return a check for a whole number in a range."""

    def check(value: object, desk: TomlReader, path: Path) -> int | InvalidValue:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        return desk.wrong(path, "Write a whole number from %(low)s to %(high)s.", low=low, high=high)

    return check


def number(low: float, high: float) -> Check:
    """Return a check for a number in a range; the value becomes a float."""

    def check(value: object, desk: TomlReader, path: Path) -> float | InvalidValue:
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        return desk.wrong(path, "Write a number from %(low)s to %(high)s.", low=low, high=high)

    return check


def yes_no(value: object, desk: TomlReader, path: Path) -> bool | InvalidValue:
    """Check for true or false."""
    return value if isinstance(value, bool) else desk.wrong(path, "Write true or false, without quotes.")


def day(value: object, desk: TomlReader, path: Path) -> date | InvalidValue:
    """Check for a date without a time."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return desk.wrong(path, "Write a date without quotes, such as 2026-11-24.")


def one_of(options: type[StrEnum]) -> Check:
    """Return a check for one of the values of an enum."""

    def check(value: object, desk: TomlReader, path: Path) -> StrEnum | InvalidValue:
        if isinstance(value, str) and value in set(options):
            return options(value)
        return desk.wrong(path, "Write one of: %(words)s.", words=", ".join(options))

    return check


def list_of(inner: Check) -> Check:
    """Return a check for a list; elements that cannot be used are left out."""

    def check(value: object, desk: TomlReader, path: Path) -> tuple[Any, ...] | InvalidValue:
        if not isinstance(value, list):
            return desk.wrong(path, "Write a list in square brackets.")
        read = [inner(element, desk, (*path, place)) for place, element in enumerate(value)]
        return tuple(element for element in read if element is not NOTHING)

    return check


def mapping_of(key: Check, inner: Check) -> Check:
    """Return a check for a table with names of one's own; entries that cannot be used are left out."""

    def check(value: object, desk: TomlReader, path: Path) -> dict[str, Any] | InvalidValue:
        if not isinstance(value, dict):
            return desk.wrong(path, "Write a table in braces, such as { name = 0.6 }.")
        read = {name: inner(element, desk, (*path, name)) for name, element in value.items()}
        names = [name for name in value if key(name, desk, (*path, name)) is not NOTHING]
        return {name: read[name] for name in names if read[name] is not NOTHING}

    return check


def table(keys: Mapping[str, KeyRule], build: Callable[..., _Built]) -> Check:
    """Return a check for a table that becomes one struct."""

    def check(value: object, desk: TomlReader, path: Path) -> _Built | InvalidValue:
        if not isinstance(value, dict):
            return desk.wrong(path, "Write a table: its name in square brackets, then its keys.")
        fields = read_fields(value, keys, desk, path)
        return NOTHING if fields is None else build(**fields)

    return check


def tables(keys: Mapping[str, KeyRule], build: Callable[..., _Built]) -> Check:
    """Return a check for a list of tables, each of which becomes a struct."""
    inner = list_of(table(keys, build))

    def check(value: object, desk: TomlReader, path: Path) -> Any:
        if isinstance(value, dict):
            return desk.wrong(path, "Write the name of the table in two square brackets on each side.")
        return inner(value, desk, path)

    return check
