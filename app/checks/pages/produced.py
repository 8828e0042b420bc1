"""What an officer produced, as assessors read it: texts, filled forms, marked lines; and the plain lines of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from markupsafe import escape

from app.catalogue.domain.courses import DeskTask
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import DocumentText, PartText, UnitText
from app.checks.pages.rubric import paragraphs
from app.checks.queries.products import ProducedAnswer
from app.i18n.languages import current, direction
from app.quizzes.domain.answers import AnswerOfKind, Essay, FilledFields, MarkedLines, form_document, without_proof
from app.quizzes.queries import question_documents
from app.quizzes.shapes import DocumentView, LineMark
from app.web.html.trusted_html import trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducedPart:
    """A question of a desk task with what was produced: paragraphs of a text, or documents filled or marked.

    `good` and `weak` are the model answers of a text.
    """

    number: int
    stem: str
    lang: str
    dir: str
    paragraphs: Sequence[str]
    documents: Sequence[DocumentView]
    is_empty: bool
    good: str
    weak: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPart:
    """What the officer produced for a question, without the question: its form is reserve."""

    number: int
    lines: Sequence[str]


def parts(produced: Sequence[ProducedAnswer]) -> list[ProducedPart]:
    """Return what was produced for each question."""
    return [_part(line) for line in produced]


def task_documents(
    version_id: UUID, language: str, task: DeskTask | None, shown: Sequence[ProducedPart]
) -> list[DocumentView]:
    """Return the documents of a task, without those that are shown filled or marked."""
    texts = catalogue.documents(version_id, catalogue.outline(version_id).spoken(language))
    filled = {view.text.id for part in shown for view in part.documents}
    names = [name for name in (task.documents if task else ()) if name in texts and name not in filled]
    return [DocumentView(text=texts[name], language=current()) for name in names]


def own_parts(produced: Sequence[ProducedAnswer]) -> list[OwnPart]:
    """Return the officer's own answers as plain lines; empty after they were deleted."""
    return [
        OwnPart(number=line.drawn.number, lines=_own_lines(without_proof(line.answer)) or [_("No answer")])
        for line in produced
    ]


def _part(line: ProducedAnswer) -> ProducedPart:
    drawn, answer = line.drawn, without_proof(line.answer)
    shown_id = f"p{drawn.number}"
    return ProducedPart(
        number=drawn.number,
        stem=question_documents.stem(drawn, shown_id),
        lang=drawn.language,
        dir=direction(drawn.language),
        paragraphs=paragraphs(answer.text) if isinstance(answer, Essay) else [],
        documents=[] if answer is None else list(_documents(line, answer, shown_id)),
        is_empty=answer is None or (isinstance(answer, Essay) and not answer.text.strip()),
        good=trusted(drawn.texts.good),
        weak=trusted(drawn.texts.weak),
    )


def _documents(line: ProducedAnswer, answer: AnswerOfKind, shown_id: str) -> Iterable[DocumentView]:
    """Yield the documents in which the officer filled fields or marked lines."""
    drawn = line.drawn
    if isinstance(answer, FilledFields):
        form = drawn.documents[form_document(drawn.question.item)]
        anchor = question_documents.anchor(shown_id, form)
        yield DocumentView(text=_filled(form, answer), language=current(), anchor=anchor)
    elif isinstance(answer, MarkedLines):
        for position in sorted({document for document, _line in answer.lines}):
            text = drawn.documents[position]
            marks = {
                number: LineMark(word=_("Marked"), kind="here", marked=True)
                for document, number in answer.lines
                if document == position
            }
            anchor = question_documents.anchor(shown_id, text)
            yield DocumentView(text=text, language=current(), marks=marks, anchor=anchor)


def _filled(form: DocumentText, answer: FilledFields) -> DocumentText:
    """Return a form with the officer's entries in its fields."""
    return msgspec.structs.replace(form, parts=tuple(_filled_part(part, answer) for part in form.parts))


def _filled_part(part: PartText, answer: FilledFields) -> PartText:
    return msgspec.structs.replace(part, units=tuple(_filled_unit(unit, answer) for unit in part.units))


def _filled_unit(unit: UnitText, answer: FilledFields) -> UnitText:
    if unit.number not in answer.entries:
        return unit
    entry = str(escape(answer.entries[unit.number]))  # cells are HTML, entries plain text
    return msgspec.structs.replace(unit, cells=(*unit.cells[:1], entry))


def _own_lines(answer: AnswerOfKind | None) -> list[str]:
    if isinstance(answer, Essay):
        return paragraphs(answer.text)
    if isinstance(answer, FilledFields):
        entries = sorted(answer.entries.items())
        return [_("Line %(n)s: %(entry)s", n=number, entry=entry) for number, entry in entries]
    if isinstance(answer, MarkedLines):
        return [_("Marked line %(n)s in document %(m)s", n=line, m=document + 1) for document, line in answer.lines]
    return []
