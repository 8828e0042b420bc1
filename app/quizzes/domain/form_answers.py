"""Convert between an answer and the fields of an HTML form; the JSON that is stored is in `answers`.

| kind | fields |
| --- | --- |
| single, truefalse | `choice`: the position of the option |
| several, passages | `choices`, once for each position |
| order | `place-<entry>`: the rank of this entry, from 1 |
| match | `match-<row>`: the row whose right cell was selected |
| sort | `group-<entry>`: the group |
| number, short, open | `answer`; open: `earned`, once for each criterion that the writer ticked |
| gaps | `gap-<gap>`: the text, or the position of the option |
| rating | `rate-<statement>`: the point of the scale |
| mark | `lines`, once for each line: position of the document, hyphen, number of the line |
| pair | `pair-<n>-a` and `pair-<n>-b`: number of a line; `pair-<n>-a-in`, `-b-in`: position of its document |
| fields | `field-<line>`: the entry |
| all with a proof | `proof`: as `lines` |
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.kernel.errors import InputError
from app.quizzes.domain.answers import MOST_PAIRS, Answer, Line, parse, proof_of, sort_targets, to_json

Fields = Mapping[str, list[str]]
Body = dict[str, object]
_WHOLE = re.compile(r"-?[0-9]{1,6}", re.ASCII)
_LINE = re.compile(r"([0-9]{1,6})-([0-9]{1,6})", re.ASCII)
_FIELD = re.compile(r"field-([0-9]{1,6})", re.ASCII)
_UNREADABLE = "This answer cannot be read."


def from_form(item: Item, fields: Fields) -> Answer | None:
    """Read the answer; return None if no field was filled in. Incomplete pairs are left out.

    Raises InputError as `answers.parse` does, and if two entries of an order have the same rank.
    """
    body = _READERS[item.kind](item, fields)
    if item.prove and (proof := _one(fields, "proof")):
        body = (body or {}) | {"proof": _line(proof)}
    return None if body is None else parse(item, body)


def to_form(item: Item, answer: Answer | None) -> dict[str, list[str]]:
    """Return the filled fields from which `from_form` reads this answer."""
    if answer is None:
        return {}
    body: dict[str, Any] = to_json(answer)
    proof = proof_of(answer)
    fields = {} if proof is None else {"proof": [line_name(proof)]}
    if set(body) == {"proof"}:
        return fields
    return fields | _WRITERS[item.kind](body)


def line_name(line: Line) -> str:
    """Return a line as forms name it."""
    return f"{line[0]}-{line[1]}"


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
        raise InputError(_UNREADABLE)
    return int(text)


def _line(text: str) -> Line:
    match = _LINE.fullmatch(text.strip())
    if match is None:
        raise InputError(_UNREADABLE)
    return int(match[1]), int(match[2])


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


def _open(item: Item, fields: Fields) -> dict[str, object] | None:
    body = _text(item, fields)
    earned = [position for text in fields.get("earned", []) if (position := _whole(text)) is not None]
    return body and body | {"earned": earned}


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


def _mark(_: Item, fields: Fields) -> dict[str, object] | None:
    lines = [_line(text) for text in fields.get("lines", []) if text.strip()]
    return {"lines": lines} if lines else None


def _pair(_: Item, fields: Fields) -> dict[str, object] | None:
    pairs: dict[frozenset[Line], tuple[Line, Line]] = {}
    for number in range(MOST_PAIRS):
        first, second = _paired_line(fields, f"pair-{number}-a"), _paired_line(fields, f"pair-{number}-b")
        if first is not None and second is not None and first != second:
            pairs.setdefault(frozenset({first, second}), (first, second))
    return {"pairs": list(pairs.values())} if pairs else None


def _paired_line(fields: Fields, name: str) -> Line | None:
    number = _whole(_one(fields, name))
    return None if number is None else (_whole(_one(fields, f"{name}-in")) or 0, number)


def _entries(_: Item, fields: Fields) -> dict[str, object] | None:
    entries = {}
    for name in fields:
        match = _FIELD.fullmatch(name)
        if match and (text := _one(fields, name)).strip():
            entries[int(match[1])] = text
    return {"entries": entries} if entries else None


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
    ItemKind.OPEN: _open,
    ItemKind.RATING: _rating,
    ItemKind.MARK: _mark,
    ItemKind.PAIR: _pair,
    ItemKind.FIELDS: _entries,
}


def _numbered(prefix: str, parts: Iterable[int | str | None]) -> dict[str, list[str]]:
    return {f"{prefix}-{number}": [str(part)] for number, part in enumerate(parts) if part is not None}


def _pair_fields(pairs: Iterable[tuple[Line, Line]]) -> dict[str, list[str]]:
    fields = {}
    for number, pair in enumerate(pairs):
        for letter, (document, line) in zip("ab", pair, strict=True):
            fields[f"pair-{number}-{letter}"] = [str(line)]
            fields[f"pair-{number}-{letter}-in"] = [str(document)]
    return fields


def _ranks(places: Iterable[int]) -> dict[str, list[str]]:
    return {f"place-{entry}": [str(rank)] for rank, entry in enumerate(places, 1)}


_WRITERS: dict[ItemKind, Callable[[dict[str, Any]], dict[str, list[str]]]] = {
    ItemKind.SINGLE: lambda body: {"choice": [str(body["place"])]},
    ItemKind.TRUEFALSE: lambda body: {"choice": [str(body["place"])]},
    ItemKind.SEVERAL: lambda body: {"choices": list(map(str, body["places"]))},
    ItemKind.ORDER: lambda body: _ranks(body["places"]),
    ItemKind.MATCH: lambda body: _numbered("match", body["rows"]),
    ItemKind.SORT: lambda body: _numbered("group", body["groups"]),
    ItemKind.NUMBER: lambda body: {"answer": [body["text"]]},
    ItemKind.SHORT: lambda body: {"answer": [body["text"]]},
    ItemKind.GAPS: lambda body: _numbered("gap", body["gaps"]),
    ItemKind.PASSAGES: lambda body: {"choices": list(map(str, body["places"]))},
    ItemKind.OPEN: lambda body: {"answer": [body["text"]], "earned": list(map(str, body["earned"]))},
    ItemKind.RATING: lambda body: _numbered("rate", body["values"]),
    ItemKind.MARK: lambda body: {"lines": list(map(line_name, body["lines"]))},
    ItemKind.PAIR: lambda body: _pair_fields(body["pairs"]),
    ItemKind.FIELDS: lambda body: {f"field-{line}": [text] for line, text in body["entries"].items()},
}
