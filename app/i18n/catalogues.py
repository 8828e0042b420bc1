"""Compile message catalogues (`.po` to `.mo`), and find missing, stale, fuzzy and inconsistent entries."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

_PLACE = re.compile(r"%\((\w+)\)[sd]|%%")


def make_missing(folder: Path) -> dict[str, Translations]:
    """Write each `.mo` that is older than its `.po`, or missing; return by locale those that this user may not write.

    An installed program belongs to another user: `flask translations compile` makes its catalogues beforehand.
    """
    return _compile(po for po in _sources(folder) if not _is_compiled(po))


def make_all(folder: Path) -> dict[str, Translations]:
    """Write each `.mo`, whatever its time: files of a new version may be older; return as `make_missing` does."""
    return _compile(_sources(folder))


def _sources(folder: Path) -> Iterator[Path]:
    return folder.glob("*/LC_MESSAGES/*.po")


def _is_compiled(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime


def _compile(sources: Iterable[Path]) -> dict[str, Translations]:
    unwritten = {}
    for po in sources:
        compiled = BytesIO()
        write_mo(compiled, read(po))
        fresh = po.with_suffix(f".{id(po)}.tmp")
        try:
            fresh.write_bytes(compiled.getvalue())
            fresh.replace(po.with_suffix(".mo"))
        except OSError:  # of another user, or read-only
            with suppress(OSError):  # a read-only file system also refuses to delete a file that is not there
                fresh.unlink()
            compiled.seek(0)
            unwritten[po.parent.parent.name] = Translations(compiled, po.stem)
    return unwritten


def read(po: Path) -> Catalog:
    """Return a catalogue from its file."""
    with po.open("rb") as file:
        return read_po(file, locale=po.parent.parent.name)


def faults(wanted: Catalog, catalog: Catalog) -> Iterator[str]:
    """Yield a message for each entry of `catalog` that is missing, stale, fuzzy or has other placeholders."""
    locale = catalog.locale_identifier
    for message in wanted:
        if message.id:
            yield from _entry_faults(locale, message, catalog.get(message.id, message.context))
    for message in catalog:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"{locale}: stale: {_key(message)}"


def _entry_faults(locale: str | None, message: Message, entry: Message | None) -> Iterator[str]:
    if entry is None or not all(_texts(entry)):
        yield f"{locale}: missing: {_key(message)}"
    elif entry.fuzzy:
        yield f"{locale}: not checked (fuzzy): {_key(message)}"
    else:
        yield from _broken(locale, message, entry)


def _broken(locale: str | None, message: Message, entry: Message) -> Iterator[str]:
    wanted = set(_PLACE.findall(_key(message)))
    if isinstance(message.id, tuple):
        wanted |= set(_PLACE.findall(message.id[1]))
    for text in _texts(entry):
        names = set(_PLACE.findall(text))
        # a plural form may leave the number out ("one lesson"), never bring a new name
        if names - wanted or (not isinstance(message.id, tuple) and wanted - names):
            yield f"{locale}: places differ: {_key(message)}"


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else str(message.id)


def _texts(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string),)
