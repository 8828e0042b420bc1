"""Answer types of the fifteen item kinds, and how they are read from JSON.

Positions count from 0 and are positions in the source text: the same in every language, whatever order was shown.
An unanswered part is None. An answer is validated against its item when it is read. With an item that asks for a
proof, the JSON of an answer may also have `"proof": [document, line]`.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.kernel.errors import InputError, TooLargeError
from app.kernel.shapes import ready

MOST_BYTES = 64 * 1024
MOST_LINES = 120  # units of a document
MOST_PAIRS = 12  # pairs of lines in an answer
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
    """open: a text that a person grades. `earned`: the criteria that its writer ticked, in practice."""

    text: str
    earned: tuple[int, ...] = ()


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


AnswerOfKind = (
    ChosenOption
    | ChosenOptions
    | Sequence
    | Matched
    | Sorted
    | Numeric
    | TypedText
    | Filled
    | Picked
    | Essay
    | Rated
    | MarkedLines
    | PairedLines
    | FilledFields
)


class Proved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer with the line that proves it; None if only the line was pointed to."""

    answer: AnswerOfKind | None
    proof: Line


Answer = AnswerOfKind | Proved
ready(ChosenOption, ChosenOptions, Sequence, Matched, Sorted, Numeric, TypedText, Filled, Picked, Essay, Rated)
ready(MarkedLines, PairedLines, FilledFields, Line)


def without_proof(answer: Answer | None) -> AnswerOfKind | None:
    """Return the answer alone."""
    return answer.answer if isinstance(answer, Proved) else answer


def proof_of(answer: Answer | None) -> Line | None:
    """Return the line that the person pointed to, or None."""
    return answer.proof if isinstance(answer, Proved) else None


def places_of(answer: Answer | None) -> list[int]:
    """Return the positions that an answer contains, in its order."""
    alone = without_proof(answer)
    if isinstance(alone, ChosenOption):
        return [alone.place]
    return list(alone.places) if isinstance(alone, ChosenOptions | Sequence) else []


def parse(item: Item, body: object) -> Answer:
    """Read an answer to this item from decoded JSON.

    Raises InputError for another shape, a position or line that the item does not have, or one named twice;
    TooLargeError for a text over 64 KiB.
    """
    if not (item.prove and isinstance(body, dict) and "proof" in body):
        return _parsed(item, body)
    proof = _converted(body["proof"], Line)
    _check_line(item, proof)
    rest = {name: part for name, part in body.items() if name != "proof"}
    return Proved(_parsed(item, rest) if rest else None, proof)


def _parsed(item: Item, body: object) -> AnswerOfKind:
    shape, check = _KINDS[item.kind]
    answer: AnswerOfKind = _converted(body, shape)
    check(item, answer)
    return answer


def _converted(body: object, shape: Any) -> Any:
    try:
        return msgspec.convert(body, shape, str_keys=True)
    except (msgspec.ValidationError, RecursionError, OverflowError) as error:
        raise InputError(_UNREADABLE) from error


def to_json(answer: Answer) -> dict[str, object]:
    """Return the answer as plain values that `parse` reads back."""
    if isinstance(answer, Proved):
        alone = {} if answer.answer is None else to_json(answer.answer)
        return alone | {"proof": list(answer.proof)}
    body: dict[str, object] = msgspec.to_builtins(answer, str_keys=True)
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


def line_of(item: Item, target: items.LineTarget) -> Line:
    """Return the line of a resolved target; a target without a document means the item's only one."""
    return item.document.index(target.document) if target.document else 0, target.line


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


def _check_text(_: Item, answer: Numeric | TypedText) -> None:
    text_within_limit(answer.text)


def _check_essay(item: Item, answer: Essay) -> None:
    text_within_limit(answer.text)
    _distinct(answer.earned, len(item.answers.criteria) if isinstance(item.answers, items.Open) else 0)


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


def lines_of(item: Item, document: int) -> int:
    """Return the number of lines of a document beside the item; the most possible if it is not known."""
    return item.units[document] if document < len(item.units) else MOST_LINES


def form_document(item: Item) -> int:
    """Return the position of the form among the documents of a `fields` item."""
    fields = item.answers.fields if isinstance(item.answers, items.Fields) else ()
    return fields[0].document if fields else 0


def _check_line(item: Item, line: Line) -> None:
    document, number = line
    if not (0 <= document < len(item.document) and 1 <= number <= lines_of(item, document)):
        raise InputError("This line is not in the document.")


def _check_lines(item: Item, lines: tuple[Line, ...]) -> None:
    if len(set(lines)) != len(lines):
        raise InputError("This answer names one line twice.")
    for line in lines:
        _check_line(item, line)


def _check_marked(item: Item, answer: MarkedLines) -> None:
    _check_lines(item, answer.lines)


def _check_paired(item: Item, answer: PairedLines) -> None:
    if len(answer.pairs) > MOST_PAIRS:
        raise InputError("These are too many pairs.")
    for pair in answer.pairs:
        _check_lines(item, pair)
    if len({frozenset(pair) for pair in answer.pairs}) != len(answer.pairs):
        raise InputError("This answer names one pair twice.")


def _check_fields(item: Item, answer: FilledFields) -> None:
    for number in answer.entries:
        _check_line(item, (form_document(item), number))
    text_within_limit("".join(answer.entries.values()))


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
    ItemKind.OPEN: (Essay, _check_essay),
    ItemKind.RATING: (Rated, _check_rated),
    ItemKind.MARK: (MarkedLines, _check_marked),
    ItemKind.PAIR: (PairedLines, _check_paired),
    ItemKind.FIELDS: (FilledFields, _check_fields),
}
