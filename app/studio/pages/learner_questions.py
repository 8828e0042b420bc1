"""View model of the questions of learners for the trainers of a course: /teaching/courses/<course>/questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.catalogue.shapes import Outline
from app.learning.domain.learner_posts import QuestionState, help_digest, may_publish
from app.learning.queries.questions import LearnerQuestionLine
from app.studio.forms.learner_posts import HelpEntryForm, LearnerAnswerForm
from app.studio.pages.header import CourseHeader
from app.studio.queries.learner_questions import QuestionPart
from app.web.pages import Page

SIZE = 20  # questions on a page
GROUPS: Mapping[str, tuple[QuestionState, ...]] = {
    "open": (QuestionState.OPEN,),
    "answered": (QuestionState.ANSWERED, QuestionState.CLOSED),
    "proposed": (QuestionState.PROPOSED,),
    "published": (QuestionState.PUBLISHED,),
}
GROUP_LABELS: Mapping[str, LazyString] = {
    "open": lazy_gettext("Open"),
    "answered": lazy_gettext("Settled"),
    "proposed": lazy_gettext("Help entries to check"),
    "published": lazy_gettext("Published help entries"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionActions:
    """The addresses of the steps of a question."""

    answer: str
    close: str
    propose: str
    publish: str
    withdraw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerQuestionBox:
    """A question with its addresses and rejected forms; `can_publish`: the user is the second person.

    `digest` is that of the texts of the help entry.
    """

    question: LearnerQuestionLine
    alias: str
    about: str
    actions: QuestionActions
    answer_form: LearnerAnswerForm | None
    help_form: HelpEntryForm | None
    can_publish: bool
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLink:
    """A link to the questions in some states, with their number."""

    label: str
    count: int
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerQuestionsPage(Page):
    """A page of the questions of a group."""

    template: ClassVar[str] = "studio/learner_questions.html"

    head: CourseHeader
    groups: Sequence[GroupLink]
    boxes: Sequence[LearnerQuestionBox]
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True)
class RejectedForm:
    """A form about a question that was not saved."""

    question_id: UUID
    answer: LearnerAnswerForm | None = None
    help_entry: HelpEntryForm | None = None


def group_links(course: str, counts: Mapping[QuestionState, int], current: str) -> list[GroupLink]:
    """Return the links to the groups of questions."""
    return [
        GroupLink(
            label=str(label),
            count=sum(counts.get(state, 0) for state in GROUPS[name]),
            href=url_for("studio.show_learner_questions", course=course, state=name),
            is_current=name == current,
        )
        for name, label in GROUP_LABELS.items()
    ]


def question_boxes(
    outline: Outline, part: QuestionPart, user: UUID, rejected: RejectedForm | None
) -> list[LearnerQuestionBox]:
    """Return the questions of a page as boxes with their forms."""
    return [_box(outline, line, part.aliases, user, rejected) for line in part.lines]


def _box(
    outline: Outline, line: LearnerQuestionLine, aliases: Mapping[UUID, str], user: UUID, rejected: RejectedForm | None
) -> LearnerQuestionBox:
    own = rejected if rejected is not None and rejected.question_id == line.id else RejectedForm(line.id)
    alias = aliases.get(line.person_id, "") if line.person_id else ""
    return LearnerQuestionBox(
        question=line,
        alias=alias or _("A learner"),
        about=_about(outline, line),
        actions=_actions(outline.slug, line.id),
        answer_form=own.answer,
        help_form=own.help_entry,
        can_publish=may_publish(user, line.proposed_by),
        digest=help_digest(line.help_question, line.help_answer),
    )


def _actions(course: str, question_id: UUID) -> QuestionActions:
    return QuestionActions(
        answer=url_for("studio.answer_question", course=course, question_id=question_id),
        close=url_for("studio.close_question", course=course, question_id=question_id),
        propose=url_for("studio.propose_question", course=course, question_id=question_id),
        publish=url_for("studio.publish_question", course=course, question_id=question_id),
        withdraw=url_for("studio.withdraw_question", course=course, question_id=question_id),
    )


def _about(outline: Outline, line: LearnerQuestionLine) -> str:
    if line.lesson not in outline.lessons:
        return line.item or line.lesson
    title = outline.lesson_title(line.lesson, line.language)
    return f"{title}, {line.item}" if line.item else title
