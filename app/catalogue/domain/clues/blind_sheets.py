"""Sheets of the blind protocol: items for readers who see the options only, or stem and options, and the key apart."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalogue.domain.clues.choices import BLIND_FORMS, SingleChoice, single_choice
from app.catalogue.domain.items import Item

LETTERS = "abcdefghijklmnopqrstuvwxyz"
STEM_SHEET, OPTIONS_SHEET = "blind-a", "blind-b"  # conditions S and O


@dataclass(frozen=True, slots=True)
class _DrawnItem:
    """A drawn item with the order in which the sheet shows its options."""

    item: Item
    choice: SingleChoice
    order: Sequence[int]


def blind_sheets(banks: Mapping[str, Sequence[Item]], number: int, seed: int) -> dict[str, str]:
    """Return the files of the protocol by name: `blind-a.md` (stem and options), `blind-b.md` (options), `key.json`.

    Of each course `number` single choices of form B or reserve are drawn for each sheet, no item twice, and no two
    items of one document on the sheet with stems. The same seed draws the same items and orders.
    """
    luck = random.Random(seed)  # noqa: S311
    parts: dict[str, list[str]] = {STEM_SHEET: [], OPTIONS_SHEET: []}
    key: dict[str, Any] = {"seed": seed}
    for course, items in banks.items():
        for sheet, drawn in _drawn(items, number, luck):
            parts[sheet].append(_question(drawn, len(parts[sheet]) + 1, with_stem=sheet == STEM_SHEET))
            letter = LETTERS[drawn.order.index(drawn.choice.right)]
            key[f"{sheet} {len(parts[sheet])}"] = {"id": drawn.item.id, "course": course, "right": letter}
    sheets = {f"{name}.md": "\n".join(questions) for name, questions in parts.items()}
    return {**sheets, "key.json": json.dumps(key, indent=1)}


def _drawn(items: Sequence[Item], number: int, luck: random.Random) -> list[tuple[str, _DrawnItem]]:
    pool = [(item, choice) for item in items if item.form in BLIND_FORMS and (choice := single_choice(item))]
    counts = {STEM_SHEET: 0, OPTIONS_SHEET: 0}
    met: set[str] = set()
    drawn = []
    for item, choice in luck.sample(pool, len(pool)):
        sheet = min(counts, key=lambda name: (counts[name], name))
        if met.intersection(item.document):
            sheet = OPTIONS_SHEET
        if counts[sheet] == number:
            continue
        if sheet == STEM_SHEET:
            met.update(item.document)
        counts[sheet] += 1
        order = luck.sample(range(len(choice.options)), len(choice.options))
        drawn.append((sheet, _DrawnItem(item, choice, order)))
    return drawn


def _question(drawn: _DrawnItem, number: int, *, with_stem: bool) -> str:
    options = [f"{LETTERS[position]}) {drawn.choice.options[index]}" for position, index in enumerate(drawn.order)]
    stem = [drawn.item.stem, ""] if with_stem else []
    return "\n".join([f"### {number}", "", *stem, *options, ""])
