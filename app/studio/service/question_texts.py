"""Render the texts of a question of any kind for its preview, as learners would see them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalogue.domain.items import (
    Choices,
    Fields,
    Gaps,
    Item,
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
from app.catalogue.service.text_rendering import RenderBatch, labels


@dataclass(frozen=True, slots=True)
class QuestionTexts:
    """HTML of a question: `answers` are options, entries, left cells, statements or the texts around gaps.

    `feedback` is by option, entry, accepted answer or statement; empty for kinds that have none.
    """

    stem: str
    answers: tuple[str, ...]
    feedback: tuple[str, ...]
    hint: str
    general: str


Sources = tuple[Sequence[str], Sequence[str]]  # answers, feedback


def render(item: Item, language: str) -> QuestionTexts:
    """Return the texts of a question as HTML. Raises MarkupError for a text over a limit."""
    answers, feedback = _SOURCES[type(item.answers)](item.answers)
    inline, block = RenderBatch(), RenderBatch()
    answer_places = [inline.add(text) for text in answers]
    places = [block.add(text) for text in (item.stem, item.hint, item.general, *feedback)]
    inline.render(inline=True)
    block.render(inline=False, labels=labels(language))
    stem, hint, general, *reasons = (block[place] for place in places)
    return QuestionTexts(stem, tuple(inline[place] for place in answer_places), tuple(reasons), hint, general)


def _choices(answers: Choices) -> Sources:
    return [option.text for option in answers.options], [option.feedback for option in answers.options]


def _order(answers: Order) -> Sources:
    return [entry.text for entry in answers.entries], [entry.feedback for entry in answers.entries]


def _match(answers: Match) -> Sources:
    return [pair.left for pair in answers.pairs], []


def _sort(answers: Sort) -> Sources:
    entries = [entry for group in answers.groups for entry in group.entries]
    return [entry.text for entry in entries], [entry.feedback for entry in entries]


def _accepted(answers: Number | Short) -> Sources:
    return [], [answer.feedback for answer in answers.answers]


def _gaps(answers: Gaps) -> Sources:
    return answers.parts, []


def _passages(answers: Passages) -> Sources:
    """Return the texts around the passages, then the passages."""
    return [*answers.parts, *(passage.text for passage in answers.passages)], []


def _open(answers: Open) -> Sources:
    return [], []


def _rating(answers: Rating) -> Sources:
    return [row.text for row in answers.statements], [row.feedback for row in answers.statements]


def _lines(answers: Mark | Pairs) -> Sources:
    rows = answers.lines if isinstance(answers, Mark) else answers.pairs
    return [], [row.feedback for row in rows]


def _fields(answers: Fields) -> Sources:
    return [field.label for field in answers.fields], [field.feedback for field in answers.fields]


# Each function takes the answers beside it: a table of types cannot say that to a type checker, hence Any.
_SOURCES: dict[type, Callable[[Any], Sources]] = {
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
    Mark: _lines,
    Pairs: _lines,
    Fields: _fields,
}
