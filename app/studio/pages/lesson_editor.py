"""View models of the lesson editor: the form, its preview, and the problems of the text by line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.courses import LessonEntry
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.media import captions_of, is_video
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.recordings import TYPES
from app.catalogue.domain.text import normalise
from app.catalogue.service.preparation import preview_job
from app.i18n.languages import NAMES, direction, language_name
from app.markup.errors import MarkupError
from app.markup.preview import render_preview
from app.markup.shapes import LessonSection, Picture, RenderedLesson, SourceLine
from app.quizzes.shapes import QuestionItem
from app.studio.domain.merge import MergeConflict
from app.studio.forms.courses import LessonFactsForm, LessonTextForm
from app.studio.pages import picture_panel, question_preview
from app.studio.pages.editor_parts import ConflictLines, TextProblem, conflict_lines, text_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.picture_panel import PicturePanel
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.html.trusted_html import trusted
from app.web.pages import Page

ABOVE_TEXT = 2  # the file begins with the title and an empty line
WORDS_A_MINUTE = 140  # of a reader in a third language
_DOCUMENT_LINK = re.compile(r'<a href="#doc-[^"]*"[^>]*>(.*?)</a>', re.S)
_DRAFT_MEDIA = "/media/draft/"
_DRAFT_PICTURE = re.compile(rf'(<(?:img|audio|video|track)\b(?:[^>"]|"[^"]*")*?\bsrc="){_DRAFT_MEDIA}')


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedLesson:
    """A lesson as the editor shows it: its entry, its path, and its text with the title line."""

    entry: LessonEntry
    path: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSection:
    """A section of the rendered lesson; a question has its id, and is shown without its answers if it can be read."""

    html: str
    question: str = ""
    item: QuestionItem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPreview(Page):
    """A lesson as learners would see it, with its problems; `failure` says why it cannot be shown."""

    template: ClassVar[str] = "studio/preview.html"
    title: str
    lang: str
    dir: str
    sections: Sequence[PreviewSection]
    sources: Sequence[SourceLine]
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
    pictures: PicturePanel
    conflicts: Sequence[ConflictLines]
    others: Sequence[str]
    can_write: bool
    has_help: bool
    save_url: str
    autosave_url: str
    preview_url: str
    facts_url: str
    learner_url: str


@dataclass(frozen=True, slots=True)
class PreviewLanguage:
    """A language in which the draft has the lesson."""

    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLessonPage(Page):
    """A lesson of the draft at its own address, as learners would see it."""

    template: ClassVar[str] = "studio/draft_lesson.html"
    head: CourseHeader
    preview: LessonPreview
    languages: Sequence[PreviewLanguage]
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
        pictures=picture_panel.panel(workspace, folder, actor.id),
        conflicts=conflict_lines(conflicts, above=ABOVE_TEXT),
        others=others,
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        has_help=allows(actor, Action.CREATE_COURSE),
        save_url=url_for("studio.save_lesson", course=course, lesson=slug),
        autosave_url=url_for("studio.autosave_lesson", course=course, lesson=slug),
        preview_url=url_for("studio.render_lesson", course=course, lesson=slug),
        facts_url=url_for("studio.change_lesson", course=course, lesson=slug),
        learner_url=url_for("studio.preview_lesson", course=course, lesson=slug),
    )


def draft_page(workspace: Workspace, lesson: EditedLesson) -> DraftLessonPage:
    """Return a lesson of the draft as learners would see it."""
    slug = lesson.entry.slug
    folder = checked.folder_of_lesson(workspace, slug)
    written = [code for code in NAMES if code in folder.lessons.get(slug, {})]
    return DraftLessonPage(
        head=header(workspace, folder, "studio.show_outline"),
        preview=preview(workspace, lesson),
        languages=[_language(workspace, slug, code, is_current=code == lesson.language) for code in written],
        edit_url=url_for("studio.edit_lesson", course=workspace.slug, lesson=slug, language=lesson.language),
    )


def _language(workspace: Workspace, slug: str, code: str, *, is_current: bool) -> PreviewLanguage:
    href = url_for("studio.preview_lesson", course=workspace.slug, lesson=slug, language=code)
    return PreviewLanguage(language_name(code), href, is_current)


def preview(workspace: Workspace, lesson: EditedLesson) -> LessonPreview:
    """Return the preview of a text, saved or not."""
    folder = checked.folder_of_lesson(workspace, lesson.entry.slug)
    problems = checked.lesson_problems(workspace, folder, lesson.path, lesson.text, lesson.entry.warning)
    job = preview_job(folder, checked.references(), lesson.language, lesson.text, _pictures(folder))
    try:
        rendered = render_preview(job)
    except MarkupError as error:
        return _preview(lesson, problems, failure=_(str(error)))
    sections = [section for part in rendered.parts for section in _sections(workspace, folder, lesson.language, part)]
    return _preview(lesson, problems, rendered=rendered, sections=sections)


def _sections(
    workspace: Workspace, folder: CourseFolder, language: str, part: LessonSection
) -> Iterator[PreviewSection]:
    """Yield the title, the text and the questions of a section; of its documents the ids."""
    if part.kind == "check":
        yield _question_section(folder, language, part.ref)
        return
    if part.title and part.kind not in ("country", "country-facts"):
        names = f" ({', '.join(part.documents)})" if part.documents else ""
        yield PreviewSection(html=trusted("<h2>") + f"{part.title}{names}" + trusted("</h2>"))
    yield PreviewSection(html=trusted(_without_document_links(_with_draft_media(part.whole, workspace))))
    for item in part.items:
        yield _question_section(folder, language, item)


def _question_section(folder: CourseFolder, language: str, item_id: str) -> PreviewSection:
    """Return a question as learners see it before they answer, in the language of the lesson if it is translated."""
    source = folder.course.source_language
    banks = [folder.banks[code] for code in (language, source) if code in folder.banks]
    item = next((item for bank in banks for item in bank.items if item.id == item_id), None)
    shown = question_preview.preview(item, folder, language).item if item else None
    return PreviewSection(html=trusted(""), question=item_id, item=shown)


def _without_document_links(html: str) -> str:
    """Return a text whose links to lines of documents are plain text: the preview does not show the documents."""
    return _DOCUMENT_LINK.sub(r"\1", html)


def _preview(
    lesson: EditedLesson,
    problems: Sequence[Problem],
    *,
    rendered: RenderedLesson | None = None,
    sections: Sequence[PreviewSection] = (),
    failure: str = "",
) -> LessonPreview:
    return LessonPreview(
        title=rendered.title if rendered else "",
        lang=lesson.language,
        dir=direction(lesson.language),
        sections=sections,
        sources=rendered.sources if rendered else (),
        problems=[text_problem(problem, above=ABOVE_TEXT) for problem in problems],
        facts=_facts(rendered.words if rendered else 0, len(problems)),
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


def _pictures(folder: CourseFolder) -> Mapping[str, Picture]:
    """Return the media by the address in the text; the renderer accepts only addresses that begin with /media/."""
    pictures: dict[str, Picture] = {}
    for name in folder.contents:
        medium = _draft_medium(folder, name)
        pictures |= {f"media/{name}": medium, f"../media/{name}": medium}
    return pictures


def path_of(slug: str, language: str) -> str:
    """Return the path of a lesson's text in a language."""
    return path_in_course(Part.LESSON, language, slug)


def _draft_medium(folder: CourseFolder, name: str) -> Picture:
    """Return the address of a file of the draft; the preview does not show the length of a recording."""
    kind = TYPES.get(name.rpartition(".")[2], "")
    captions = captions_of(name) if is_video(name) and captions_of(name) in folder.contents else ""
    return Picture(
        f"{_DRAFT_MEDIA}{name}",
        kind=kind,
        captions=f"{_DRAFT_MEDIA}{captions}" if captions else "",
        language=folder.course.source_language if captions else "",
    )


def _with_draft_media(html: str, workspace: Workspace) -> str:
    """Return a rendered text whose pictures are those of the draft."""
    address = url_for("studio.show_media", course=workspace.slug)
    return _DRAFT_PICTURE.sub(rf"\g<1>{address}/", html)
