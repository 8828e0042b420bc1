"""View model of a question as learners would see it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.domain.items import Item
from app.catalogue.domain.library import CourseFolder
from app.catalogue.service.preparation import item_with_documents
from app.catalogue.service.text_rendering import rendered_texts
from app.markup.errors import MarkupError
from app.quizzes.domain.selection import practice_question
from app.quizzes.queries.question_items import question_item
from app.quizzes.shapes import Drawn, QuestionItem


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPreview:
    """A question as learners would see it; `failure` says why it cannot be shown."""

    item: QuestionItem | None
    failure: str = ""


def preview(item: Item | None, folder: CourseFolder, language: str) -> QuestionPreview:
    """Return the preview of a question, None if its text has errors, with the documents of its course."""
    if item is None:
        return QuestionPreview(
            item=None, failure=_("Correct the errors of the question. Then you see it as learners do.")
        )
    try:
        shown = drawn(item, folder, language)
    except MarkupError as error:
        return QuestionPreview(item=None, failure=_(str(error)))
    return QuestionPreview(item=question_item(shown, {}, item.id))


def drawn(item: Item, folder: CourseFolder, language: str) -> Drawn:
    """Return a question with its texts and documents, in the order of practice.

    Raises MarkupError for a text over a limit.
    """
    prepared, documents = item_with_documents(folder, item, language)
    return Drawn(1, practice_question(prepared), rendered_texts(prepared, language), language, documents)
