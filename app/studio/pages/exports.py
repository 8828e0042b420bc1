"""View models of the export of a course, and of its printed version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, Sensitivity, allows
from app.catalogue.domain.courses import LessonEntry
from app.catalogue.domain.items import ItemForm
from app.catalogue.domain.library import CourseFolder
from app.i18n.languages import language_name
from app.kernel.errors import DomainError
from app.studio import labels
from app.studio.domain.exchange.scorm_limits import check_exportable
from app.studio.domain.printed_items import printed_items
from app.studio.pages import exchange_labels, lesson_editor, question_labels
from app.studio.pages.exchange_labels import ExchangeNote
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.lesson_editor import EditedLesson, LessonPreview
from app.studio.queries import checked, drafts, exported_questions, scorm_packages
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

ENDPOINT = "studio.show_export"
NO_FORM = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLink:
    """An archive of the files of the course: of the draft or of the published version."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChoice:
    """A parallel form with the number of its questions."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedQuestion:
    """A question that a format cannot express, or of which it loses a part."""

    id: str
    notes: Sequence[ExchangeNote]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatChoice:
    """A format of questions: its file, the questions that it leaves out, and those that lose a part."""

    name: str
    file: str
    left_out: Sequence[ExportedQuestion]
    changed: Sequence[ExportedQuestion]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedQuestions:
    """SCORM packages by language, and the questions of the published version that they leave out.

    `refusal` says why the course has no package.
    """

    links: Sequence[ArchiveLink]
    left_out: Sequence[ExportedQuestion]
    left_out_label: str
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage(Page):
    """What can be exported. `print_url` is empty if the course must not be printed; only authors have packages."""

    template: ClassVar[str] = "studio/export.html"
    head: CourseHeader
    archives: Sequence[ArchiveLink]
    forms: Sequence[FormChoice]
    formats: Sequence[FormatChoice]
    questions: int
    print_url: str
    packages: PackagedQuestions | None
    sensitivity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCoursePage(Page):
    """The lessons of a course and its questions of form A, without keys."""

    template: ClassVar[str] = "studio/printed_course.html"
    head: CourseHeader
    lessons: Sequence[LessonPreview]
    questions: Sequence[LessonPreview]


def page(actor: Actor, workspace: Workspace) -> ExportPage:
    """Return what an actor can export."""
    folder = checked.folder(workspace)
    forms = exported_questions.allowed_forms(actor, workspace)
    is_open = workspace.sensitivity is Sensitivity.UNRESTRICTED
    is_author = allows(actor, Action.WRITE_COURSE, workspace)
    return ExportPage(
        head=header(workspace, folder, ENDPOINT),
        archives=_archives(workspace) if is_author else (),
        forms=[_form(folder, form) for form in forms],
        formats=[_format(workspace, folder, name, forms) for name in exported_questions.WRITERS],
        questions=len(exported_questions.questions(folder, forms)),
        print_url=url_for("studio.print_course", course=workspace.slug) if is_open else "",
        packages=_packages(workspace) if is_author else None,
        sensitivity=labels.sensitivity(workspace.sensitivity),
    )


def _archives(workspace: Workspace) -> list[ArchiveLink]:
    links = [ArchiveLink(label=_("Draft (ZIP)"), href=_archive_url(workspace, "draft"))]
    if workspace.number:
        label = _("Version %(n)s (ZIP)", n=workspace.number)
        links.append(ArchiveLink(label=label, href=_archive_url(workspace, "version")))
    return links


def _archive_url(workspace: Workspace, state: str) -> str:
    return url_for(f"studio.export_{state}", course=workspace.slug)


def _packages(workspace: Workspace) -> PackagedQuestions:
    try:
        check_exportable(workspace.sensitivity, workspace.number)
    except DomainError as error:
        return PackagedQuestions(links=(), left_out=(), left_out_label="", refusal=error.translated(_))
    left_out = scorm_packages.left_out(workspace)
    label = ngettext(
        "%(num)s question cannot be played outside the academy",
        "%(num)s questions cannot be played outside the academy",
        len(left_out),
    )
    questions = [
        ExportedQuestion(id=item.id, notes=[ExchangeNote(str(question_labels.KINDS[item.kind]), "", is_error=False)])
        for item in left_out
    ]
    links = [_package_link(workspace, code) for code in scorm_packages.languages(workspace)]
    return PackagedQuestions(links=links, left_out=questions, left_out_label=label, refusal="")


def _package_link(workspace: Workspace, language: str) -> ArchiveLink:
    href = url_for("studio.export_scorm", course=workspace.slug, language=language)
    return ArchiveLink(label=_("Download the package: %(language)s", language=language_name(language)), href=href)


def _form(folder: CourseFolder, form: ItemForm | None) -> FormChoice:
    count = len(exported_questions.questions(folder, [form]))
    name = question_labels.form(str(form)) if form else _("Any set")
    questions = ngettext("%(num)s question", "%(num)s questions", count)
    return FormChoice(value=str(form) if form else NO_FORM, label=f"{name} ({questions})")


def _format(workspace: Workspace, folder: CourseFolder, name: str, forms: exported_questions.Forms) -> FormatChoice:
    items = exported_questions.questions(folder, forms)
    texts = exchange_labels.exchange_texts(folder.course.source_language)
    result = exported_questions.WRITERS[name](folder, items, texts)
    return FormatChoice(
        name={"gift": _("GIFT"), "xml": _("Moodle XML")}[name],
        file=url_for("studio.export_questions", course=workspace.slug, name=f"questions.{name}"),
        left_out=[
            ExportedQuestion(id=item.id, notes=[ExchangeNote(_(item.reason), "", is_error=True)])
            for item in result.not_exported
        ],
        changed=[
            ExportedQuestion(id=item_id, notes=[exchange_labels.note(note) for note in notes])
            for item_id, notes in result.notes.items()
        ],
    )


def printed_page(workspace: Workspace) -> PrintedCoursePage:
    """Return the lessons and the questions of form A as learners may see them on paper."""
    folder = checked.folder(workspace)
    language = folder.course.source_language
    previews = []
    for entry in folder.course.lessons:
        path = lesson_editor.path_of(entry.slug, folder.course.source_language)
        if language in folder.lessons.get(entry.slug, {}):
            text = drafts.file(workspace, path).decode()
            lesson = EditedLesson(entry=entry, path=path, language=language, text=text)
            previews.append(lesson_editor.preview(workspace, lesson))
    return PrintedCoursePage(
        head=header(workspace, folder, ENDPOINT), lessons=previews, questions=_printed_questions(workspace, folder)
    )


def _printed_questions(workspace: Workspace, folder: CourseFolder) -> list[LessonPreview]:
    """Return the questions in parts that are short enough to be rendered, each as a lesson."""
    language = folder.course.source_language
    bank = folder.banks.get(language)
    entry = LessonEntry("questions", 0)
    parts = printed_items(bank.items) if bank else []
    lessons = [
        EditedLesson(entry=entry, path="questions", language=language, text=lesson_editor.text_of(_("Questions"), part))
        for part in parts
    ]
    return [lesson_editor.preview(workspace, lesson) for lesson in lessons]
