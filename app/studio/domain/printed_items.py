"""Write the items of a bank as Markdown for a printed version: without keys, hints and feedback."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.catalogue.domain.items import (
    Choices,
    Fields,
    Gaps,
    Item,
    ItemForm,
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

BLANK = "\\_" * 12
MOST_CHARACTERS = 12_000  # of a text: at most 60 KB in any script
_LINES = 4  # of an open answer


def printed_items(items: Iterable[Item]) -> list[str]:
    """Return the items of form A, numbered, as texts that are short enough to be rendered.

    Options and entries are in an order that says nothing about the key.
    """
    texts: list[str] = []
    of_form_a = [item for item in items if item.form is ItemForm.A]
    for number, item in enumerate(of_form_a, 1):
        text = f"## {number}\n\n{_item(item)}"
        if texts and len(texts[-1]) + len(text) < MOST_CHARACTERS:
            texts[-1] += f"\n\n{text}"
        else:
            texts.append(text)
    return texts


def _item(item: Item) -> str:
    answers = _WRITERS[type(item.answers)](item.answers)
    return "\n\n".join(part for part in (item.stem, answers, item.unit) if part)


def _mixed(texts: Iterable[str]) -> list[str]:
    """Return texts in the order of their hashes: the order of the file would tell the key."""
    return sorted(set(texts), key=lambda text: hashlib.sha256(text.encode()).digest())


def _list(texts: Sequence[str]) -> str:
    return "\n".join(_entry(text) for text in texts)


def _entry(text: str) -> str:
    first, *further = text.split("\n")
    return "\n".join([f"- {first}", *(f"    {line}" if line else "" for line in further)])


def _choices(answers: Choices) -> str:
    return _list(_mixed(option.text for option in answers.options))


def _order(answers: Order) -> str:
    return _list(_mixed(entry.text for entry in answers.entries))


def _match(answers: Match) -> str:
    left = [pair.left for pair in answers.pairs if pair.left]
    right = _mixed(pair.right for pair in answers.pairs)
    return "\n\n".join([f"**{answers.heads[0]}**", _list(left), f"**{answers.heads[1]}**", _list(right)])


def _sort(answers: Sort) -> str:
    entries = _mixed(entry.text for group in answers.groups for entry in group.entries)
    titles = " / ".join(f"**{group.title}**" for group in answers.groups)
    return f"{titles}\n\n{_list(entries)}"


def _blank(_answers: Number | Short) -> str:
    return BLANK


def _gaps(answers: Gaps) -> str:
    fillings = [f"({' / '.join(_mixed(gap.options))})" if gap.options else BLANK for gap in answers.gaps]
    return _joined(answers.parts, fillings)


def _passages(answers: Passages) -> str:
    return _joined(answers.parts, [f"[{passage.text}]" for passage in answers.passages])


def _joined(parts: Sequence[str], fillings: Sequence[str]) -> str:
    return "".join(part + filling for part, filling in zip(parts, [*fillings, ""], strict=True))


def _open(_answers: Open) -> str:
    return "\n\n".join([BLANK * 4] * _LINES)


def _rating(answers: Rating) -> str:
    return _list([f"{statement.text} {BLANK}" for statement in answers.statements])


def _lines(answers: Mark | Pairs) -> str:
    return BLANK * 4


def _fields(answers: Fields) -> str:
    return _list([f"{field.label} {BLANK}" for field in answers.fields])


_WRITERS: dict[type, Callable[[Any], str]] = {
    Choices: _choices,
    Order: _order,
    Match: _match,
    Sort: _sort,
    Number: _blank,
    Short: _blank,
    Gaps: _gaps,
    Passages: _passages,
    Open: _open,
    Rating: _rating,
    Mark: _lines,
    Pairs: _lines,
    Fields: _fields,
}
