"""Answer types of the twelve item kinds, and how they are read from JSON.

Positions count from 0 and are positions in the source text: the same in every language, whatever order was shown.
An unanswered part is None. An answer is validated against its item when it is read.
"""

from collections.abc import Callable
from typing import Any, assert_never

import msgspec

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.kernel.errors import InputError, TooLargeError
from app.kernel.shapes import ready

MOST_BYTES = 64 * 1024
_UNREADABLE = "This answer cannot be read."


class ChosenOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """single, truefalse: the selected option."""

    place: int


class ChosenOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """several: the selected options, in any order."""

    places: tuple[int, ...]


class Sequence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """order: the entries in the person's order; entries without a position yet are left out."""

    places: tuple[int, ...]


class Matched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """match: for each row of the table the row whose right cell was chosen; None for a distractor's row."""

    rows: tuple[int | None, ...]


class Sorted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """sort: for each entry, counted through all groups, the group it was put into."""

    groups: tuple[int | None, ...]


class Numeric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """number: the number as typed, with any digits and decimal sign."""

    text: str


class TypedText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """short: the text as typed."""

    text: str


class Filled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """gaps: for each gap the typed text, or the position of the selected option."""

    gaps: tuple[int | str | None, ...]


class Picked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """passages: the selected passages, in any order."""

    places: tuple[int, ...]


class Essay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """open: a text that a trainer grades."""

    text: str


class Rated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """rating: for each statement the point of the scale."""

    values: tuple[int | None, ...]


Line = tuple[int, int]  # position of the document in `Item.document` from 0, number of the line from 1


class MarkedLines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """mark: the marked lines, in any order."""

    lines: tuple[Line, ...]


class PairedLines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """pair: the pairs of lines that were found, in any order."""

    pairs: tuple[tuple[Line, Line], ...]


class FilledFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """fields: the entries that were filled, by the number of the form's line; empty ones are left out."""

    entries: dict[int, str]


Answer = (
    ChosenOption | ChosenOptions | Sequence | Matched | Sorted | Numeric | TypedText | Filled | Picked | Essay | Rated
)
ready(ChosenOption, ChosenOptions, Sequence, Matched, Sorted, Numeric, TypedText, Filled, Picked, Essay, Rated)


def places_of(answer: Answer | None) -> list[int]:
    """Return the positions that an answer contains, in its order."""
    match answer:
        case ChosenOption(position):
            return [position]
        case ChosenOptions(places) | Sequence(places):
            return list(places)
        case Matched() | Sorted() | Numeric() | TypedText() | Filled() | Picked() | Essay() | Rated() | None:
            return []
        case _:
            assert_never(answer)


def parse(item: Item, body: object) -> Answer:
    """Read an answer to this item from decoded JSON.

    Raises InputError for another shape, a position that the item does not have, or a position named twice;
    TooLargeError for a text over 64 KiB.
    """
    shape, check = _KINDS[item.kind]
    try:
        answer: Answer = msgspec.convert(body, shape)
    except (msgspec.ValidationError, RecursionError, OverflowError) as error:
        raise InputError(_UNREADABLE) from error
    check(item, answer)
    return answer


def to_json(answer: Answer) -> dict[str, object]:
    """Return the answer as plain values that `parse` reads back."""
    body: dict[str, object] = msgspec.to_builtins(answer)
    return body


