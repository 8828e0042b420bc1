"""View model of a question as learners would see it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.domain.items import Item
from app.catalogue.service.text_rendering import rendered_texts
from app.markup.errors import MarkupError
from app.quizzes.domain.answers import Answer
from app.quizzes.domain.selection import practice_question
from app.quizzes.queries.question_items import fields_of, question_item
from app.quizzes.shapes import Drawn, QuestionItem


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPreview:
    """A question as learners would see it; `failure` says why it cannot be shown."""

    item: QuestionItem | None
    failure: str = ""


def preview(item: Item | None, language: str, answer: Answer | None = None) -> QuestionPreview:
    """Return the preview of a question, with an answer in positions of the source; None: its text has errors."""
    if item is None:
        return QuestionPreview(
            item=None, failure=_("Correct the errors of the question. Then you see it as learners do.")
        )
    try:
        shown = drawn(item, language)
    except MarkupError as error:
        return QuestionPreview(item=None, failure=_(str(error)))
    return QuestionPreview(item=question_item(shown, fields_of(shown, answer), item.id))


def drawn(item: Item, language: str) -> Drawn:
    """Return a question with its texts, in the order of practice. Raises MarkupError for a text over a limit."""
    return Drawn(1, practice_question(item), rendered_texts(item, language), language)
