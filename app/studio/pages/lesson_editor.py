"""View models of the lesson editor: the form, its preview, and the problems of the text by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.courses import LessonEntry
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import normalise
from app.catalogue.service.preparation import preview_job
from app.i18n.languages import direction
from app.identity.queries import people
from app.markup.errors import MarkupError
from app.markup.preview import render_preview
from app.markup.shapes import Picture
from app.studio.domain.merge import MergeConflict
from app.studio.forms.courses import LessonFactsForm, LessonTextForm, PictureForm
from app.studio.pages.editor_parts import ConflictLines, TextProblem, conflict_lines, text_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.html.trusted_html import trusted
from app.web.pages import Page

ABOVE_TEXT = 2  # the file begins with the title and an empty line
WORDS_A_MINUTE = 140  # of a reader in a third language


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedLesson:
    """A lesson as the editor shows it: its entry, its path, and its text with the title line."""

    entry: LessonEntry
    path: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSection:
    """A section of the rendered lesson; a question has its id instead of HTML."""

    html: str
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPreview(Page):
    """A lesson as learners would see it, with its problems; `failure` says why it cannot be shown."""

    template: ClassVar[str] = "studio/preview.html"
    title: str
    lang: str
    dir: str
    sections: Sequence[PreviewSection]
    problems: Sequence[TextProblem]
    facts: str
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonEditorPage(Page):
    """The editor of a lesson. `conflicts` are what another user changed at the same lines."""

    template: ClassVar[str] = "studio/lesson.html"
    head: CourseHeader
    slug: str
    number: int
    lang: str
    dir: str
    form: LessonTextForm
    facts: LessonFactsForm
    preview: LessonPreview
    conflicts: Sequence[ConflictLines]
    others: Sequence[str]
    can_write: bool
    has_help: bool
    save_url: str
    autosave_url: str
    preview_url: str
    facts_url: str
    learner_url: str
    picture: PictureForm
    picture_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLessonPage(Page):
    """A lesson of the draft at its own address, as learners would see it."""

    template: ClassVar[str] = "studio/draft_lesson.html"
    head: CourseHeader
    preview: LessonPreview
    edit_url: str


def text_of(title: str, body: str) -> str:
    """Return the text of a lesson's file."""
    stripped = normalise(body).strip("\n")
    return f"# {title}\n\n{stripped}\n" if stripped else f"# {title}\n"


def page(
    actor: Actor,
    workspace: Workspace,
    lesson: EditedLesson,
    form: LessonTextForm,
    facts: LessonFactsForm,
    *,
    conflicts: Sequence[MergeConflict] = (),
    others: Sequence[str] = (),
) -> LessonEditorPage:
    """Return the editor of a lesson."""
    folder = checked.folder_of_lesson(workspace, lesson.entry.slug)
    course, slug = workspace.slug, lesson.entry.slug
    return LessonEditorPage(
        head=header(workspace, folder, "studio.show_outline"),
        slug=slug,
        number=folder.course.lessons.index(lesson.entry) + 1,
        lang=lesson.language,
        dir=direction(lesson.language),
        form=form,
        facts=facts,
        preview=preview(workspace, lesson),
        conflicts=conflict_lines(conflicts, above=ABOVE_TEXT),
        others=others,
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        has_help=allows(actor, Action.CREATE_COURSE),
        save_url=url_for("studio.save_lesson", course=course, lesson=slug),
        autosave_url=url_for("studio.autosave_lesson", course=course, lesson=slug),
        preview_url=url_for("studio.render_lesson", course=course, lesson=slug),
        facts_url=url_for("studio.change_lesson", course=course, lesson=slug),
        learner_url=url_for("studio.preview_lesson", course=course, lesson=slug),
        picture=_picture_form(actor, folder),
        picture_url=url_for("studio.add_picture", course=course, lesson=slug),
    )


def _picture_form(actor: Actor, folder: CourseFolder) -> PictureForm:
    """Return the form of a picture with the rights of the course; without an author, the user is the author."""
    authors = ", ".join(folder.course.authors) or people.names([actor.id]).get(actor.id, "")
    return PictureForm(None, author=authors, licence=folder.course.licence)


def draft_page(workspace: Workspace, lesson: EditedLesson) -> DraftLessonPage:
    """Return a lesson of the draft as learners would see it."""
    return DraftLessonPage(
        head=header(workspace, checked.folder_of_lesson(workspace, lesson.entry.slug), "studio.show_outline"),
        preview=preview(workspace, lesson),
        edit_url=url_for("studio.edit_lesson", course=workspace.slug, lesson=lesson.entry.slug),
    )


def preview(workspace: Workspace, lesson: EditedLesson) -> LessonPreview:
    """Return the preview of a text, saved or not."""
    folder = checked.folder_of_lesson(workspace, lesson.entry.slug)
    problems = checked.lesson_problems(workspace, folder, lesson.path, lesson.text, lesson.entry.warning)
    job = preview_job(folder, checked.references(), lesson.language, lesson.text, _pictures(workspace, folder))
    try:
        rendered = render_preview(job)
    except MarkupError as error:
        return _preview(lesson, problems, failure=_(str(error)))
    sections = [
        PreviewSection(html=trusted(part.html), question=part.ref if part.kind == "check" else "")
        for part in rendered.parts
    ]
    return _preview(lesson, problems, title=rendered.title, sections=sections, word_count=rendered.words)


def _preview(
    lesson: EditedLesson,
    problems: Sequence[Problem],
    *,
    title: str = "",
    sections: Sequence[PreviewSection] = (),
    word_count: int = 0,
    failure: str = "",
) -> LessonPreview:
    return LessonPreview(
        title=title,
        lang=lesson.language,
        dir=direction(lesson.language),
        sections=sections,
        problems=[text_problem(problem, above=ABOVE_TEXT) for problem in problems],
        facts=_facts(word_count, len(problems)),
        failure=failure,
    )


def _facts(word_count: int, problems: int) -> str:
    minutes = max(1, round(word_count / WORDS_A_MINUTE))
    return ". ".join(
        [
            ngettext("%(num)s word", "%(num)s words", word_count),
            ngettext("About %(num)s minute of reading", "About %(num)s minutes of reading", minutes),
            ngettext("%(num)s problem", "%(num)s problems", problems),
        ]
    )


def _pictures(workspace: Workspace, folder: CourseFolder) -> Mapping[str, Picture]:
    pictures: dict[str, Picture] = {}
    for name in folder.contents:
        address = Picture(url_for("studio.draft_medium", course=workspace.slug, name=name))
        pictures |= {f"media/{name}": address, f"../media/{name}": address}
    return pictures


def path_of(folder: CourseFolder, slug: str) -> str:
    """Return the path of a lesson's text in the source language."""
    return path_in_course(Part.LESSON, folder.course.source_language, slug)
