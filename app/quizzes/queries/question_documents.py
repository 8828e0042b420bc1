"""Documents beside a question: with boxes to mark lines or fields to fill, or with feedback beside the lines."""

from collections.abc import Iterable, Mapping
from typing import Literal

from app.catalogue.domain.items import ItemKind
from app.catalogue.shapes import DocumentText, UnitText
from app.i18n.languages import current
from app.quizzes.domain.answers import Line
from app.quizzes.domain.form_answers import line_name
from app.quizzes.shapes import DocumentView, Drawn, LineControl, LineField, LineMark
from app.web.html.trusted_html import trusted

Fields = Mapping[str, list[str]]


def to_answer(drawn: Drawn, fields: Fields, shown_id: str) -> tuple[DocumentView, ...]:
    """Return the documents of a question with the boxes and fields of its form, filled."""
    return tuple(
        DocumentView(
            text=text,
            language=current(),
            controls=_controls(drawn, fields, position, text),
            fields=_entries(fields, text) if drawn.question.item.kind is ItemKind.FIELDS else {},
            anchor=anchor(shown_id, text),
        )
        for position, text in enumerate(drawn.documents)
    )


def with_marks(drawn: Drawn, marks: Mapping[Line, LineMark], shown_id: str) -> tuple[DocumentView, ...]:
    """Return the documents of a question that have feedback beside their lines."""
    marked = {document for document, _ in marks}
    return tuple(
        DocumentView(
            text=text,
            language=current(),
            marks={line: mark for (document, line), mark in marks.items() if document == position},
            anchor=anchor(f"why-{shown_id}", text),
        )
        for position, text in enumerate(drawn.documents)
        if position in marked
    )


def anchor(shown_id: str, text: DocumentText) -> str:
    """Return the beginning of the ids of a document's lines: the same document may be on the page several times."""
    return f"{shown_id}-doc-{text.id}"


def stem(drawn: Drawn, shown_id: str) -> str:
    """Return the stem, whose links to lines lead into the question's own documents."""
    html = drawn.texts.stem
    for text in drawn.documents:
        html = html.replace(f'href="#doc-{text.id}', f'href="#{anchor(shown_id, text)}')
    return trusted(html)


def _controls(drawn: Drawn, fields: Fields, position: int, text: DocumentText) -> dict[int, LineControl]:
    item = drawn.question.item
    if item.kind is ItemKind.MARK:
        return _boxes("checkbox", "lines", fields, position, text)
    return _boxes("radio", "proof", fields, position, text) if item.prove else {}


def _boxes(
    kind: Literal["checkbox", "radio"], name: str, fields: Fields, position: int, text: DocumentText
) -> dict[int, LineControl]:
    chosen = fields.get(name, ())
    values = {unit.number: line_name((position, unit.number)) for unit in _units(text)}
    return {
        number: LineControl(kind=kind, name=name, value=value, checked=value in chosen)
        for number, value in values.items()
    }


def _entries(fields: Fields, text: DocumentText) -> dict[int, LineField]:
    names = {unit.number: f"field-{unit.number}" for unit in _units(text) if unit.fillable}
    return {number: LineField(name=name, value=next(iter(fields.get(name, ())), "")) for number, name in names.items()}


def _units(text: DocumentText) -> Iterable[UnitText]:
    return (unit for part in text.parts for unit in part.units)
