"""Read an answer from the fields of an HTML form, for pages without scripts; the JSON form is in `answers`.

| kind | fields |
| --- | --- |
| single, truefalse | `choice`: the position of the option |
| several, passages | `choices`, once for each position |
| order | `place-<entry>`: the rank of this entry, from 1 |
| match | `match-<row>`: the row whose right cell was selected |
| sort | `group-<entry>`: the group |
| number, short, open | `answer` |
| gaps | `gap-<gap>`: the text, or the position of the option |
| rating | `rate-<statement>`: the point of the scale |
"""

import re
from collections.abc import Callable, Mapping

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.kernel.errors import InputError
from app.quizzes.domain.answers import Answer, parse, sort_targets

Fields = Mapping[str, list[str]]
_WHOLE = re.compile(r"-?[0-9]{1,6}", re.ASCII)


def from_form(item: Item, fields: Fields) -> Answer | None:
    """Read the answer; return None if no field was filled in.

    Raises InputError as `answers.parse` does, and if two entries of an order have the same rank.
    """
    body = _READERS[item.kind](item, fields)
    return None if body is None else parse(item, body)


def _one(fields: Fields, name: str) -> str:
    values = fields.get(name) or [""]
    if len(values) > 1:
        raise InputError("This answer was sent twice.")
    return values[0]


def _whole(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise InputError("This answer cannot be read.")
    return int(text)


def _numbers(fields: Fields, prefix: str, count: int) -> list[int | None]:
    return [_whole(_one(fields, f"{prefix}-{number}")) for number in range(count)]


def _unless_open(name: str, parts: list[int | None]) -> dict[str, object] | None:
    return None if all(part is None for part in parts) else {name: parts}


def _choice(_: Item, fields: Fields) -> dict[str, object] | None:
    position = _whole(_one(fields, "choice"))
    return None if position is None else {"place": position}


def _choices(_: Item, fields: Fields) -> dict[str, object] | None:
    places = [position for text in fields.get("choices", []) if (position := _whole(text)) is not None]
    return {"places": places} if places else None


def _order(item: Item, fields: Fields) -> dict[str, object] | None:
    count = len(item.answers.entries) if isinstance(item.answers, items.Order) else 0
    ranks = _numbers(fields, "place", count)
    placed = sorted((rank, entry) for entry, rank in enumerate(ranks) if rank is not None)
    if len({rank for rank, _ in placed}) != len(placed):
        raise InputError("Give each line a place of its own.")
    return {"places": [entry for _, entry in placed]} if placed else None


def _match(item: Item, fields: Fields) -> dict[str, object] | None:
    count = len(item.answers.pairs) if isinstance(item.answers, items.Match) else 0
    return _unless_open("rows", _numbers(fields, "match", count))


def _sort(item: Item, fields: Fields) -> dict[str, object] | None:
    count = len(sort_targets(item.answers)) if isinstance(item.answers, items.Sort) else 0
    return _unless_open("groups", _numbers(fields, "group", count))


def _text(_: Item, fields: Fields) -> dict[str, object] | None:
    text = _one(fields, "answer")
    return {"text": text} if text.strip() else None


def _gaps(item: Item, fields: Fields) -> dict[str, object] | None:
    gaps = item.answers.gaps if isinstance(item.answers, items.Gaps) else ()
    fillings: list[int | str | None] = []
    for number, gap in enumerate(gaps):
        text = _one(fields, f"gap-{number}")
        typed = text if text.strip() else None
        fillings.append(_whole(text) if gap.mode == "chosen" else typed)
    return None if all(part is None for part in fillings) else {"gaps": fillings}


def _rating(item: Item, fields: Fields) -> dict[str, object] | None:
    count = len(item.answers.statements) if isinstance(item.answers, items.Rating) else 0
    return _unless_open("values", _numbers(fields, "rate", count))


_READERS: dict[ItemKind, Callable[[Item, Fields], dict[str, object] | None]] = {
    ItemKind.SINGLE: _choice,
    ItemKind.TRUEFALSE: _choice,
    ItemKind.SEVERAL: _choices,
    ItemKind.ORDER: _order,
    ItemKind.MATCH: _match,
    ItemKind.SORT: _sort,
    ItemKind.NUMBER: _text,
    ItemKind.SHORT: _text,
    ItemKind.GAPS: _gaps,
    ItemKind.PASSAGES: _choices,
    ItemKind.OPEN: _text,
    ItemKind.RATING: _rating,
}
