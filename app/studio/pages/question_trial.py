"""View model of a trial answer to a question: marked as for learners, and stored nowhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for
from flask_babel import format_percent, gettext as _

from app.catalogue.domain.bank_checks import ON_DOCUMENTS
from app.catalogue.domain.items import (
    Choices,
    Gaps,
    Item,
    Match,
    Number,
    NumberAnswer,
    Open,
    Order,
    Passages,
    Rating,
    Short,
    ShortAnswer,
    Sort,
)
from app.markup.errors import MarkupError
from app.quizzes.domain.answers import Answer, places_of, right_rows, sort_targets
from app.quizzes.domain.grading import ItemScore, grade
from app.quizzes.shapes import FeedbackBase, FeedbackRow
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.question_preview import QuestionPreview, no_preview, preview, shown_item
from app.studio.queries.questions import DraftBank, QuestionLine
from app.studio.queries.workspaces import Workspace
from app.studio.service import question_texts
from app.studio.service.question_texts import QuestionTexts
from app.web.html.trusted_html import trusted
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage(Page):
    """A question as learners would see it; `result` is None before an answer, `score` its share of the points."""

    template: ClassVar[str] = "studio/trial.html"
    head: CourseHeader
    id: str
    preview: QuestionPreview
    hint: str
    result: FeedbackBase | None
    score: str
    message: str
    action: str
    edit_url: str


def page(
    workspace: Workspace, bank: DraftBank, line: QuestionLine, answer: Answer | None = None, *, message: str = ""
) -> TrialPage:
    """Return a question to try, or with the result of an answer; `message` says why an answer cannot be read."""
    feedback, score, hint = None, "", ""
    shown = preview(None, bank.language)
    if line.item is not None and line.item.kind in ON_DOCUMENTS:
        shown = QuestionPreview(item=None, failure=no_preview())
    elif line.item is not None:
        try:
            texts = question_texts.render(line.item, bank.language)
        except MarkupError as error:
            shown = QuestionPreview(item=None, failure=_(str(error)))
        else:
            shown = QuestionPreview(item=shown_item(line.item, texts, bank.language, answer))
            hint = trusted(texts.hint)
            feedback, score = result(line.item, texts, answer)
    return TrialPage(
        head=header(workspace, bank.folder, "studio.show_bank"),
        id=line.id,
        preview=shown,
        hint=hint,
        result=feedback,
        score=score,
        message=message,
        action=url_for("studio.try_question", course=workspace.slug, item=line.id),
        edit_url=url_for("studio.show_question", course=workspace.slug, item=line.id),
    )


def result(item: Item, texts: QuestionTexts, answer: Answer | None) -> tuple[FeedbackBase | None, str]:
    """Return the feedback to an answer, and its score as a percentage; None without an answer."""
    if answer is None:
        return None, ""
    score = grade(item, answer)
    word, kind = _verdict(score)
    rows = tuple(_ROWS[type(item.answers)](item.answers, texts, score, places_of(answer)))
    feedback = FeedbackBase(word=word, kind=kind, rows=rows, general=trusted(texts.general))
    return feedback, "" if score.needs_person else str(format_percent(score.share))


def _verdict(score: ItemScore) -> tuple[str, str]:
    if score.needs_person:
        return _("A trainer grades this answer"), "wait"
    if score.share >= 1:
        return _("Right"), "good"
    return (_("Partly right"), "risk") if score.share > 0 else (_("Not right"), "bad")


Rows = Iterable[FeedbackRow]


def _row(text: str, credit: float, why: str = "") -> FeedbackRow:
    word, kind = (_("Right"), "good") if credit >= 1 else (_("Not right"), "bad")
    return FeedbackRow(text=text, chosen=False, word=word, kind=kind, why=why)


def _option(text: str, *, is_right: bool, is_chosen: bool, why: str = "") -> FeedbackRow:
    other = (_("Not right"), "bad") if is_chosen else ("", "")
    word, kind = (_("Right"), "good") if is_right else other
    return FeedbackRow(text=text, chosen=is_chosen, word=word, kind=kind, why=why)


def _choices(answers: Choices, texts: QuestionTexts, _score: ItemScore, places: list[int]) -> Rows:
    for position, option in enumerate(answers.options):
        text, why = trusted(texts.answers[position]), trusted(texts.feedback[position])
        yield _option(text, is_right=option.share > 0, is_chosen=position in places, why=why)


def _order(answers: Order, texts: QuestionTexts, score: ItemScore, _places: list[int]) -> Rows:
    return map(_row, map(trusted, texts.answers), score.parts, map(trusted, texts.feedback))


def _match(answers: Match, texts: QuestionTexts, score: ItemScore, _places: list[int]) -> Rows:
    for row, credit in zip(right_rows(answers), score.parts, strict=True):
        yield _row(f"{answers.pairs[row].left}: {answers.pairs[row].right}", credit)


def _sort(answers: Sort, texts: QuestionTexts, score: ItemScore, _places: list[int]) -> Rows:
    entries = [entry for group in answers.groups for entry in group.entries]
    for position, group in enumerate(sort_targets(answers)):
        text = f"{entries[position].text}: {answers.groups[group].title}"
        yield _row(text, score.parts[position], trusted(texts.feedback[position]))


def _accepted(answers: Number | Short, texts: QuestionTexts, _score: ItemScore, _places: list[int]) -> Rows:
    accepted: tuple[NumberAnswer | ShortAnswer, ...] = answers.answers
    for answer, why in zip(accepted, texts.feedback, strict=True):
        word = "" if answer.share == 1 else str(format_percent(answer.share))
        yield FeedbackRow(text=_key(answer), chosen=False, word=word, kind="none", why=trusted(why))


def _key(answer: NumberAnswer | ShortAnswer) -> str:
    if isinstance(answer, ShortAnswer):
        return answer.pattern
    return f"{answer.value} ± {answer.tolerance}" if answer.tolerance else answer.value


def _gaps(answers: Gaps, texts: QuestionTexts, score: ItemScore, _places: list[int]) -> Rows:
    return [_row(", ".join(gap.accepted), credit) for gap, credit in zip(answers.gaps, score.parts, strict=True)]


def _passages(answers: Passages, texts: QuestionTexts, _score: ItemScore, places: list[int]) -> Rows:
    for position, passage in enumerate(answers.passages):
        yield _option(passage.text, is_right=passage.right, is_chosen=position in places)


def _open(answers: Open, texts: QuestionTexts, _score: ItemScore, _places: list[int]) -> Rows:
    return ()


def _rating(answers: Rating, texts: QuestionTexts, score: ItemScore, _places: list[int]) -> Rows:
    for position, statement in enumerate(answers.statements):
        text = _("%(statement)s: %(low)s to %(high)s", statement=statement.text, low=statement.low, high=statement.high)
        yield _row(text, score.parts[position], trusted(texts.feedback[position]))


# Each function takes the answers beside it: a table of types cannot say that to a type checker, hence Any.
_ROWS: dict[type, Callable[[Any, QuestionTexts, ItemScore, list[int]], Rows]] = {
    Choices: _choices,
    Order: _order,
    Match: _match,
    Sort: _sort,
    Number: _accepted,
    Short: _accepted,
    Gaps: _gaps,
    Passages: _passages,
    Open: _open,
    Rating: _rating,
}
