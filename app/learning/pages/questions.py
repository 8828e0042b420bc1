"""View model of the questions of a learner to the trainers of a course: /courses/<course>/questions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.i18n.languages import direction
from app.learning.forms import QuestionForm
from app.learning.pages import lesson_questions
from app.learning.queries.questions import LearnerQuestionLine
from app.web.pages import Page

LONGEST_LABEL = 90  # characters of a practice question in the list
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage(Page):
    """Help entries, the form, and the user's own questions; `is_refused`: too many questions within 24 hours."""

    template: ClassVar[str] = "learning/questions.html"

    title: str
    href: str
    lang: str
    dir: str
    action: str
    form: QuestionForm
    is_refused: bool
    own: Sequence[LearnerQuestionLine]
    help_entries: Sequence[LearnerQuestionLine]


def questions_page(
    outline: Outline,
    language: str,
    form: QuestionForm,
    questions: tuple[Sequence[LearnerQuestionLine], Sequence[LearnerQuestionLine]],
    *,
    is_refused: bool = False,
) -> QuestionsPage:
    """Return the page; `questions` are the user's own ones and the help entries."""
    code = outline.spoken(language)
    return QuestionsPage(
        title=outline.title(language),
        href=url_for("learning.course", course=outline.slug),
        lang=code,
        dir=direction(code),
        action=url_for("learning.ask", course=outline.slug),
        form=form,
        is_refused=is_refused,
        own=questions[0],
        help_entries=questions[1],
    )


def subjects(outline: Outline, language: str, text: LessonText | None) -> list[tuple[str, str]]:
    """Return what a question may be about: the course, a lesson, and the practice questions of the lesson `text`."""
    pairs = [("", _("The whole course"))]
    for number, entry in enumerate(outline.facts.lessons, 1):
        title = outline.lesson_title(entry.slug, language)
        pairs.append((entry.slug, _("Lesson %(n)s: %(title)s", n=number, title=title)))
        if text is not None and text.slug == entry.slug:
            pairs += _practice_questions(outline, text)
    return pairs


def _practice_questions(outline: Outline, text: LessonText) -> list[tuple[str, str]]:
    bank = catalogue.bank(outline.version_id, text.language)
    return [
        (f"{text.slug}/{item}", _("Question in this lesson: %(text)s", text=_short(bank[item].texts.stem)))
        for item in lesson_questions.asked(text)
        if item in bank
    ]


def _short(html: str) -> str:
    text = unescape(" ".join(_TAG.sub(" ", html).split()))
    return text if len(text) <= LONGEST_LABEL else f"{text[:LONGEST_LABEL].rstrip()}…"
