"""View model of the feedback to an answer: the person's answer, the right answer and the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.catalogue.domain.courses import ReviewPart
from app.catalogue.domain.items import Choices, Item, ItemKind
from app.i18n.languages import direction
from app.quizzes.domain import answers
from app.quizzes.domain.answers import Answer, places_of
from app.quizzes.domain.grading import grade
from app.quizzes.shapes import CurrentAnswer, Drawn, FeedbackBase, FeedbackRow
from app.web.html.trusted_html import trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFeedback(FeedbackBase):
    """A question with its answer, the right answer and the reasons."""

    number: int
    stem: str
    lang: str
    dir: str


def answer_of(item: Item, saved_answer: CurrentAnswer | None) -> Answer | None:
    """Return the answer that counts for a question, None when it is open."""
    return (
        answers.parse(item, saved_answer.body) if saved_answer is not None and saved_answer.body is not None else None
    )


def feedback(drawn_question: Drawn, answer: Answer | None) -> AnswerFeedback:
    """Return the right answer of a question and the reasons, beside the answer that counts."""
    label, kind = _verdict(drawn_question.question.item, answer)
    chosen = places_of(answer)
    return AnswerFeedback(
        number=drawn_question.number,
        stem=trusted(drawn_question.texts.stem),
        lang=drawn_question.language,
        dir=direction(drawn_question.language),
        word=label,
        kind=kind,
        rows=tuple(_row(drawn_question, position, chosen) for position in _shown_positions(drawn_question)),
        general=trusted(drawn_question.texts.general),
    )


def limited(shown: AnswerFeedback, parts: frozenset[ReviewPart]) -> AnswerFeedback:
    """Return the feedback with the parts that may be seen: without answers, only the person's own answer remains."""
    if ReviewPart.ANSWERS in parts:
        if ReviewPart.REASONS in parts:
            return shown
        return replace(shown, rows=tuple(replace(row, why="") for row in shown.rows), general="")
    own = tuple(replace(row, word="", kind="", why="") for row in shown.rows if row.chosen)
    return replace(shown, rows=own, general="")


def _verdict(item: Item, answer: Answer | None) -> tuple[str, str]:
    """Return the label of an answer and its kind for the style."""
    if answer is None:
        return _("Not answered"), "none"
    score = grade(item, answer).share
    if score >= 1:
        return _("Right"), "good"
    return (_("Partly right"), "risk") if score > 0 else (_("Not right"), "bad")


def _shown_positions(drawn_question: Drawn) -> Sequence[int]:
    """Return the entries of an order in their right order, options as the person saw them."""
    question = drawn_question.question
    return sorted(question.order) if question.item.kind is ItemKind.ORDER else question.order


def _row(drawn_question: Drawn, position: int, chosen: list[int]) -> FeedbackRow:
    item = drawn_question.question.item
    if isinstance(item.answers, Choices):
        label, kind = _option_verdict(is_right=item.answers.options[position].share > 0, is_chosen=position in chosen)
    else:
        label, kind = _entry_verdict(position, chosen)
    return FeedbackRow(
        text=trusted(drawn_question.texts.answers[position]),
        chosen=position in chosen and item.kind is not ItemKind.ORDER,
        word=label,
        kind=kind,
        why=trusted(drawn_question.texts.feedback[position]),
    )


def _option_verdict(*, is_right: bool, is_chosen: bool) -> tuple[str, str]:
    if is_right:
        return _("Right"), "good"
    return (_("Not right"), "bad") if is_chosen else ("", "")


def _entry_verdict(position: int, chosen: list[int]) -> tuple[str, str]:
    if position not in chosen:
        return _("You did not place it"), "none"
    index = chosen.index(position)
    return _("You put it at %(n)s", n=index + 1), "good" if index == position else "risk"
