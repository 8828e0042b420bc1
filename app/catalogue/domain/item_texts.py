"""The texts of an item that are rendered to HTML, and the lines of documents that stand in their place."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from app.catalogue.domain import items
from app.catalogue.domain.documents import Document, PartKind, Unit
from app.catalogue.domain.items import Item

Sources = tuple[Sequence[str], Sequence[str]]  # answers, feedback
Entry = TypeVar("Entry", items.ListEntry, items.Option)
_CITED = re.compile(r"@(?:(?P<document>[A-Z][A-Z0-9-]*):)?(?P<line>[1-9][0-9]{0,2}|[a-z][a-z0-9-]{0,19})")


def answer_sources(item: Item) -> Sources:
    """Return the texts and the feedback of the answers of an item, in the order of the source.

    Texts are options, entries, left cells, statements, the texts around gaps, or those around passages and then the
    passages. Feedback is by option, entry, accepted answer, statement, marked line, pair or field.
    """
    sources: Sources = _SOURCES[type(item.answers)](item.answers)
    return sources


def with_lines(item: Item, documents: Mapping[str, Document]) -> Item:
    """Return the item with the number of lines of its documents, the lines of its form, and the text of cited lines."""
    if not item.document:
        return item
    papers = [documents[name] for name in item.document if name in documents]
    units = tuple(len(paper.units) for paper in papers)
    return msgspec.structs.replace(item, units=units, answers=_with_lines(item.answers, papers))


def _with_lines(answers: items.Answers, papers: Sequence[Document]) -> items.Answers:
    if isinstance(answers, items.Fields):
        places = _labels(papers)
        return items.Fields(tuple(_with_place(field, places) for field in answers.fields))
    if isinstance(answers, items.Choices):
        return items.Choices(_with_texts(answers.options, papers))
    if isinstance(answers, items.Order):
        return items.Order(_with_texts(answers.entries, papers))
    if isinstance(answers, items.Sort):
        groups = [items.Group(group.title, _with_texts(group.entries, papers)) for group in answers.groups]
        return items.Sort(tuple(groups))
    return answers


def _labels(papers: Sequence[Document]) -> dict[str, tuple[int, int]]:
    """Return the position of the document and the line of each label of a form."""
    return {
        unit.cells[0].strip(): (position, unit.number)
        for position, paper in enumerate(papers)
        for part in paper.parts
        if part.kind is PartKind.FIELDS
        for unit in part.units
    }


def _with_place(field: items.FieldEntry, places: Mapping[str, tuple[int, int]]) -> items.FieldEntry:
    document, line = places.get(field.label, (0, 0))
    return msgspec.structs.replace(field, document=document, line=line)


def _with_texts(entries: Sequence[Entry], papers: Sequence[Document]) -> tuple[Entry, ...]:
    return tuple(msgspec.structs.replace(entry, text=_cited_text(entry.text, papers)) for entry in entries)


def _cited_text(text: str, papers: Sequence[Document]) -> str:
    """Return the text of a cited line; any other text, or one of a line that does not exist, as it is."""
    cited = _CITED.fullmatch(text.strip())
    if cited is None:
        return text
    units = [unit for paper in papers if cited["document"] in (None, paper.id) for unit in paper.units]
    return next((_unit_text(unit) for unit in units if cited["line"] in (str(unit.number), unit.name)), text)


def _unit_text(unit: Unit) -> str:
    text = " · ".join(cell for cell in unit.cells if cell)
    return f"{unit.speaker}: {text}" if unit.speaker else text


def _texts_and_feedback(parts: Sequence[items.Option | items.ListEntry | items.Statement]) -> Sources:
    return [part.text for part in parts], [part.feedback for part in parts]


def _sort(answers: items.Sort) -> Sources:
    return _texts_and_feedback([entry for group in answers.groups for entry in group.entries])


def _feedback(parts: Sequence[Any]) -> Sources:
    return [], [part.feedback for part in parts]


# Each function takes the answers beside it: a table of types cannot say that to a type checker, hence Any.
_SOURCES: dict[type, Callable[[Any], Sources]] = {
    items.Choices: lambda answers: _texts_and_feedback(answers.options),
    items.Order: lambda answers: _texts_and_feedback(answers.entries),
    items.Match: lambda answers: ([pair.left for pair in answers.pairs], []),
    items.Sort: _sort,
    items.Number: lambda answers: _feedback(answers.answers),
    items.Short: lambda answers: _feedback(answers.answers),
    items.Gaps: lambda answers: (answers.parts, []),
    items.Passages: lambda answers: ([*answers.parts, *(passage.text for passage in answers.passages)], []),
    items.Open: lambda _: ([], []),
    items.Rating: lambda answers: _texts_and_feedback(answers.statements),
    items.Mark: lambda answers: _feedback(answers.lines),
    items.Pairs: lambda answers: _feedback(answers.pairs),
    items.Fields: lambda answers: _feedback(answers.fields),
}
