"""The feedback to answers in documents: what each line of the key is worth, in words and beside the line."""

from collections.abc import Iterator
from typing import Literal

from flask_babel import gettext as _

from app.catalogue.domain import items
from app.catalogue.domain.items import Item
from app.quizzes.domain.answers import (
    Answer,
    AnswerOfKind,
    FilledFields,
    Line,
    MarkedLines,
    PairedLines,
    line_of,
    proof_of,
    without_proof,
)
from app.quizzes.domain.document_grading import is_right_entry, right_pairs
from app.quizzes.domain.grading import ItemScore
from app.quizzes.domain.matching import readable
from app.quizzes.shapes import Drawn, FeedbackRow, LineMark
from app.web.html.trusted_html import joined, trusted

Rows = Iterator[FeedbackRow]
_SIGNS = {"+": "good", "-": "risk", "~": "none"}


def marks(drawn: Drawn, answer: Answer | None) -> dict[Line, LineMark]:
    """Return the feedback beside the lines of the documents of a question."""
    item, alone = drawn.question.item, without_proof(answer)
    if isinstance(item.answers, items.Mark):
        return _marks(drawn, item.answers, alone.lines if isinstance(alone, MarkedLines) else ())
    if isinstance(item.answers, items.Pairs):
        return _pair_marks(item, alone.pairs if isinstance(alone, PairedLines) else ())
    return _proof_marks(item, proof_of(answer))


def _marks(drawn: Drawn, key: items.Mark, marked: tuple[Line, ...]) -> dict[Line, LineMark]:
    notes = {line: LineMark(word=_("Does not count"), kind="bad", marked=True) for line in marked}
    for line, why in zip(key.lines, drawn.texts.feedback, strict=True):
        position = line_of(drawn.question.item, line.target)
        notes[position] = LineMark(
            word=_word(line.sign),
            kind=_SIGNS[line.sign],
            marked=position in marked,
            tint=_tint(position in marked) if line.sign == "+" else "",
            why=why,
        )
    return notes


def _word(sign: Literal["+", "-", "~"]) -> str:
    return {"+": _("Counts"), "-": _("Tempting, does not count"), "~": _("Neither right nor wrong")}[sign]


def _tint(is_marked: bool) -> Literal["right", "missed"]:
    return "right" if is_marked else "missed"


def _pair_marks(item: Item, answered: tuple[tuple[Line, Line], ...]) -> dict[Line, LineMark]:
    named = {line for pair in answered for line in pair}
    notes = {line: LineMark(word=_("Does not count"), kind="bad", marked=True) for line in named}
    for number, pair in enumerate(right_pairs(item), 1):
        for line in pair:
            word = _("Counts, pair %(n)s", n=number)
            notes[line] = LineMark(word=word, kind="good", marked=line in named, tint=_tint(line in named))
    return notes


def _proof_marks(item: Item, proof: Line | None) -> dict[Line, LineMark]:
    notes = {} if proof is None else {proof: LineMark(word=_("Does not prove it"), kind="bad", marked=True)}
    for target in item.prove:
        line = line_of(item, target)
        notes[line] = LineMark(word=_("Proves it"), kind="good", marked=line == proof, tint=_tint(line == proof))
    return notes


def proof_rows(item: Item, answer: Answer | None) -> Rows:
    """Return a row that says whether the line proves the answer; none for other items."""
    if not item.prove:
        return
    proof, right = proof_of(answer), [line_of(item, target) for target in item.prove]
    text = _("Lines that prove it: %(lines)s", lines=_lines(item, right))
    if proof is None:
        yield FeedbackRow(text=text, chosen=False, word=_("You marked no line"), kind="none", why="")
        return
    word, kind = (_("Right"), "good") if proof in right else (_("Not right"), "bad")
    why = _("You marked line %(line)s.", line=_line(item, proof))
    yield FeedbackRow(text=text, chosen=False, word=word, kind=kind, why=why)


