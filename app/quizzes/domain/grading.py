"""Grade an answer: the score of the item from 0 to 1, and the score of each part for feedback.

The score depends only on the item's own answer key, never on the stated confidence.
"""

from collections.abc import Callable, Iterable
from math import fsum
from typing import Any

import msgspec

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.quizzes.domain import document_grading, matching
from app.quizzes.domain.answers import (
    Answer,
    AnswerOfKind,
    ChosenOption,
    ChosenOptions,
    Essay,
    Filled,
    FilledFields,
    MarkedLines,
    Matched,
    Numeric,
    PairedLines,
    Picked,
    Rated,
    Sequence,
    Sorted,
    TypedText,
    proof_of,
    right_rows,
    sort_targets,
    without_proof,
)


class ItemScore(msgspec.Struct, frozen=True):
    """The score of an item: `share` is from 0 to 1, `parts` are the same for each part, for feedback.

    A part is: an option or a passage (1 if it was rightly selected or left), an entry, a row that is no distractor, a
    gap, a statement, a line or field of the key, a pair to be found. Kinds without parts have one. `needs_person`: a
    person has yet to grade it; until then it is 0. If the item asks for a proof, `answer` is the score of the answer
    alone and `is_proved` whether the line is right; both are None for other items.
    """

    share: float
    parts: tuple[float, ...] = ()
    needs_person: bool = False
    answer: float | None = None
    is_proved: bool | None = None


UNANSWERED = ItemScore(0.0)


def grade(item: Item, answer: Answer | None) -> ItemScore:
    """Grade an answer that was validated against this item; None scores 0."""
    alone = UNANSWERED if (plain := without_proof(answer)) is None else _graded(item, plain)
    if not item.prove or answer is None or alone.needs_person:
        return alone
    is_proved = document_grading.is_right_line(item, proof_of(answer))
    score = document_grading.proved_score(alone.share, is_proved=is_proved)
    return ItemScore(score, alone.parts, answer=alone.share, is_proved=is_proved)


def _graded(item: Item, answer: AnswerOfKind) -> ItemScore:
    shape, marker = _KINDS[item.kind]
    if not isinstance(answer, shape):
        raise TypeError(f"{type(answer).__name__} is no answer to {item.kind}")
    if item.kind in _IN_DOCUMENTS:
        return ItemScore(*marker(item, answer))
    result: ItemScore = marker(item.answers, _without_unit(item, answer))
    return result


def _without_unit(item: Item, answer: AnswerOfKind) -> AnswerOfKind:
    if isinstance(answer, Numeric) and item.unit:
        return Numeric(matching.without_unit(answer.text, item.unit))
    return answer


def _clipped(score: float) -> float:
    return min(1.0, max(0.0, score))


def _by_part(parts: Iterable[bool]) -> ItemScore:
    rights = tuple(float(part) for part in parts)
    return ItemScore(sum(rights) / len(rights), rights) if rights else UNANSWERED


def _single(answers: items.Choices, answer: ChosenOption) -> ItemScore:
    score = _clipped(answers.options[answer.place].share)
    return ItemScore(score, (score,))


def _several(answers: items.Choices, answer: ChosenOptions) -> ItemScore:
    return _taken([option.share for option in answers.options], frozenset(answer.places))


def _passages(answers: items.Passages, answer: Picked) -> ItemScore:
    return _taken([float(passage.right) for passage in answers.passages], frozenset(answer.places))


def _taken(shares: list[float], taken: frozenset[int]) -> ItemScore:
    """Score a free selection of options, each with its share of the item.

    share = clip(P / F - M, 0, 1), with P the sum of positive shares selected, F the sum of all positive shares, and M
    the sum of deductions for wrongly selected options: the option's own `minus` if it has one, else 1 / (number of
    options that are not right). So selecting everything, or nothing, earns no points.
    """
    full = fsum(share for share in shares if share > 0)
    if full == 0:
        return UNANSWERED
    earned = fsum(shares[position] for position in taken if shares[position] > 0) / full
    parts = tuple(float((position in taken) == (share > 0)) for position, share in enumerate(shares))
    return ItemScore(_clipped(earned - _minus(shares, taken)), parts)


def _minus(shares: list[float], taken: frozenset[int]) -> float:
    """Return the sum of deductions for the options that were wrongly selected."""
    plain = 1 / max(1, sum(share <= 0 for share in shares))
    return fsum(-shares[position] or plain for position in taken if shares[position] <= 0)


