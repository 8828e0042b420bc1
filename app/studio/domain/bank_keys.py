"""Change the `key: value` lines of items within the text of their bank, and copy an item as a parallel form."""

import re
from collections.abc import Collection, Mapping
from itertools import takewhile

from app.catalogue.domain.item_keys import KNOWN
from app.catalogue.domain.items import ItemForm
from app.kernel.errors import DomainError
from app.studio.domain.bank_text import CONTROL, HEADING, add_item, item_text, with_item

KEYS = ("kind", "competency", "level", "form", "cite", "shuffle", "pass_value", "scale", "unit", "skip")
_KEY = re.compile(r"([a-z_]+):")
_PARALLEL: Mapping[str, str] = {ItemForm.A: ItemForm.B, ItemForm.B: ItemForm.A, "": ItemForm.B}


def duplicate(bank_text: str, item_id: str, new_id: str) -> str:
    """Return the bank with a copy of an item after it, as the other parallel form.

    The copy of form A is form B and the reverse; an item without a form becomes form A, its copy form B.
    """
    text = item_text(bank_text, item_id)
    form = key_value(text, "form")
    if not form:
        bank_text = with_item(bank_text, item_id, _with_key(text, "form", ItemForm.A))
    copy = _with_key(text, "form", _PARALLEL.get(form, form))
    _, newline, body = copy.partition("\n")
    return add_item(bank_text, f"{HEADING}{new_id}{newline}{body}", title="", after=item_id)


def with_keys(bank_text: str, item_ids: Collection[str], key: str, value: str) -> str:
    """Return the bank with another value of a key in these items; an empty value removes the key."""
    if key not in KNOWN or "\n" in value or CONTROL.search(value):
        raise DomainError("This value cannot be used.")
    for item_id in item_ids:
        bank_text = with_item(bank_text, item_id, _with_key(item_text(bank_text, item_id), key, value.strip()))
    return bank_text


def key_value(text: str, key: str) -> str:
    """Return the value of a key of an item, an empty text if it is absent."""
    for line in _key_lines(text.split("\n")):
        if _name(line) == key:
            return line.partition(":")[2].strip()
    return ""


def _with_key(text: str, key: str, value: str) -> str:
    lines = text.split("\n")
    written = [f"{key}: {value}"] if value else []
    names = [_name(line) for line in _key_lines(lines)]
    if key in names:
        index = 1 + names.index(key)
        lines[index : index + 1] = written
    else:
        index = 1 + _position(names, key)
        lines[index:index] = written
    return "\n".join(lines)


def _position(names: list[str], key: str) -> int:
    """Return the index for a new key line: after the last line whose key comes earlier in the usual order."""
    earlier = KEYS[: KEYS.index(key)]
    return max((index + 1 for index, name in enumerate(names) if name in earlier), default=0)


def _key_lines(lines: list[str]) -> list[str]:
    return list(takewhile(lambda line: line.strip(), lines[1:]))


def _name(line: str) -> str:
    match = _KEY.match(line)
    return match[1] if match else ""
