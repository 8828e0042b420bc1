"""View model of the editor of a question: as a form, as text, or to read only, with preview and problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.blueprint_checks import DRAWN
from app.catalogue.domain.problems import Problem, Weight
from app.i18n.languages import direction
from app.studio import labels as studio_labels
from app.studio.domain.question_use import undrawn_use
from app.studio.pages import question_labels as labels
from app.studio.pages.edited_question import BothTexts, EditedQuestion
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.question_form import QuestionFormView, view
from app.studio.pages.question_preview import QuestionPreview, preview
from app.studio.pages.question_use import UnusedQuestions, unused
from app.studio.queries import questions
from app.studio.queries.questions import DraftBank
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionProblem:
    """A problem of the text; `line` counts from the heading of the question."""

    line: int
    message: str
    hint: str
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingLesson:
    """A lesson that asks the question."""

    title: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLinks:
    """Addresses of the editor; those of actions are empty for a new question."""

    save: str
    bank: str
    autosave: str = ""
    new: str = ""
    trial: str = ""
    copy: str = ""
    retire: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage(Page):
    """The editor. `form` is None if the text is shown; `preview` is None after a button that changes rows only.

    `is_opened`: nothing was sent yet, so text on the device may be put back.
    """

    template: ClassVar[str] = "studio/question.html"
    head: CourseHeader
    id: str
    lang: str
    dir: str
    can_write: bool
    has_form: bool
    form: QuestionFormView | None
    text: str
    opened: str
    is_opened: bool
    kind: str
    use: str
    problems: Sequence[QuestionProblem]
    both: BothTexts | None
    message: str
    preview: QuestionPreview | None
    lessons: Sequence[AskingLesson]
    unused: UnusedQuestions | None
    links: QuestionLinks


def page(actor: Actor, workspace: Workspace, draft_bank: DraftBank, edited: EditedQuestion) -> QuestionPage:
    """Return the editor of a question."""
    can_write = allows(actor, Action.WRITE_COURSE, workspace)
    return QuestionPage(
        head=header(workspace, draft_bank.folder, "studio.show_bank"),
        id=edited.id,
        lang=draft_bank.language,
        dir=direction(draft_bank.language),
        can_write=can_write,
        has_form=edited.fields is not None,
        form=_form(draft_bank, edited) if can_write else None,
        text=edited.text,
        opened=edited.opened,
        is_opened=edited.is_opened,
        kind=labels.kind(str(edited.kind or "")),
        use=_use(draft_bank, edited),
        problems=[_problem(problem) for problem in edited.problems],
        both=edited.both,
        message=edited.message,
        preview=preview(edited.item, draft_bank.folder, draft_bank.language) if edited.has_preview else None,
        lessons=_lessons(workspace, draft_bank, edited.id),
        unused=unused(workspace, draft_bank.folder, {edited.id}) if edited.id else None,
        links=_links(workspace, edited),
    )


def _use(draft_bank: DraftBank, edited: EditedQuestion) -> str:
    """Return where a question is asked that no test draws, "" for another one."""
    if edited.fields is None or edited.fields.kind in DRAWN:
        return ""
    form = edited.fields.settings.get("form", "")
    return labels.undrawn_use(undrawn_use(draft_bank.folder.course, edited.id, form))


def _form(draft_bank: DraftBank, edited: EditedQuestion) -> QuestionFormView | None:
    if edited.fields is None or edited.is_text:
        return None
    return view(draft_bank, edited.fields, edited.field_problems)


def _problem(problem: Problem) -> QuestionProblem:
    message, hint = studio_labels.problem(problem)
    return QuestionProblem(line=problem.line, message=message, hint=hint, is_error=problem.weight is Weight.ERROR)


def _lessons(workspace: Workspace, draft_bank: DraftBank, item_id: str) -> list[AskingLesson]:
    return [
        AskingLesson(title=title, href=url_for("studio.edit_lesson", course=workspace.slug, lesson=slug))
        for slug, title in questions.lessons_with(draft_bank, item_id)
    ]


def _links(workspace: Workspace, edited: EditedQuestion) -> QuestionLinks:
    course = workspace.slug
    bank_url = url_for("studio.show_bank", course=course)
    if not edited.id:
        return QuestionLinks(save=url_for("studio.add_question", course=course), bank=bank_url)
    return QuestionLinks(
        save=url_for("studio.save_question", course=course, item=edited.id),
        bank=bank_url,
        autosave=url_for("studio.autosave_question", course=course, item=edited.id),
        new=url_for("studio.new_question", course=course, kind=edited.kind),
        trial=url_for("studio.show_trial", course=course, item=edited.id),
        copy=url_for("studio.copy_question", course=course, item=edited.id),
        retire=url_for("studio.retire_question", course=course, item=edited.id),
    )
