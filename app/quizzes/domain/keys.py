"""Build the full answer of an item from its answer key; only the demonstration uses it, to answer tests."""

from collections.abc import Callable
from typing import Any

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.quizzes.domain.answers import (
    Answer,
    AnswerOfKind,
    ChosenOption,
    ChosenOptions,
    Filled,
    FilledFields,
    MarkedLines,
    Matched,
    Numeric,
    PairedLines,
    Picked,
    Proved,
    Rated,
    Sequence,
    Sorted,
    TypedText,
    line_of,
    sort_targets,
)


def key(item: Item) -> Answer | None:
    """Return an answer with the full score of the item; None for open items, which have no answer key."""
    in_documents = _DOCUMENT_KEYS.get(item.kind)
    answer = in_documents(item) if in_documents else _KEYS[item.kind](item.answers)
    return Proved(answer, line_of(item, item.prove[0])) if item.prove and answer is not None else answer


def _single(answers: items.Choices) -> AnswerOfKind:
    shares = [option.share for option in answers.options]
    return ChosenOption(shares.index(max(shares)))


def _several(answers: items.Choices) -> AnswerOfKind:
    return ChosenOptions(tuple(place for place, option in enumerate(answers.options) if option.share > 0))


def _order(answers: items.Order) -> AnswerOfKind:
    return Sequence(tuple(range(len(answers.entries))))


def _match(answers: items.Match) -> AnswerOfKind:
    return Matched(tuple(row if pair.left else None for row, pair in enumerate(answers.pairs)))


def _sort(answers: items.Sort) -> AnswerOfKind:
    return Sorted(tuple(sort_targets(answers)))


def _number(answers: items.Number) -> AnswerOfKind:
    return Numeric(max(answers.answers, key=lambda accepted: accepted.share).value)


def _short(answers: items.Short) -> AnswerOfKind:
    return TypedText(_without_stars(max(answers.answers, key=lambda accepted: accepted.share).pattern))


def _without_stars(pattern: str) -> str:
    return pattern.replace("\\*", "\0").replace("*", "").replace("\0", "*")


def _gaps(answers: items.Gaps) -> AnswerOfKind:
    return Filled(tuple(_filling(gap) for gap in answers.gaps))


def _filling(gap: items.Gap) -> int | str:
    return gap.options.index(gap.accepted[0]) if gap.mode == "chosen" else gap.accepted[0]


def _passages(answers: items.Passages) -> AnswerOfKind:
    return Picked(tuple(place for place, passage in enumerate(answers.passages) if passage.right))


def _rating(answers: items.Rating) -> AnswerOfKind:
    return Rated(tuple(statement.low for statement in answers.statements))


def _mark(item: Item) -> AnswerOfKind:
    lines = item.answers.lines if isinstance(item.answers, items.Mark) else ()
    return MarkedLines(tuple(line_of(item, line.target) for line in lines if line.sign == "+"))


def _pair(item: Item) -> AnswerOfKind:
    pairs = item.answers.pairs if isinstance(item.answers, items.Pairs) else ()
    return PairedLines(tuple((line_of(item, pair.first), line_of(item, pair.second)) for pair in pairs if pair.right))


def _fields(item: Item) -> AnswerOfKind:
    fields = item.answers.fields if isinstance(item.answers, items.Fields) else ()
    filled = [field for field in fields if field.accepted]
    return FilledFields({field.line: _without_stars(field.accepted[0].text) for field in filled})


_DOCUMENT_KEYS: dict[ItemKind, Callable[[Item], AnswerOfKind]] = {
    ItemKind.MARK: _mark,
    ItemKind.PAIR: _pair,
    ItemKind.FIELDS: _fields,
}
_KEYS: dict[ItemKind, Callable[[Any], AnswerOfKind | None]] = {
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