def _order(answers: items.Order, answer: Sequence) -> ItemScore:
    """Score by neighbours: an entry is right if it directly follows its right predecessor, the first if it is first.

    One displaced entry then costs only its neighbours, not every position after it. Moodle's ordering question has
    the same rule as "relative to the next item (including last)", counted from the other end.
    """
    before = dict(zip(answer.places, (-1, *answer.places), strict=False))
    return _by_part(before.get(entry) == entry - 1 for entry in range(len(answers.entries)))


def _match(answers: items.Match, answer: Matched) -> ItemScore:
    """Score by row; two rows with the same right cell may be exchanged."""
    texts = [pair.right for pair in answers.pairs]
    chosen = {row: answer.rows[row] for row in right_rows(answers)}
    return _by_part(chosen_row is not None and texts[chosen_row] == texts[row] for row, chosen_row in chosen.items())


def _sort(answers: items.Sort, answer: Sorted) -> ItemScore:
    return _by_part(
        chosen_group == right for chosen_group, right in zip(answer.groups, sort_targets(answers), strict=True)
    )


def _number(answers: items.Number, answer: Numeric) -> ItemScore:
    return _best(
        accepted.share
        for accepted in answers.answers
        if matching.within(answer.text, accepted.value, accepted.tolerance)
    )


def _short(answers: items.Short, answer: TypedText) -> ItemScore:
    if not answer.text.strip():
        return UNANSWERED
    return _best(key.share for key in answers.answers if matching.matches(key.pattern, answer.text))


def _best(shares: Iterable[float]) -> ItemScore:
    score = _clipped(max(shares, default=0.0))
    return ItemScore(score, (score,))


def _gaps(answers: items.Gaps, answer: Filled) -> ItemScore:
    return _by_part(_fills(gap, filling) for gap, filling in zip(answers.gaps, answer.gaps, strict=True))


def _fills(gap: items.Gap, filling: int | str | None) -> bool:
    if isinstance(filling, int):
        return gap.options[filling] in gap.accepted
    return filling is not None and any(matching.alike(filling, accepted) for accepted in gap.accepted)


def _open(_: items.Open, answer: Essay) -> ItemScore:
    return ItemScore(0.0, needs_person=True) if answer.text.strip() else UNANSWERED


def own_score(item: Item, answer: Answer) -> float:
    """Return the share of points that the writer of an open answer ticked: own judgement, never evidence."""
    essay = without_proof(answer)
    if not isinstance(item.answers, items.Open) or not isinstance(essay, Essay):
        return 0.0
    points = [criterion.points for criterion in item.answers.criteria]
    total = fsum(points)
    return fsum(points[position] for position in essay.earned) / total if total else 0.0


def _rating(answers: items.Rating, answer: Rated) -> ItemScore:
    return _by_part(
        value is not None and statement.low <= value <= statement.high
        for statement, value in zip(answers.statements, answer.values, strict=True)
    )


_IN_DOCUMENTS = {ItemKind.MARK, ItemKind.PAIR, ItemKind.FIELDS}
# As in `answers`: each marker takes the answers of its kind (in documents: the item) and the shape beside it.
_KINDS: dict[ItemKind, tuple[type[Any], Callable[[Any, Any], Any]]] = {
    ItemKind.SINGLE: (ChosenOption, _single),
    ItemKind.TRUEFALSE: (ChosenOption, _single),
    ItemKind.SEVERAL: (ChosenOptions, _several),
    ItemKind.ORDER: (Sequence, _order),
    ItemKind.MATCH: (Matched, _match),
    ItemKind.SORT: (Sorted, _sort),
    ItemKind.NUMBER: (Numeric, _number),
    ItemKind.SHORT: (TypedText, _short),
    ItemKind.GAPS: (Filled, _gaps),
    ItemKind.PASSAGES: (Picked, _passages),
    ItemKind.OPEN: (Essay, _open),
    ItemKind.RATING: (Rated, _rating),
    ItemKind.MARK: (MarkedLines, document_grading.mark_parts),
    ItemKind.PAIR: (PairedLines, document_grading.pair_parts),
    ItemKind.FIELDS: (FilledFields, document_grading.field_parts),
}
