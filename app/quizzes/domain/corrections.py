"""Whether a new version of a course corrects the key of a question: the same question, another right answer.

Saved answers are positions in the source. So a question whose entries were reordered (order, match, sort) counts as
another question, and attempts at the old one are not graded again.
"""

from collections.abc import Mapping

import msgspec

from app.catalogue.domain import items
from app.catalogue.domain.items import Answers, Item

FEEDBACK = frozenset({"feedback"})
# the fields of each kind's answers that only grade
KEY_FIELDS: Mapping[type, frozenset[str]] = {
    items.Choices: frozenset({"share", "error"}),
    items.Number: frozenset({"answers"}),
    items.Short: frozenset({"answers"}),
    items.Gaps: frozenset({"accepted"}),
    items.Passages: frozenset({"right"}),
    items.Rating: frozenset({"low", "high"}),
    items.Mark: frozenset({"lines"}),
    items.Pairs: frozenset({"pairs"}),
    items.Fields: frozenset({"accepted"}),
}


def is_corrected(before: Item, now: Item) -> bool:
    """Return whether two items ask the same question and grade at least one answer in another way."""
    return _question(before) == _question(now) and _key(before) != _key(now)


def _question(item: Item) -> tuple[object, ...]:
    """Return what a learner reads before an answer, and the competency."""
    return (
        item.kind, item.competency, item.stem, item.shuffle, item.scale, item.unit, item.document,
        _plain(item.answers, FEEDBACK | KEY_FIELDS.get(type(item.answers), frozenset())),
    )  # fmt: skip


def _key(item: Item) -> tuple[object, ...]:
    """Return what decides the score."""
    return _plain(item.answers, FEEDBACK), item.prove


def _plain(answers: Answers, left_out: frozenset[str]) -> object:
    """Return the answers as plain values without these fields, whatever their depth."""
    return _without(msgspec.to_builtins(answers), left_out)


def _without(value: object, left_out: frozenset[str]) -> object:
    if isinstance(value, dict):
        return {name: _without(part, left_out) for name, part in value.items() if name not in left_out}
    if isinstance(value, list | tuple):
        return [_without(part, left_out) for part in value]
    return value
