"""The texts of an item that are rendered to HTML, and the texts of the lines that it cites."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from app.catalogue.domain import items
from app.catalogue.domain.documents import Document, Unit, form_labels, resolve
from app.catalogue.domain.items import Item
from app.catalogue.domain.targets import target_of_entry

Sources = tuple[Sequence[str], Sequence[str]]  # answers, feedback
Documents = Mapping[str, Document]  # by id
Entry = TypeVar("Entry", items.ListEntry, items.Option)


def answer_sources(item: Item) -> Sources:
    """Return the texts and the feedback of the answers of an item, in the order of the source.

    Texts are options, entries, left cells, statements, the texts around gaps, or those around passages and then the
    passages. Feedback is by option, entry, accepted answer, statement, marked line, pair or field.
    """
    sources: Sources = _SOURCES[type(item.answers)](item.answers)
    return sources


def with_lines(item: Item, named: Documents, documents: Documents, source: Item | None = None) -> Item:
    """Return the item with the lines that it names, the number of lines of its documents, and the text of cited lines.

    `documents` are in the language of the item, `named` in the source language, which has the names of lines. `source`
    is the same item in that language with its lines: a label that the translated form does not have is in its place.
    """
    if not item.document:
        return item
    resolved, _ = resolve(item, named)
    papers = [documents.get(name) for name in item.document]
    units = tuple(len(paper.units) if paper else 0 for paper in papers)
    answers = _with_lines(resolved.answers, [paper for paper in papers if paper], source)
    return msgspec.structs.replace(resolved, units=units, answers=answers)


def _with_lines(answers: items.Answers, papers: Sequence[Document], source: Item | None) -> items.Answers:
    if isinstance(answers, items.Fields):
        return _with_places(answers, papers, source)
    if isinstance(answers, items.Choices):
        return items.Choices(_with_texts(answers.options, papers))
    if isinstance(answers, items.Order):
        return items.Order(_with_texts(answers.entries, papers))
    if isinstance(answers, items.Sort):
        groups = [items.Group(group.title, _with_texts(group.entries, papers)) for group in answers.groups]
        return items.Sort(tuple(groups))
    return _with_cells(answers, papers) if isinstance(answers, items.Match) else answers


def _with_cells(match: items.Match, papers: Sequence[Document]) -> items.Match:
    cells = [(_cited_text(pair.left, papers), _cited_text(pair.right, papers)) for pair in match.pairs]
    return items.Match(match.heads, tuple(items.Pair(*both) for both in cells))


def _with_places(form: items.Fields, papers: Sequence[Document], source: Item | None) -> items.Fields:
    others = source.answers.fields if source and isinstance(source.answers, items.Fields) else form.fields
    fields = zip(form.fields, others, strict=True)
    return items.Fields(tuple(_with_place(field, papers, other) for field, other in fields))


def _with_place(field: items.FieldEntry, papers: Sequence[Document], other: items.FieldEntry) -> items.FieldEntry:
    """Return the field with its line of the first form that has its label."""
    for position, paper in enumerate(papers):
        if unit := form_labels(paper).get(field.label):
            return msgspec.structs.replace(field, document=position, line=unit.number)
    return msgspec.structs.replace(field, document=other.document, line=other.line)


def _with_texts(entries: Sequence[Entry], papers: Sequence[Document]) -> tuple[Entry, ...]:
    return tuple(msgspec.structs.replace(entry, text=_cited_text(entry.text, papers)) for entry in entries)


def _cited_text(text: str, papers: Sequence[Document]) -> str:
    """Return the text of a cited line; any other text, or one of a line that does not exist, as it is."""
    try:
        target = target_of_entry(text)
    except ValueError:
        target = None
    if target is None:
        return text
    units = [unit for paper in papers if target.document in ("", paper.id) for unit in paper.units]
    return next((_unit_text(unit) for unit in units if unit.number == target.line), text)


def _unit_text(unit: Unit) -> str:
    text = ", ".join(cell for cell in unit.cells if cell)
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
