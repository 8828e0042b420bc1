"""View model of a trial answer to a question: marked as for learners, and stored nowhere."""

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import format_percent, gettext as _

from app.markup.errors import MarkupError
from app.quizzes.domain.answers import Answer
from app.quizzes.domain.grading import grade
from app.quizzes.queries import question_feedback
from app.quizzes.queries.question_items import fields_of, question_item
from app.quizzes.shapes import Drawn, FeedbackBase
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.question_preview import QuestionPreview, drawn, preview
from app.studio.queries.questions import DraftBank, QuestionLine
from app.studio.queries.workspaces import Workspace
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
    shown = preview(None, bank.folder, bank.language)
    if line.item is not None:
        try:
            question = drawn(line.item, bank.folder, bank.language)
        except MarkupError as error:
            shown = QuestionPreview(item=None, failure=_(str(error)))
        else:
            shown = QuestionPreview(item=question_item(question, fields_of(question, answer), line.id))
            hint = trusted(question.texts.hint)
            feedback, score = result(question, answer)
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


def result(question: Drawn, answer: Answer | None) -> tuple[FeedbackBase | None, str]:
    """Return the feedback to an answer, and its score as a percentage; None without an answer."""
    if answer is None:
        return None, ""
    score = grade(question.question.item, answer)
    feedback = question_feedback.feedback(question, answer, question.question.item.id)
    return feedback, "" if score.needs_person else str(format_percent(score.share))
