"""Convert TOML tables of the references into structs, with a problem for each missing, wrong or unknown key."""

import types
import typing
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec.structs import FieldInfo

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.located import Located

Entry = TypeVar("Entry", bound=msgspec.Struct)
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]
Positive = Annotated[int, msgspec.Meta(gt=0)]
Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Quarter = Annotated[str, msgspec.Meta(pattern=r"^20[0-9]{2}-Q[1-4]$")]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
# a day, or as much of it as is known; Python compares texts of this form in the order of time
Moment = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]

_NAMED = 12
_HINTS: dict[Any, str] = {
    Id: "Write letters, digits, dots, dashes and underscores in quotes, a letter first.",
    Positive: "Write a whole number above 0, without quotes.",
    Share: "Write a number between 0 and 1 without quotes, such as 0.67.",
    Quarter: 'Write a quarter in quotes, such as "2027-Q3".',
    Country: 'Write the two capital letters of a country in quotes, such as "BG".',
    Moment: 'Write a day in quotes, such as "2004-09-23", or "2004-09" or "2004" where no more is known.',
    date: "Write a date without quotes, such as 2027-11-30.",
    str: "Write a text in quotes.",
    int: "Write a whole number, without quotes.",
    float: "Write a number, without quotes.",
    bool: "Write true or false.",
    tuple[str, ...]: 'Write a list of texts, such as ["a", "b"].',
    dict[str, int]: "Write names and whole numbers in braces, such as { name = 2 }.",
    dict[str, str]: 'Write names and texts in braces, such as { name = "text" }.',
}


def read_entries(file: Located, table: str, kind: type[Entry]) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Return the `[[table]]` entries that have the right form, and every problem of the others."""
    entries = []
    problems = _form(file, table)
    for index, values in enumerate(file.tables(table)):
        entry, new_problems = read_entry(file, values, kind, table=table, index=index)
        problems += new_problems
        if entry is not None:
            entries.append(entry)
    return tuple(entries), problems + _twice(file, table)


def read_entry(
    file: Located, values: dict[str, Any], kind: type[Entry], *, table: str = "", index: int = 0, at: int = 0
) -> tuple[Entry | None, list[Problem]]:
    """Return one table as an entry (None where a required key is missing or wrong) and all its problems.

    `at` is the line of an inline table.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    lines = {key: at or file.line(table, index, key) for key in (*values, *fields)}
    problems = _unknown_keys(file, values, fields, lines)
    valid, errors = _convert(values, fields)
    problems += [_key_problem(file, lines[key], key, fields[key], message) for key, message in errors.items()]
    return (None if any(fields[key].required for key in errors) else kind(**valid)), problems


def _convert(values: dict[str, Any], fields: Mapping[str, FieldInfo]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the valid values by field name, and the error messages of the other keys."""
    valid: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for key, field in fields.items():
        try:
            if key in values:
                valid[field.name] = msgspec.convert(values[key], field.type, builtin_types=(date,))
            elif field.required:
                errors[key] = "The key %(key)s is missing."
        except msgspec.ValidationError:
            errors[key] = "The value of %(key)s has the wrong form."
    return valid, errors


def unknown_tables(file: Located, tables: Collection[str]) -> list[Problem]:
    """Return a problem for each key at the top of a file that is not one of the tables."""
    return _unknown_keys(file, file.data, tables, {key: file.line("", 0, key) for key in file.data})


def _unknown_keys(
    file: Located, values: Iterable[str], fields: Collection[str], lines: Mapping[str, int]
) -> list[Problem]:
    known_keys = ", ".join(fields)
    message, hint = "The key %(key)s is not allowed here.", "Known keys: %(known)s."
    return [
        Problem(file.file, lines[key], message, hint, {"key": key, "known": known_keys})
        for key in values
        if key not in fields
    ]


def _key_problem(file: Located, line: int, key: str, field: FieldInfo, message: str) -> Problem:
    hint, names = hint_of(field.type)
    return Problem(file.file, line, message, hint, {**names, "key": key})


def unknown(
    file: Located, position: tuple[str, int, str], named: Iterable[str], known_names: Collection[str]
) -> list[Problem]:
    """Return a problem for each name that is not among the known ones; `position` is table, index, key."""
    return [
        Problem(
            file.file,
            file.line(*position),
            "%(name)s in %(key)s is not known.",
            "Write one of: %(known)s.",
            {"name": name, "key": position[2], "known": _some(known_names)},
        )
        for name in named
        if name not in known_names
    ]


def texts_in(values: Any) -> list[str]:
    """Return the texts of a list that may have values of other types, or may be no list."""
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def first_day(moment: str) -> date | None:
    """Return the first day of a `Moment`, or None if it is not in the calendar."""
    year, month, day = (*moment.split("-"), "1", "1")[:3]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def hint_of(kind: Any) -> tuple[str, dict[str, str | int | float]]:
    """Return the hint on how to write a value of this type, with the values of its placeholders."""
    for shape, hint in _HINTS.items():
        if kind == shape:
            return hint, {}
    choices = _choices(kind)
    if choices:
        return "Write one of: %(known)s.", {"known": ", ".join(choices)}
    return _hint_of_parts(kind)


def _hint_of_parts(kind: Any) -> tuple[str, dict[str, str | int | float]]:
    inner = [part for part in typing.get_args(kind) if part is not type(None)]
    if typing.get_origin(kind) in (types.UnionType, typing.Union) and inner:
        return hint_of(inner[0])
    if typing.get_origin(kind) is tuple and inner:
        return _hint_of_list(inner[0])
    return "Compare it with another entry of the file.", {}


def _hint_of_list(kind: Any) -> tuple[str, dict[str, str | int | float]]:
    choices = _choices(kind)
    if choices:
        return "Write a list of some of: %(known)s.", {"known": ", ".join(choices)}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return "Compare it with another entry of the file.", {}
    return _HINTS[tuple[str, ...]], {}


def _choices(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [member.value for member in kind]
    if typing.get_origin(kind) is typing.Literal:
        return [str(choice) for choice in typing.get_args(kind)]
    return []


def _some(names: Collection[str]) -> str:
    """Join the first names, so that the message is not too long."""
    return ", ".join([*list(names)[:_NAMED], *(["..."] if len(names) > _NAMED else [])]) or "-"


def _form(file: Located, table: str) -> list[Problem]:
    tables = file.data.get(table, [])
    if isinstance(tables, list) and all(isinstance(entry, dict) for entry in tables):
        return []
    message = "%(table)s is not a list of tables."
    return [
        Problem(file.file, file.line("", 0, table), message, "Begin each entry with [[%(table)s]].", {"table": table})
    ]


def _twice(file: Located, table: str) -> list[Problem]:
    first_lines: dict[str, int] = {}
    problems = []
    for index, values in enumerate(file.tables(table)):
        name = values.get("id")
        if not isinstance(name, str):
            continue
        line = file.line(table, index, "id")
        if name in first_lines:
            message = "The id %(id)s is already used, in line %(line)d."
            hint = "Give this entry another id."
            problems.append(Problem(file.file, line, message, hint, {"id": name, "line": first_lines[name]}))
        first_lines.setdefault(name, line)
    return problems
