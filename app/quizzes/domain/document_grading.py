"""Grade the kinds that are answered in documents: marked lines, pairs, filled fields; and the proof by a line."""

from app.catalogue.domain import items
from app.catalogue.domain.items import Item
from app.quizzes.domain import matching
from app.quizzes.domain.answers import FilledFields, Line, MarkedLines, PairedLines, line_of

HALF_PAIR, WRONG_PAIR = 0.25, 0.5
HALF_PROVED = 0.2
Pair = frozenset[Line]


def mark_parts(item: Item, answer: MarkedLines) -> tuple[float, tuple[float, ...]]:
    """Return the score of marked lines, and for each line that is named in the key 1 if it was treated rightly.

    The score is (right - wrong) / right lines of the key, at least 0. In a document with fewer wrong than right lines a
    wrong line costs more, so that marking everything earns nothing.
    """
    signs = _signs(item)
    marked = set(answer.lines)
    parts = tuple(float((line in marked) == (sign == "+") or sign == "~") for line, sign in signs.items())
    right = {line for line, sign in signs.items() if sign == "+"}
    if not right:
        return 0.0, parts
    wrongly_marked = [line for line in marked if signs.get(line, "-") == "-"]
    score = len(marked & right) / len(right) - len(wrongly_marked) / _lines_of_cost(item, len(right))
    return max(0.0, score), parts


def _signs(item: Item) -> dict[Line, str]:
    """Return the sign of each line that the key names."""
    lines = item.answers.lines if isinstance(item.answers, items.Mark) else ()
    return {line_of(item, line.target): line.sign for line in lines}


def _lines_of_cost(item: Item, right: int) -> int:
    """Return how many wrong lines cost the whole score."""
    if not item.units:
        return right
    wrong_lines = sum(item.units) - sum(sign != "-" for sign in _signs(item).values())
    return max(1, min(right, wrong_lines))


def pair_parts(item: Item, answer: PairedLines) -> tuple[float, tuple[float, ...]]:
    """Return the score of pairs of lines, and for each pair of the key 1, 0.25 if one of its lines was found, or 0.

    Each other pair costs a half.
    """
    key = right_pairs(item)
    if not key:
        return 0.0, ()
    answered = {frozenset(pair) for pair in answer.pairs}
    credit = {pair: float(pair in answered) for pair in key}
    costs = sum(_cost(other, credit) for other in sorted(answered - set(key), key=sorted))
    parts = tuple(credit.values())
    return max(0.0, (sum(parts) - costs) / len(key)), parts


def _cost(other: Pair, credit: dict[Pair, float]) -> float:
    """Return what a pair costs that is not in the key; one with a line of a pair not found yet earns a part of that."""
    half = next((pair for pair, earned in credit.items() if earned == 0 and pair & other), None)
    if half is None:
        return WRONG_PAIR
    credit[half] = HALF_PAIR
    return 0.0


def right_pairs(item: Item) -> list[Pair]:
    """Return the pairs of the key."""
    pairs = item.answers.pairs if isinstance(item.answers, items.Pairs) else ()
    return [frozenset({line_of(item, pair.first), line_of(item, pair.second)}) for pair in pairs if pair.right]


def field_parts(item: Item, answer: FilledFields) -> tuple[float, tuple[float, ...]]:
    """Return the share of labels that are right, and for each label 1 or 0.

    A label that must stay empty earns nothing by itself; an entry there costs one label.
    """
    fields = item.answers.fields if isinstance(item.answers, items.Fields) else ()
    filled = [field for field in fields if field.accepted]
    parts = tuple(float(is_right_entry(field, answer.entries.get(field.line, ""))) for field in fields)
    right = sum(part for field, part in zip(fields, parts, strict=True) if field.accepted)
    spoilt = sum(1 - part for field, part in zip(fields, parts, strict=True) if not field.accepted)
    return max(0.0, (right - spoilt) / len(filled)) if filled else 0.0, parts


def is_right_entry(field: items.FieldEntry, text: str) -> bool:
    """Return whether the entry is accepted, or empty where the field must stay empty."""
    if not field.accepted:
        return not text.strip()
    return bool(text.strip()) and any(_fits(key, text) for key in field.accepted)


def _fits(key: items.FieldKey, text: str) -> bool:
    return matching.within(text, key.text, key.tolerance) or matching.matches(key.text, text)


def is_right_line(item: Item, proof: Line | None) -> bool:
    """Return whether the line proves the answer."""
    return proof is not None and proof in {line_of(item, target) for target in item.prove}


def proved_score(answer: float, *, is_proved: bool) -> float:
    """Return the score of an answer that is to be proved, from the score of the answer alone.

    Right with the line 1; right without it, or the line alone, 0.2; a part only with the line.
    """
    if is_proved:
        return max(answer, HALF_PROVED)
    return HALF_PROVED if answer >= 1 else 0.0
