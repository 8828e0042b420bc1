"""Update the TOML text of a reference with new values; unchanged entries retain order, form and comments."""

from collections.abc import Mapping
from typing import Any

import msgspec
import tomlkit
from tomlkit.items import AoT, Item, Table
from tomlkit.toml_document import TOMLDocument

_WIDTH = 100


def plain(entry: msgspec.Struct) -> dict[str, Any]:
    """Return an entry as TOML values without defaults; whole floats become integers."""
    values = {}
    for field in msgspec.structs.fields(entry):
        value = getattr(entry, field.name)
        if field.required or (value != field.default and value not in ((), {})):
            values[field.encode_name] = _plain(value)
    return values


def toml_text(values: Mapping[str, Any], before: str = "") -> str:
    """Return the text `before` with these values; keys and entries that `values` lacks are deleted."""
    document = tomlkit.parse(before)
    for key in [key for key in document if key not in values]:
        del document[key]
    for key, value in values.items():
        _put(document, key, value)
    return tomlkit.dumps(document)


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return plain(value)
    if isinstance(value, tuple):
        return [_plain(element) for element in value]
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _put(into: TOMLDocument | Table, key: str, value: Any) -> None:
    existing = into.get(key)
    if existing is not None and _same(existing.unwrap() if isinstance(existing, Item) else existing, value):
        return
    if _is_entries(key, value):
        into[key] = _entries(existing if isinstance(existing, AoT) else None, value)
    elif _is_table(existing, value):
        rows = existing if isinstance(existing, Table) else tomlkit.table()
        _merge(rows, value)
        into[key] = rows
    else:
        into[key] = _item(value)


def _same(existing: Any, value: Any) -> bool:
    """Compare values; true and 1 differ, 4.0 and 4 do not."""
    return bool(existing == value) and isinstance(existing, bool) == isinstance(value, bool)


def _is_entries(key: str, value: Any) -> bool:
    """Return whether a list is written as [[key]] tables; tables without an id (targets) are written inline."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) and "id" in v for v in value)


def _is_table(existing: Any, value: Any) -> bool:
    """Return whether a table stays a table, or contains only tables: each key gets a line of its own."""
    if not isinstance(value, dict) or not value:
        return False
    return isinstance(existing, Table) or all(isinstance(row, dict) for row in value.values())


def _entries(existing: AoT | None, values: list[dict[str, Any]]) -> AoT:
    old = {table["id"].unwrap(): table for table in (existing.body if existing else []) if "id" in table}
    if existing is not None and _have_same_ids(existing, values):
        for table, value in zip(existing.body, values, strict=True):
            _merge(table, value)
        return existing
    written = tomlkit.aot()
    for value in values:
        table = old.get(value["id"], tomlkit.table())
        _merge(table, value)
        written.append(table)
    return written


def _have_same_ids(existing: AoT, values: list[dict[str, Any]]) -> bool:
    return [table.get("id") for table in existing.body] == [value["id"] for value in values]


def _merge(table: Table, value: dict[str, Any]) -> None:
    for key in [key for key in table if key not in value]:
        del table[key]
    for key, inner in value.items():
        _put(table, key, inner)


def _item(value: Any) -> Any:
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update({key: _item(inner) for key, inner in value.items()})
        return inline
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_item(element) for element in value)
        return array.multiline(any(isinstance(element, dict) for element in value) or len(array.as_string()) > _WIDTH)
    return value