def text_within_limit(text: str) -> str:
    """Return the text; raise TooLargeError over 64 KiB, InputError for NUL and half surrogates."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise InputError(_UNREADABLE) from error
    if size > MOST_BYTES:
        raise TooLargeError("This text is too long.")
    if "\0" in text:
        raise InputError(_UNREADABLE)
    return text


def right_rows(answers: items.Match) -> list[int]:
    """Return the rows to be matched: those that are no distractor."""
    return [row for row, pair in enumerate(answers.pairs) if pair.left]


def sort_targets(answers: items.Sort) -> list[int]:
    """Return the right group of each entry, entries counted through all groups."""
    return [place for place, group in enumerate(answers.groups) for _ in group.entries]


def _within(position: int, count: int) -> None:
    if not 0 <= position < count:
        raise InputError("This option does not belong to the question.")


def _as_many(count: int, wanted: int) -> None:
    if count != wanted:
        raise InputError("This answer has another number of parts than the question.")


def _distinct(places: tuple[int, ...], count: int) -> None:
    if len(set(places)) != len(places):
        raise InputError("This answer names one option twice.")
    for position in places:
        _within(position, count)


def _check_choice(item: Item, answer: ChosenOption) -> None:
    _within(answer.place, len(_choices(item)))


def _check_chosen(item: Item, answer: ChosenOptions) -> None:
    _distinct(answer.places, len(_choices(item)))


def _choices(item: Item) -> tuple[items.Option, ...]:
    return item.answers.options if isinstance(item.answers, items.Choices) else ()


def _check_sequence(item: Item, answer: Sequence) -> None:
    entries = item.answers.entries if isinstance(item.answers, items.Order) else ()
    _distinct(answer.places, len(entries))


def _check_matched(item: Item, answer: Matched) -> None:
    pairs = item.answers.pairs if isinstance(item.answers, items.Match) else ()
    _as_many(len(answer.rows), len(pairs))
    for pair, row in zip(pairs, answer.rows, strict=True):
        if row is not None:
            _within(row, len(pairs) if pair.left else 0)


def _check_sorted(item: Item, answer: Sorted) -> None:
    if not isinstance(item.answers, items.Sort):
        raise InputError(_UNREADABLE)
    _as_many(len(answer.groups), len(sort_targets(item.answers)))
    for group in answer.groups:
        if group is not None:
            _within(group, len(item.answers.groups))


def _check_text(_: Item, answer: Numeric | TypedText | Essay) -> None:
    text_within_limit(answer.text)


def _check_filled(item: Item, answer: Filled) -> None:
    gaps = item.answers.gaps if isinstance(item.answers, items.Gaps) else ()
    _as_many(len(answer.gaps), len(gaps))
    for gap, filling in zip(gaps, answer.gaps, strict=True):
        if isinstance(filling, int):
            _within(filling, len(gap.options) if gap.mode == "chosen" else 0)
        elif filling is not None:
            _check_typed(gap, filling)
    text_within_limit("".join(filling for filling in answer.gaps if isinstance(filling, str)))


def _check_typed(gap: items.Gap, text: str) -> None:
    if gap.mode != "typed":
        raise InputError("This gap is filled by choosing.")
    text_within_limit(text)


def _check_picked(item: Item, answer: Picked) -> None:
    passages = item.answers.passages if isinstance(item.answers, items.Passages) else ()
    _distinct(answer.places, len(passages))


def _check_rated(item: Item, answer: Rated) -> None:
    statements = item.answers.statements if isinstance(item.answers, items.Rating) else ()
    _as_many(len(answer.values), len(statements))
    low, high = item.scale
    if any(value is not None and not low <= value <= high for value in answer.values):
        raise InputError("This point is not on the scale.")


# The second of each pair takes the first: a table of kinds cannot say that to a type checker, hence Any.
_KINDS: dict[ItemKind, tuple[type[Any], Callable[[Item, Any], None]]] = {
    ItemKind.SINGLE: (ChosenOption, _check_choice),
    ItemKind.TRUEFALSE: (ChosenOption, _check_choice),
    ItemKind.SEVERAL: (ChosenOptions, _check_chosen),
    ItemKind.ORDER: (Sequence, _check_sequence),
    ItemKind.MATCH: (Matched, _check_matched),
    ItemKind.SORT: (Sorted, _check_sorted),
    ItemKind.NUMBER: (Numeric, _check_text),
    ItemKind.SHORT: (TypedText, _check_text),
    ItemKind.GAPS: (Filled, _check_filled),
    ItemKind.PASSAGES: (Picked, _check_picked),
    ItemKind.OPEN: (Essay, _check_text),
    ItemKind.RATING: (Rated, _check_rated),
}
