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
    answer = _document_key(item) if item.kind in _DOCUMENT_KINDS else _KEYS[item.kind](item.answers)
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


_DOCUMENT_KINDS = {ItemKind.MARK, ItemKind.PAIR, ItemKind.FIELDS}


def _document_key(item: Item) -> AnswerOfKind:
    match item.answers:
        case items.Mark(lines):
            return MarkedLines(tuple(line_of(item, line.target) for line in lines if line.sign == "+"))
        case items.Pairs(pairs):
            right = [pair for pair in pairs if pair.right]
            return PairedLines(tuple((line_of(item, pair.first), line_of(item, pair.second)) for pair in right))
        case items.Fields(fields):
            filled = [field for field in fields if field.accepted]
            return FilledFields({field.line: _without_stars(field.accepted[0].text) for field in filled})
    raise TypeError(item.kind)


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
