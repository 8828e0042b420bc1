"""Parse and write the `key: value` lines of a bank item: kind, competency, level, form, cite ..."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from app.catalogue.domain.items import Item, ItemForm, ItemKind, Level, LineTarget, Needs, Stance
from app.catalogue.domain.source_lines import KeyLine, Report
from app.catalogue.domain.targets import DOCUMENT_ID, read_prove, write_prove
from app.catalogue.domain.text import normalise

_SCALE = re.compile(r"(-?[0-9]{1,3})\.\.(-?[0-9]{1,3})")
_WORDS = re.compile(r"([0-9]{1,4}) ?\.\. ?([0-9]{1,4})")
_IDEA = re.compile(r"[a-z][a-z0-9-]{0,39}")
_MOST_DOCUMENTS = 3
MOST_TAGS = 20
# up to 50 characters, as in Moodle, without those with which exports write tags
_TAG = re.compile(r"[^=,\[\]\\\x00-\x1f\x7f-\x9f]{1,50}")
_DECIMAL = re.compile(r"[0-9](\.[0-9]{1,6})?")


class ItemKeys(msgspec.Struct, frozen=True):
    """Values of an item's keys, named as in `Item`; `kind` is None if it is missing or wrong."""

    kind: ItemKind | None = None
    competency: str = ""
    level: Level = Level.FOUNDATION
    form: ItemForm | None = None
    cite: tuple[str, ...] = ()
    shuffle: bool = True
    pass_value: float | None = None
    scale: tuple[int, int] = (1, 5)
    unit: str = ""
    skip: str = ""
    document: tuple[str, ...] = ()
    prove: tuple[LineTarget, ...] = ()
    idea: str = ""
    needs: Needs | None = None
    stance: Stance | None = None
    length: tuple[int, int] | None = None  # the key `words`
    tags: tuple[str, ...] = ()


def _cite(value: str) -> tuple[str, ...]:
    cites = tuple(" ".join(cite.split()) for cite in value.split(";"))
    if not all(cites):
        raise ValueError(value)
    return cites


def _shuffle(value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValueError(value)
    return value == "yes"


def read_pass_value(value: str) -> float:
    """Return a pass value from 0 to 1 as written; raise ValueError for anything else."""
    if not _DECIMAL.fullmatch(value) or float(value) > 1:
        raise ValueError(value)
    return float(value)


def _scale(value: str) -> tuple[int, int]:
    match = _SCALE.fullmatch(value)
    if not match or int(match[1]) >= int(match[2]):
        raise ValueError(value)
    return int(match[1]), int(match[2])


def _document(value: str) -> tuple[str, ...]:
    ids = tuple(name.strip() for name in value.split(","))
    known_form = all(re.fullmatch(DOCUMENT_ID, name) for name in ids)
    if not known_form or len(ids) > _MOST_DOCUMENTS or len(set(ids)) < len(ids):
        raise ValueError(value)
    return ids


def _idea(value: str) -> str:
    if not _IDEA.fullmatch(value):
        raise ValueError(value)
    return value


def _words(value: str) -> tuple[int, int]:
    match = _WORDS.fullmatch(value)
    if not match or int(match[1]) > int(match[2]):
        raise ValueError(value)
    return int(match[1]), int(match[2])


def _tags(value: str) -> tuple[str, ...]:
    tags = [tag_of(tag) for tag in value.split(",")]
    if not all(tags) or len(tags) > MOST_TAGS:
        raise ValueError(value)
    return tuple(dict.fromkeys(tags))


def tag_of(text: str) -> str:
    """Return a text as a tag of an item, "" if it cannot be one."""
    tag = " ".join(normalise(text).split())
    return tag if _TAG.fullmatch(tag) else ""


_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "kind": (ItemKind, ", ".join(ItemKind)),
    "competency": (str, "LRE-01"),
    "level": (Level, ", ".join(Level)),
    "form": (ItemForm, ", ".join(ItemForm)),
    "cite": (_cite, "tip-protocol, art. 3(a); untoc, art. 34"),
    "shuffle": (_shuffle, "yes, no"),
    "pass_value": (read_pass_value, "0.7"),
    "scale": (_scale, "1..5"),
    "unit": (str, "km"),
    "skip": (str, ""),
    "document": (_document, "SF-D10, SF-D13"),
    "prove": (read_prove, "4|5|card"),
    "idea": (_idea, "signs-refer"),
    "needs": (Needs, ", ".join(Needs)),
    "stance": (Stance, ", ".join(Stance)),
    "words": (_words, "10..30"),
    "tags": (_tags, "airport, night"),
}

KNOWN = frozenset(_READERS)


def key_examples() -> dict[str, str]:
    """Return the keys of an item with their possible values or an example; empty if any text is allowed."""
    return {name: example for name, (_reader, example) in _READERS.items()}


def field_of(key: str) -> str:
    """Return the field of an item that has the value of a key."""
    return "length" if key == "words" else key


def convert_keys(keys: list[KeyLine], line: int, report: Report) -> ItemKeys:
    """Convert key lines into values; a wrong value and a missing `kind` or `competency` are problems."""
    values = ItemKeys()
    for key in keys:
        reader, example = _READERS[key.name]
        try:
            values = msgspec.structs.replace(values, **{field_of(key.name): reader(key.value)})
        except ValueError:
            message = "%(value)s is not a valid value of the key %(key)s."
            report.error(key.line, message, "Example: %(example)s.", value=key.value, key=key.name, example=example)
    for name, example in (("kind", ", ".join(ItemKind)), ("competency", "LRE-01")):
        if all(key.name != name for key in keys):
            report.error(line, "The item has no key %(key)s.", "Example: %(example)s.", key=name, example=example)
    return values


def written_keys(item: Item) -> dict[str, str]:
    """Return all keys of the item with their values as written, with defaults; an empty text for no value."""
    return {
        "kind": item.kind,
        "competency": item.competency,
        "level": item.level,
        "form": item.form or "",
        "cite": "; ".join(item.cite),
        "shuffle": "yes" if item.shuffle else "no",
        "pass_value": "" if item.pass_value is None else decimal(item.pass_value),
        "scale": f"{item.scale[0]}..{item.scale[1]}",
        "unit": item.unit,
        "skip": item.skip,
        "document": ", ".join(item.document),
        "prove": write_prove(item.prove),
        "idea": item.idea,
        "needs": item.needs or "",
        "stance": item.stance or "",
        "words": f"{item.length[0]}..{item.length[1]}" if item.length else "",
        "tags": ", ".join(item.tags),
    }


def write_keys(item: Item) -> list[str]:
    """Return the key lines of an item, without empty values and the defaults of `shuffle` and `scale`."""
    usual = {"shuffle": "yes", "scale": "1..5"}
    return [f"{name}: {value}" for name, value in written_keys(item).items() if value and usual.get(name) != value]


def decimal(number: float) -> str:
    """Return a number as text with a decimal point and without trailing zeros."""
    return f"{number:.6f}".rstrip("0").rstrip(".")
