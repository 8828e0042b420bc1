"""The answers of a question as rows of the form: options, entries, pairs, numbers ..., and back.

| kind | columns of a row |
| --- | --- |
| single, several, truefalse | text, right, reason, part |
| order | text, reason |
| match | left, text |
| sort | group, text, reason; an empty group is that of the row above |
| number | text, tolerance, part, reason |
| short | text, part, reason |
| open | name, points, text |
| rating | text, low, high, reason |
| mark | sign, line, reason |
| pair | sign, first, second, reason |
| fields | label, entry, reason; an empty label is that of the row above, a field without an entry stays empty |

gaps and passages are one text in the notation of the format. A row without any text is left out.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.catalogue.domain.answer_readers import with_error
from app.catalogue.domain.document_answers import written_key
from app.catalogue.domain.gap_text import write_gaps, write_passages
from app.catalogue.domain.item_keys import decimal
from app.catalogue.domain.items import (
    Answers,
    Choices,
    Fields,
    Gaps,
    ItemKind,
    Mark,
    Match,
    Number,
    Open,
    Order,
    Pairs,
    Passages,
    Rating,
    Short,
    Sort,
)
from app.catalogue.domain.source_lines import stripped_text
from app.catalogue.domain.targets import write_target
from app.catalogue.domain.text import normalise

Row = Mapping[str, str]
_CHOICE = ("text", "right", "reason", "part")
COLUMNS: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.SINGLE: _CHOICE,
    ItemKind.SEVERAL: _CHOICE,
    ItemKind.TRUEFALSE: _CHOICE,
    ItemKind.ORDER: ("text", "reason"),
    ItemKind.MATCH: ("left", "text"),
    ItemKind.SORT: ("group", "text", "reason"),
    ItemKind.NUMBER: ("text", "tolerance", "part", "reason"),
    ItemKind.SHORT: ("text", "part", "reason"),
    ItemKind.GAPS: (),
    ItemKind.PASSAGES: (),
    ItemKind.OPEN: ("name", "points", "text"),
    ItemKind.RATING: ("text", "low", "high", "reason"),
    ItemKind.MARK: ("sign", "line", "reason"),
    ItemKind.PAIR: ("sign", "first", "second", "reason"),
    ItemKind.FIELDS: ("label", "entry", "reason"),
}
HEADS: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.MATCH: ("left", "text"),
    ItemKind.OPEN: ("name", "points", "text"),
}
TEXT_KINDS = frozenset({ItemKind.GAPS, ItemKind.PASSAGES})
MOST_ROWS = 40
RIGHT = "y"


def field_text(text: str) -> str:
    """Return a typed text as the reader of the format would return it."""
    return stripped_text(normalise(text).split("\n")).lstrip()


def one_line(text: str) -> str:
    """Return a typed text on one line, as the reader would return a key or the cell of a table."""
    return " ".join(line.strip() for line in field_text(text).split("\n"))


def rows_of(answers: Answers) -> tuple[Row, ...]:
    """Return the rows of an item's answers; none for a text with gaps or passages."""
    return tuple(_ROWS[type(answers)](answers))


def heads_of(answers: Answers) -> tuple[str, ...]:
    """Return the titles of the columns, of the kinds that are a table."""
    return answers.heads if isinstance(answers, Match | Open) else ()


def text_of(answers: Answers) -> str:
    """Return the text with gaps or passages in the notation of the format; an empty text for other kinds."""
    if isinstance(answers, Gaps):
        return write_gaps(answers, targets=True)
    return write_passages(answers, targets=True) if isinstance(answers, Passages) else ""


def _options(choices: Choices) -> Iterable[Row]:
    for option in choices.options:
        yield {
            "text": with_error(option.text, option.error) if option.error else option.text,
            # a radio button of a partly right option would take the tick of the right one
            "right": RIGHT if option.share == 1 else "",
            "reason": option.feedback,
            "part": "" if option.share in (0.0, 1.0) else _percent(option.share),
        }


def _entries(order: Order) -> Iterable[Row]:
    return ({"text": entry.text, "reason": entry.feedback} for entry in order.entries)


def _pairs(match: Match) -> Iterable[Row]:
    return ({"left": pair.left, "text": pair.right} for pair in match.pairs)


def _grouped(sort: Sort) -> Iterable[Row]:
    """Return the entries; only the first one of a group names it."""
    for group in sort.groups:
        for index, entry in enumerate(group.entries):
            yield {"group": "" if index else group.title, "text": entry.text, "reason": entry.feedback}


def _numbers(number: Number) -> Iterable[Row]:
    for answer in number.answers:
        row = {"text": answer.value, "tolerance": answer.tolerance}
        yield {**row, "part": _part(answer.share), "reason": answer.feedback}


def _accepted(short: Short) -> Iterable[Row]:
    for answer in short.answers:
        yield {"text": answer.pattern, "part": _part(answer.share), "reason": answer.feedback}


def _criteria(rubric: Open) -> Iterable[Row]:
    return ({"name": row.name, "points": decimal(row.points), "text": row.earns} for row in rubric.criteria)


def _statements(rating: Rating) -> Iterable[Row]:
    for statement in rating.statements:
        limits = {"low": str(statement.low), "high": str(statement.high)}
        yield {"text": statement.text, **limits, "reason": statement.feedback}


def _marked(answers: Mark) -> Iterable[Row]:
    for line in answers.lines:
        yield {"sign": line.sign, "line": write_target(line.target), "reason": line.feedback}


def _paired(pairs: Pairs) -> Iterable[Row]:
    for pair in pairs.pairs:
        lines = {"first": write_target(pair.first), "second": write_target(pair.second)}
        yield {"sign": "+" if pair.right else "-", **lines, "reason": pair.feedback}


def _form_fields(fields: Fields) -> Iterable[Row]:
    """Return a row for each accepted entry; only the first one of a field names it and has its reason."""
    for field in fields.fields:
        entries = [written_key(key) for key in field.accepted] or [""]
        yield {"label": field.label, "entry": entries[0], "reason": field.feedback}
        yield from ({"label": "", "entry": entry, "reason": ""} for entry in entries[1:])


def _none(_: Gaps | Passages) -> Iterable[Row]:
    return ()


def _part(credit: float) -> str:
    return "" if credit == 1 else _percent(credit)


def _percent(credit: float) -> str:
    return str(round(credit * 100))


# Each function takes the answers beside it: a table of types cannot say that to a type checker, hence Any.
_ROWS: dict[type, Callable[[Any], Iterable[Row]]] = {
    Choices: _options,
    Order: _entries,
    Match: _pairs,
    Sort: _grouped,
    Number: _numbers,
    Short: _accepted,
    Gaps: _none,
    Passages: _none,
    Open: _criteria,
    Rating: _statements,
    Mark: _marked,
    Pairs: _paired,
    Fields: _form_fields,
}
