"""Write `course.toml`, `media.toml` and `documents.toml`: new, or updated with comments and order."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import date
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Item, Table

Plain = Mapping[str, Any]
_BARE = re.compile(r"[\w-]+", re.ASCII)


def new_document(plain: Plain, defaults: Plain) -> str:
    """Return TOML text with values, then tables, without the defaults of keys (nested by table name)."""
    parts = [_lines({key: value for key, value in plain.items() if not _is_table(value)}, defaults)]
    for name, value in plain.items():
        inner = defaults.get(name, {})
        if isinstance(value, dict):
            parts.append(f"[{name}]\n{_lines(value, inner)}")
        elif _is_table(value):
            parts += [f"[[{name}]]\n{_lines(entry, inner)}" for entry in value]
    return "\n".join(part for part in parts if part)


def update(document: MutableMapping[str, Any], plain: Plain, *, before: Plain, defaults: Plain) -> None:
    """Write the changes since `before` into a tomlkit document; entries of table lists are matched by first key."""
    changed = {name: value for name, value in plain.items() if name not in before or before[name] != value}
    for name, value in changed.items():
        inner = defaults.get(name, {})
        if isinstance(value, dict):
            document.setdefault(name, tomlkit.table())
            _fill(document[name], value, inner)
        elif _is_table(value):
            document[name] = _tables(document.get(name), value, inner)
        else:
            _fill(document, {name: value}, defaults, keep=True)
    for name in before.keys() - plain.keys():
        document.pop(name, None)


def edited_document(original: str, plain: Plain, *, before: Plain, defaults: Plain) -> str:
    """Return `original` with the changes since `before`, or a new document if tomlkit cannot edit it."""
    try:
        document = tomlkit.parse(original)
        update(document, plain, before=before, defaults=defaults)
        return tomlkit.dumps(document).rstrip("\n") + "\n"
    except TOMLKitError:
        return new_document(plain, defaults)


def _lines(values: Plain, defaults: Plain) -> str:
    rows = [f"{name} = {_written(value)}\n" for name, value in values.items() if not _is_default(name, value, defaults)]
    return "".join(rows)


def _is_default(name: str, value: object, defaults: Plain) -> bool:
    return value is None or (name in defaults and defaults[name] == value)


def _is_table(value: object) -> bool:
    """Return whether a value is a table, or a list of tables that are no inline ones (those are tuples)."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_written(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return _written_list(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _written_scalar(value)


def _written_scalar(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else tomlkit.item(value).as_string()


def _written_list(values: Sequence[object]) -> str:
    """Write a list in one line of at most 120 characters, else one element a line."""
    line = "[" + ", ".join(map(_written, values)) + "]"
    if len(line) <= 120 or not values:
        return line
    return "[\n" + "".join(f"    {_written(value)},\n" for value in values) + "]"


def _item(value: object) -> Item:
    """Make a tomlkit item that is written as `_written` writes it."""
    return cast(Item, tomlkit.parse(f"value = {_written(value)}\n").item("value"))


def _fill(table: MutableMapping[str, Any], values: Plain, defaults: Plain, *, keep: bool = False) -> None:
    """Set changed values; an absent default is not added; other keys are deleted unless `keep` is True."""
    for name, value in values.items():
        if name not in table:
            if not _is_default(name, value, defaults):
                table[name] = _item(value)
        elif value is None:
            del table[name]
        elif _unwrapped(table[name]) != _plain(value):
            table[name] = _with_comment(table[name], _item(value))
    if not keep:
        _delete_others(table, values)


def _delete_others(table: MutableMapping[str, Any], values: Plain) -> None:
    for name in [name for name in table if name not in values]:
        del table[name]


def _with_comment(old: object, new: Item) -> Item:
    if isinstance(old, Item) and not isinstance(old, Table | AoT | InlineTable):
        new.trivia.comment_ws, new.trivia.comment = old.trivia.comment_ws, old.trivia.comment
    return new


def _tables(old: object, entries: list[dict[str, Any]], defaults: Plain) -> AoT:
    """Rebuild the list of tables, each from the old table with the same first value."""
    tables = _tables_by_first_key(old, next(iter(entries[0])) if entries else "")
    built = tomlkit.aot()
    for entry in entries:
        same_name = tables.get(next(iter(entry.values())))
        table = same_name.pop(0) if same_name else tomlkit.table()
        _fill(table, entry, defaults)
        if not same_name and not table.as_string().endswith("\n\n"):
            table.add(tomlkit.nl())
        built.append(table)
    return built


def _tables_by_first_key(old: object, first_key: str) -> dict[object, list[Table]]:
    tables: dict[object, list[Table]] = {}
    for table in old if isinstance(old, AoT) else []:
        tables.setdefault(_unwrapped(table.get(first_key)), []).append(table)
    return tables


def _unwrapped(value: object) -> object:
    return value.unwrap() if isinstance(value, Item | Array) else value


def _plain(value: object) -> object:
    return [_plain(element) for element in value] if isinstance(value, list | tuple) else value
