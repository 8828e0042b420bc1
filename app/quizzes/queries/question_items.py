"""Build a question of any kind as pages show it: in tests, lessons, and the preview of authors. Never its key."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.catalogue.domain import items
from app.catalogue.domain.items import ItemKind
from app.catalogue.shapes import DocumentText
from app.i18n.languages import direction
from app.quizzes.domain.answers import MOST_PAIRS, Answer
from app.quizzes.domain.display_order import to_page
from app.quizzes.domain.form_answers import to_form
from app.quizzes.labels import unit_label
from app.quizzes.queries import question_documents
from app.quizzes.shapes import AnswerLine, Drawn, GapField, LineInput, QuestionItem, QuestionPiece
from app.web.html.trusted_html import trusted

Fields = Mapping[str, list[str]]
PAIRS_SHOWN = 4  # the same for each question: their number must not tell how many are to be found


def fields_of(drawn: Drawn, answer: Answer | None) -> Fields:
    """Return the fields of a question's form, filled with an answer."""
    return {} if answer is None else to_form(drawn.question.item, to_page(drawn.question, answer))


def question_item(drawn: Drawn, fields: Fields, shown_id: str = "") -> QuestionItem:
    """Return a question with the filled fields of its form: of an answer, or as they were sent.

    Values are positions of the order shown (`domain.display_order`), never of the source. `shown_id` is unique on the
    page.
    """
    item = drawn.question.item
    shown_id = shown_id or f"q{drawn.number}"
    shown = QuestionItem(
        id=shown_id,
        kind=str(item.kind),
        stem=question_documents.stem(drawn, shown_id),
        lang=drawn.language,
        dir=direction(drawn.language),
        unit=unit_label(item.unit, drawn.language),
        proves=bool(item.prove),
        most_lines=max(map(_last_line, drawn.documents), default=0),
    )
    documents = question_documents.to_answer(drawn, fields, shown.id)
    return _PARTS[item.kind](replace(shown, documents=documents), drawn, fields)


def _last_line(document: DocumentText) -> int:
    return max((unit.number for part in document.parts for unit in part.units), default=0)


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _lines(drawn: Drawn, fields: Fields, chosen: str = "", filling: str = "") -> tuple[AnswerLine, ...]:
    """Return the texts in the order shown; `chosen` and `filling` are the names of their fields."""
    return tuple(
        AnswerLine(
            value=value,
            text=trusted(drawn.texts.answers[position]),
            chosen=str(value) in fields.get(chosen, ()),
            filling=_first(fields, f"{filling}-{value}"),
        )
        for value, position in enumerate(drawn.question.order)
    )


def _single(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    return replace(shown, options=_lines(drawn, fields, chosen="choice"))


def _several(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    return replace(shown, options=_lines(drawn, fields, chosen="choices"))


def _order(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    return replace(shown, entries=_lines(drawn, fields, filling="place"))


def _match(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    pairs = drawn.question.item.answers.pairs if isinstance(drawn.question.item.answers, items.Match) else ()
    entries = [
        AnswerLine(value=row, text=trusted(html), filling=_first(fields, f"match-{row}"))
        for row, html in enumerate(drawn.texts.answers)
        if pairs[row].left
    ]
    cells = tuple((value, pairs[row].right) for value, row in enumerate(drawn.question.order))
    return replace(shown, entries=tuple(entries), targets=cells)


def _sort(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    groups = drawn.question.item.answers.groups if isinstance(drawn.question.item.answers, items.Sort) else ()
    targets = tuple((position, group.title) for position, group in enumerate(groups))
    return replace(shown, entries=_lines(drawn, fields, filling="group"), targets=targets)


def _written(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    return replace(shown, value=_first(fields, "answer"), word_limits=drawn.question.item.length)


def _gaps(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    answers = drawn.question.item.answers
    gaps = answers.gaps if isinstance(answers, items.Gaps) else ()
    gap_fields = [
        GapField(
            value=position,
            filling=_first(fields, f"gap-{position}"),
            options=tuple((value, gap.options[place]) for value, place in enumerate(order)),
        )
        for position, (gap, order) in enumerate(zip(gaps, drawn.question.gap_orders, strict=True))
    ]
    texts = zip(drawn.texts.answers, [*gap_fields, None], strict=True)
    return replace(shown, pieces=tuple(QuestionPiece(text=trusted(html), gap=gap) for html, gap in texts))


def _passages(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    count = len(drawn.texts.answers) // 2
    around, passages = drawn.texts.answers[: count + 1], drawn.texts.answers[count + 1 :]
    picked = fields.get("choices", ())
    pieces = [QuestionPiece(text=trusted(around[0]))]
    for position, html in enumerate(passages):
        pieces.append(QuestionPiece(text=trusted(html), value=position, chosen=str(position) in picked))
        pieces.append(QuestionPiece(text=trusted(around[position + 1])))
    return replace(shown, pieces=tuple(pieces))


def _rating(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    low, high = drawn.question.item.scale
    entries = [
        AnswerLine(value=position, text=trusted(html), filling=_first(fields, f"rate-{position}"))
        for position, html in enumerate(drawn.texts.answers)
    ]
    return replace(shown, entries=tuple(entries), scale=tuple(range(low, high + 1)))


def _pair(shown: QuestionItem, drawn: Drawn, fields: Fields) -> QuestionItem:
    filled = {name.split("-")[1] for name in fields if name.startswith("pair-")}
    count = max([PAIRS_SHOWN, *(int(number) + 1 for number in filled if number.isdecimal())])
    rows = range(min(count, MOST_PAIRS))
    return replace(shown, pairs=tuple((_line(fields, f"pair-{n}-a"), _line(fields, f"pair-{n}-b")) for n in rows))


def _line(fields: Fields, name: str) -> LineInput:
    return LineInput(name, _first(fields, name), _first(fields, f"{name}-in"))


def _in_document(shown: QuestionItem, _: Drawn, _fields: Fields) -> QuestionItem:
    return shown


_PARTS: dict[ItemKind, Callable[[QuestionItem, Drawn, Fields], QuestionItem]] = {
    ItemKind.SINGLE: _single,
    ItemKind.TRUEFALSE: _single,
    ItemKind.SEVERAL: _several,
    ItemKind.ORDER: _order,
    ItemKind.MATCH: _match,
    ItemKind.SORT: _sort,
    ItemKind.NUMBER: _written,
    ItemKind.SHORT: _written,
    ItemKind.GAPS: _gaps,
    ItemKind.PASSAGES: _passages,
    ItemKind.OPEN: _written,
    ItemKind.RATING: _rating,
    ItemKind.MARK: _in_document,
    ItemKind.PAIR: _pair,
    ItemKind.FIELDS: _in_document,
}
