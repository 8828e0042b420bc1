"""Build the feedback to an answer of any kind: the person's answer, the right answer and the reasons."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum
from typing import Any

from flask_babel import format_decimal, format_percent, gettext as _

from app.catalogue.domain import items
from app.catalogue.domain.items import ItemKind
from app.quizzes.domain import matching
from app.quizzes.domain.answers import (
    Answer,
    AnswerOfKind,
    Essay,
    Filled,
    Matched,
    Numeric,
    Picked,
    Rated,
    Sorted,
    TypedText,
    places_of,
    right_rows,
    sort_targets,
    without_proof,
)
from app.quizzes.domain.grading import ItemScore, grade
from app.quizzes.queries import document_feedback, question_documents
from app.quizzes.shapes import CriterionLine, Drawn, FeedbackBase, FeedbackRow, ModelAnswers
from app.web.html.trusted_html import isolated, joined, trusted

Rows = Iterable[FeedbackRow]


def feedback(drawn: Drawn, answer: Answer | None, shown_id: str = "") -> FeedbackBase:
    """Return the right answer of a question and the reasons, beside an answer in positions of the source."""
    item = drawn.question.item
    score = grade(item, answer)
    word, kind = _verdict(score, is_answered=answer is not None)
    marks = document_feedback.marks(drawn, answer)
    return FeedbackBase(
        word=word,
        kind=kind,
        rows=(*_ROWS[item.kind](drawn, without_proof(answer), score), *document_feedback.proof_rows(item, answer)),
        general=trusted(drawn.texts.general),
        documents=question_documents.with_marks(drawn, marks, shown_id or f"q{drawn.number}"),
        model=_model(drawn, answer),
    )


def _verdict(score: ItemScore, *, is_answered: bool) -> tuple[str, str]:
    """Return the label of an answer and its kind for the style."""
    if not is_answered:
        return _("Not answered"), "none"
    if score.needs_person:
        return _("Compare your answer"), "wait"
    if score.share >= 1:
        return _("Right"), "good"
    return (_("Partly right"), "risk") if score.share > 0 else (_("Not right"), "bad")


def _row(text: str, credit: float, why: str = "", answered: str = "") -> FeedbackRow:
    """Return a row of a part; `answered` is what the person answered, named if it is not right."""
    word, kind = (_("Right"), "good") if credit >= 1 else (_("Not right"), "bad")
    if credit < 1 and answered:
        why = joined(" ", _("Your answer: %(answer)s", answer=answered), why)
    return FeedbackRow(text=text, chosen=False, word=word, kind=kind, why=why)


def _credits(score: ItemScore, count: int) -> Sequence[float]:
    return score.parts or (0.0,) * count


def _option(text: str, credit: float, *, is_chosen: bool, why: str = "") -> FeedbackRow:
    """Return a row of an option or passage that earns `credit`, from 0 to 1, if it is the answer."""
    word, kind = (_("Not right"), "bad") if is_chosen else ("", "")
    if credit > 0:
        word, kind = (_("Right"), "good") if credit >= 1 else (_("Partly right"), "risk")
    return FeedbackRow(text=text, chosen=is_chosen, word=word, kind=kind, why=why)


def _option_credit(kind: ItemKind, option: items.Option) -> float:
    """Return what an option earns: its share; with several right options, each option with a share is fully right."""
    return float(option.share > 0) if kind is ItemKind.SEVERAL else option.share


def _choices(drawn: Drawn, answer: AnswerOfKind | None, _score: ItemScore) -> Rows:
    answers = drawn.question.item.answers
    options = answers.options if isinstance(answers, items.Choices) else ()
    chosen = places_of(answer)
    for position in drawn.question.order:
        text, why = trusted(drawn.texts.answers[position]), trusted(drawn.texts.feedback[position])
        credit = _option_credit(drawn.question.item.kind, options[position])
        yield _option(text, credit, is_chosen=position in chosen, why=why)


def _order(drawn: Drawn, answer: AnswerOfKind | None, _score: ItemScore) -> Rows:
    chosen = places_of(answer)
    for position, (text, why) in enumerate(zip(drawn.texts.answers, drawn.texts.feedback, strict=True)):
        word, kind = _entry_verdict(position, chosen)
        yield FeedbackRow(text=trusted(text), chosen=False, word=word, kind=kind, why=trusted(why))


def _entry_verdict(position: int, chosen: list[int]) -> tuple[str, str]:
    if position not in chosen:
        return _("You did not place it"), "none"
    index = chosen.index(position)
    return _("You put it at %(n)s", n=index + 1), "good" if index == position else "risk"


def _match(drawn: Drawn, answer: AnswerOfKind | None, score: ItemScore) -> Rows:
    answers = drawn.question.item.answers
    pairs = answers.pairs if isinstance(answers, items.Match) else ()
    chosen = answer.rows if isinstance(answer, Matched) else (None,) * len(pairs)
    rows = right_rows(answers) if isinstance(answers, items.Match) else []
    for row, credit in zip(rows, _credits(score, len(rows)), strict=True):
        text = _with_right(trusted(drawn.texts.answers[row]), pairs[row].right)
        chosen_row = chosen[row]
        yield _row(text, credit, answered="" if chosen_row is None else pairs[chosen_row].right)


def _with_right(html: str, text: str) -> str:
    return joined(" – ", html, isolated(text))


def _sort(drawn: Drawn, answer: AnswerOfKind | None, score: ItemScore) -> Rows:
    answers = drawn.question.item.answers
    if not isinstance(answers, items.Sort):
        return
    right, titles = sort_targets(answers), [group.title for group in answers.groups]
    chosen = answer.groups if isinstance(answer, Sorted) else (None,) * len(right)
    earned = _credits(score, len(right))
    for position, group in enumerate(right):
        text, chosen_group = _with_right(trusted(drawn.texts.answers[position]), titles[group]), chosen[position]
        why = trusted(drawn.texts.feedback[position])
        yield _row(text, earned[position], why, "" if chosen_group is None else titles[chosen_group])


def _accepted(drawn: Drawn, answer: AnswerOfKind | None, _score: ItemScore) -> Rows:
    if isinstance(answer, Numeric | TypedText):
        yield FeedbackRow(text=answer.text, chosen=True, word="", kind="none", why="")
    answers = drawn.question.item.answers
    accepted: Sequence[items.NumberAnswer | items.ShortAnswer] = (
        answers.answers if isinstance(answers, items.Number | items.Short) else ()
    )
    for key, why in zip(accepted, drawn.texts.feedback, strict=True):
        word = _("Right") if key.share == 1 else str(format_percent(key.share))
        yield FeedbackRow(text=_key(key), chosen=False, word=word, kind="none", why=trusted(why))


def _key(answer: items.NumberAnswer | items.ShortAnswer) -> str:
    if isinstance(answer, items.ShortAnswer):
        return matching.readable(answer.pattern)
    return f"{answer.value} ± {answer.tolerance}" if answer.tolerance else answer.value


def _gaps(drawn: Drawn, answer: AnswerOfKind | None, score: ItemScore) -> Rows:
    answers = drawn.question.item.answers
    gaps = answers.gaps if isinstance(answers, items.Gaps) else ()
    filled = answer.gaps if isinstance(answer, Filled) else (None,) * len(gaps)
    for gap, filling, credit in zip(gaps, filled, _credits(score, len(gaps)), strict=True):
        answered = gap.options[filling] if isinstance(filling, int) else filling or ""
        yield _row(", ".join(gap.accepted), credit, answered=answered)


def _passages(drawn: Drawn, answer: AnswerOfKind | None, _score: ItemScore) -> Rows:
    answers = drawn.question.item.answers
    passages = answers.passages if isinstance(answers, items.Passages) else ()
    picked = answer.places if isinstance(answer, Picked) else ()
    texts = drawn.texts.answers[len(passages) + 1 :]
    for position, (passage, html) in enumerate(zip(passages, texts, strict=True)):
        yield _option(trusted(html), float(passage.right), is_chosen=position in picked)


def _rating(drawn: Drawn, answer: AnswerOfKind | None, score: ItemScore) -> Rows:
    answers = drawn.question.item.answers
    statements = answers.statements if isinstance(answers, items.Rating) else ()
    rated = answer.values if isinstance(answer, Rated) else (None,) * len(statements)
    earned = _credits(score, len(statements))
    for position, statement in enumerate(statements):
        point = rated[position]
        accepted = _("%(low)s to %(high)s", low=statement.low, high=statement.high)
        text = _with_right(trusted(drawn.texts.answers[position]), accepted)
        why = trusted(drawn.texts.feedback[position])
        yield _row(text, earned[position], why, "" if point is None else str(point))


def _model(drawn: Drawn, answer: Answer | None) -> ModelAnswers | None:
    rubric, essay = drawn.question.item.answers, without_proof(answer)
    if not isinstance(rubric, items.Open):
        return None
    earned = essay.earned if isinstance(essay, Essay) else ()
    criteria = [
        CriterionLine(
            value=position,
            name=row.name,
            points=str(format_decimal(row.points)),
            earns=row.earns,
            earned=position in earned,
        )
        for position, row in enumerate(rubric.criteria)
    ]
    texts = drawn.texts
    return ModelAnswers(
        heads=rubric.heads,
        criteria=tuple(criteria),
        good=trusted(texts.good),
        weak=trusted(texts.weak),
        own_points=_own_points(rubric, earned),
    )


def _own_points(rubric: items.Open, earned: Sequence[int]) -> str:
    if not earned:
        return ""
    points = [row.points for row in rubric.criteria]
    own = fsum(points_of for position, points_of in enumerate(points) if position in earned)
    return _("Your points: %(n)s of %(m)s", n=format_decimal(own), m=format_decimal(fsum(points)))


def _none(_drawn: Drawn, _answer: AnswerOfKind | None, _score: ItemScore) -> Rows:
    return ()


_ROWS: Mapping[ItemKind, Callable[[Drawn, Any, ItemScore], Rows]] = {
    ItemKind.SINGLE: _choices,
    ItemKind.TRUEFALSE: _choices,
    ItemKind.SEVERAL: _choices,
    ItemKind.ORDER: _order,
    ItemKind.MATCH: _match,
    ItemKind.SORT: _sort,
    ItemKind.NUMBER: _accepted,
    ItemKind.SHORT: _accepted,
    ItemKind.GAPS: _gaps,
    ItemKind.PASSAGES: _passages,
    ItemKind.OPEN: _none,
    ItemKind.RATING: _rating,
    ItemKind.MARK: document_feedback.mark_rows,
    ItemKind.PAIR: document_feedback.pair_rows,
    ItemKind.FIELDS: document_feedback.field_rows,
}
