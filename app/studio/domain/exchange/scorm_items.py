"""Choose the questions of a SCORM package and the order in which it shows their options."""

import hashlib
from collections.abc import Collection, Iterable, Sequence

from app.catalogue.domain.items import Choices, Item, ItemForm, ItemKind, Order

# the kinds that the script of a package can score: app/static/package/scorm.js
PLAYABLE = frozenset({ItemKind.SINGLE, ItemKind.SEVERAL, ItemKind.TRUEFALSE, ItemKind.ORDER, ItemKind.NUMBER})


def exported_items(items: Iterable[Item], retired: Collection[str]) -> list[Item]:
    """Return the items of form A that are still in use: a package has no others."""
    return [item for item in items if item.form is ItemForm.A and item.id not in retired]


def is_playable(item: Item) -> bool:
    """Return whether the script of a package can score an item."""
    return item.kind in PLAYABLE


def shown_order(item: Item) -> tuple[int, ...]:
    """Return the positions of the options or entries in the order shown, which is the same in every package.

    Entries to be put in order are never shown in the right order.
    """
    if isinstance(item.answers, Order):
        return _mixed_entries(item.id, len(item.answers.entries))
    if not isinstance(item.answers, Choices):
        return ()
    positions = tuple(range(len(item.answers.options)))
    is_mixed = item.shuffle and item.kind is not ItemKind.TRUEFALSE
    return _mixed(item.id, positions) if is_mixed else positions


def _mixed_entries(item_id: str, count: int) -> tuple[int, ...]:
    positions = tuple(range(count))
    mixed = _mixed(item_id, positions)
    return mixed if mixed != positions else mixed[::-1]


def _mixed(item_id: str, positions: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(positions, key=lambda index: hashlib.sha256(f"{item_id} {index}".encode()).digest()))