def _line(item: Item, line: Line) -> str:
    """Return a line in words; its document is named if there are several."""
    document, number = line
    return f"{item.document[document]}, {number}" if len(item.document) > 1 else str(number)


def _lines(item: Item, lines: list[Line]) -> str:
    return "; ".join(_line(item, line) for line in dict.fromkeys(lines))


def mark_rows(drawn: Drawn, answer: AnswerOfKind | None, _score: ItemScore) -> Rows:
    """Return a row that counts the lines: the reasons stand beside them."""
    item = drawn.question.item
    lines = item.answers.lines if isinstance(item.answers, items.Mark) else ()
    right = [line_of(item, line.target) for line in lines if line.sign == "+"]
    marked = answer.lines if isinstance(answer, MarkedLines) else ()
    missed = [line for line in right if line not in marked]
    text = _("Lines that count: %(lines)s", lines=_lines(item, right))
    why = _("You did not mark: %(lines)s.", lines=_lines(item, missed)) if missed else ""
    yield FeedbackRow(text=text, chosen=False, word="", kind="", why=why)


def pair_rows(drawn: Drawn, answer: AnswerOfKind | None, _score: ItemScore) -> Rows:
    """Return a row for each pair of the key and for each other pair of the answer."""
    item = drawn.question.item
    pairs = item.answers.pairs if isinstance(item.answers, items.Pairs) else ()
    answered = _answered_pairs(answer)
    for pair, why in zip(pairs, drawn.texts.feedback, strict=True):
        lines = line_of(item, pair.first), line_of(item, pair.second)
        is_answered = answered.pop(frozenset(lines), None) is not None
        if pair.right or is_answered:
            yield _pair_row(item, lines, why, is_right=pair.right, is_answered=is_answered)
    for lines in answered.values():
        yield _pair_row(item, lines, "", is_right=False, is_answered=True)


def _answered_pairs(answer: AnswerOfKind | None) -> dict[frozenset[Line], tuple[Line, Line]]:
    return {frozenset(pair): pair for pair in answer.pairs} if isinstance(answer, PairedLines) else {}


def _pair_row(item: Item, lines: tuple[Line, Line], why: str, *, is_right: bool, is_answered: bool) -> FeedbackRow:
    first, second = (_line(item, line) for line in lines)
    text = _("Line %(first)s with line %(second)s", first=first, second=second)
    word, kind = _pair_verdict(is_right=is_right, is_answered=is_answered)
    return FeedbackRow(text=text, chosen=is_answered, word=word, kind=kind, why=trusted(why))


def _pair_verdict(*, is_right: bool, is_answered: bool) -> tuple[str, str]:
    if not is_right:
        return _("Not right"), "bad"
    return (_("Right"), "good") if is_answered else (_("Not found"), "risk")


def field_rows(drawn: Drawn, answer: AnswerOfKind | None, _score: ItemScore) -> Rows:
    """Return a row for each label of the key."""
    item = drawn.question.item
    fields = item.answers.fields if isinstance(item.answers, items.Fields) else ()
    entries = answer.entries if isinstance(answer, FilledFields) else {}
    for field, why in zip(fields, drawn.texts.feedback, strict=True):
        yield _field_row(field, entries.get(field.line, ""), why)


def _field_row(field: items.FieldEntry, entry: str, why: str) -> FeedbackRow:
    accepted = " / ".join(readable(key.text) for key in field.accepted) or _("stays empty")
    is_right = is_right_entry(field, entry)
    return FeedbackRow(
        text=_("%(label)s: %(accepted)s", label=field.label, accepted=accepted),
        chosen=False,
        word=_("Right") if is_right else _("Not right"),
        kind="good" if is_right else "bad",
        why="" if is_right else _with_entry(entry, why),
    )


def _with_entry(entry: str, why: str) -> str:
    return joined(" ", _("Your answer: %(answer)s", answer=entry), trusted(why)) if entry else trusted(why)
