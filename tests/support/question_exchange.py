"""Options for importing questions in tests, and items as an import returns them."""

from itertools import count

import msgspec

from app.catalogue.domain.items import Item
from app.studio.domain.exchange.shapes import ImportedItem, ImportOptions, ImportResult


def import_options() -> ImportOptions:
    """Return options with as many ids as needed."""
    return ImportOptions((f"X{number}-Q01" for number in count(1)), "LRE-01")


def only_item(result: ImportResult) -> ImportedItem:
    """Return the only item of a result without refused questions."""
    assert [str(note) for note in result.notes] == []
    assert result.refused == ()
    (imported,) = result.items
    return imported


def with_former_id(imported: ImportedItem) -> Item:
    """Return the item with the id that it had before its export."""
    return msgspec.structs.replace(imported.item, id=imported.former_id)


def messages(imported: ImportedItem) -> list[str]:
    """Return the messages of an item's notes, filled in."""
    return [note.message % note.values for note in imported.notes]
