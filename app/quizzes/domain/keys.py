"""Build the full answer of an item from its answer key; only the demonstration uses it, to answer tests."""

from collections.abc import Callable
from typing import Any

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.quizzes.domain.answers import (
    Answer,
    ChosenOption,
    ChosenOptions,
    Filled,
    Matched,
    Numeric,
    Picked,
    Rated,
    Sequence,
    Sorted,
    TypedText,
    sort_targets,
)


def key(item: Item) -> Answer | None:
    """Return an answer with the full score of the item; None for open items, which have no answer key."""
    return _KEYS[item.kind](item.answers)


def _single(answers: items.Choices) -> Answer:
    shares = [option.share for option in answers.options]
    return ChosenOption(shares.index(max(shares)))


def _several(answers: items.Choices) -> Answer:
    return ChosenOptions(tuple(place for place, option in enumerate(answers.options) if option.share > 0))


def _order(answers: items.Order) -> Answer:
    return Sequence(tuple(range(len(answers.entries))))


def _match(answers: items.Match) -> Answer:
    return Matched(tuple(row if pair.left else None for row, pair in enumerate(answers.pairs)))


def _sort(answers: items.Sort) -> Answer:
    return Sorted(tuple(sort_targets(answers)))


def _number(answers: items.Number) -> Answer:
    return Numeric(max(answers.answers, key=lambda accepted: accepted.share).value)


def _short(answers: items.Short) -> Answer:
    pattern = max(answers.answers, key=lambda accepted: accepted.share).pattern
    return TypedText(pattern.replace("\\*", "\0").replace("*", "").replace("\0", "*"))


def _gaps(answers: items.Gaps) -> Answer:
    return Filled(tuple(_filling(gap) for gap in answers.gaps))


def _filling(gap: items.Gap) -> int | str:
    return gap.options.index(gap.accepted[0]) if gap.mode == "chosen" else gap.accepted[0]


def _passages(answers: items.Passages) -> Answer:
    return Picked(tuple(place for place, passage in enumerate(answers.passages) if passage.right))


def _rating(answers: items.Rating) -> Answer:
    return Rated(tuple(statement.low for statement in answers.statements))


_KEYS: dict[ItemKind, Callable[[Any], Answer | None]] = {
    ItemKind.SINGLE: _single,
    ItemKind.TRUEFALSE: _single,
    ItemKind.SEVERAL: _several,
    ItemKind.ORDER: _order,
    ItemKind.MATCH: _match,
    ItemKind.SORT: _sort,
    ItemKind.NUMBER: _number,
    ItemKind.SHORT: _short,
    ItemKind.GAPS: _gaps,
    ItemKind.PASSAGES: _passages,
    ItemKind.OPEN: lambda _: None,
    ItemKind.RATING: _rating,
}
