"""View models of an uploaded file: what an import would add, or what it added."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.library import CourseFolder
from app.catalogue.queries import courses as catalogue
from app.i18n.languages import current, direction
from app.studio.domain.exchange.shapes import ImportedItem, NoteSeverity
from app.studio.domain.import_content import ImportContent
from app.studio.domain.import_kinds import LESSON_KINDS, ImportKind
from app.studio.domain.item_titles import item_title
from app.studio.forms.exchange import ImportForm
from app.studio.pages import exchange_labels, question_labels
from app.studio.pages.exchange_labels import ExchangeNote
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.imports import ENDPOINT
from app.studio.pages.question_use import UnusedQuestions, unused
from app.studio.queries import checked
from app.studio.queries.uploads import Upload
from app.web.pages import Page

FIRST_CHARACTERS = 140
MOST_LINES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """A question or a lesson: its number or line in the file, its kind, its first words, and the notes about it."""

    number: int
    kind: str
    text: str
    notes: Sequence[ExchangeNote]
    has_errors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreviewPage(Page):
    """What an import would add; `further` is the number of questions beyond those in `lines`."""

    template: ClassVar[str] = "studio/import_preview.html"
    head: CourseHeader
    file_name: str
    form: ImportForm
    lang: str
    dir: str
    lines: Sequence[PreviewLine]
    further: int
    refusals: Sequence[PreviewLine]
    notes: Sequence[ExchangeNote]
    pictures: int
    count: int
    summary: str
    button: str
    has_questions: bool
    message: str
    import_url: str
    upload_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPage(Page):
    """An import that was carried out."""

    template: ClassVar[str] = "studio/imported.html"
    head: CourseHeader
    file_name: str
    revision: int
    unused: UnusedQuestions | None
    bank_url: str
    undo_url: str
    upload_url: str


def page(upload: Upload, content: ImportContent, form: ImportForm, message: str = "") -> ImportPreviewPage:
    """Return what an import would add."""
    workspace = upload.workspace
    folder = checked.checked(workspace).folder
    language = folder.course.source_language if folder else "en"
    lines = [*map(_question, content.questions), *_lessons(content)]
    return ImportPreviewPage(
        head=header(workspace, folder, ENDPOINT),
        file_name=upload.file_name,
        form=form,
        lang=language,
        dir=direction(language),
        lines=lines[:MOST_LINES],
        further=max(0, len(lines) - MOST_LINES),
        refusals=_refusals(content),
        notes=[exchange_labels.note(note) for note in content.notes],
        pictures=len(content.pictures),
        count=content.count,
        summary=_summary(content),
        button=_button(content, ImportKind(form.kind.data)),
        has_questions=bool(content.questions),
        message=message,
        import_url=url_for("studio.import_upload", course=workspace.slug, digest=upload.digest),
        upload_url=url_for(ENDPOINT, course=workspace.slug),
    )


def _question(question: ImportedItem) -> PreviewLine:
    text = item_title(question.item)[:FIRST_CHARACTERS] or question.source_name
    return PreviewLine(
        number=question.line_or_number,
        kind=question_labels.kind(question.item.kind),
        text=text,
        notes=[exchange_labels.note(note) for note in question.notes],
        has_errors=any(note.severity is NoteSeverity.ERROR for note in question.notes),
    )


def _lessons(content: ImportContent) -> list[PreviewLine]:
    return [
        PreviewLine(number=number, kind=_("Lesson"), text=lesson.title, notes=())
        for number, lesson in enumerate(content.lessons, 1)
    ]


def _refusals(content: ImportContent) -> list[PreviewLine]:
    return [
        PreviewLine(
            number=question.number,
            kind=question.kind,
            text=question.name[:FIRST_CHARACTERS],
            notes=[exchange_labels.refusal(question)],
            has_errors=True,
        )
        for question in content.refusals
    ]


def _summary(content: ImportContent) -> str:
    parts = []
    if content.questions:
        parts.append(ngettext("%(num)s question", "%(num)s questions", len(content.questions)))
    if content.lessons:
        parts.append(ngettext("%(num)s lesson", "%(num)s lessons", len(content.lessons)))
    if content.refusals:
        parts.append(ngettext("%(num)s is left out", "%(num)s are left out", len(content.refusals)))
    return ". ".join(parts)


def _button(content: ImportContent, kind: ImportKind) -> str:
    if kind in LESSON_KINDS:
        return ngettext("Import %(num)s lesson", "Import %(num)s lessons", content.count)
    return ngettext("Import %(num)s question", "Import %(num)s questions", content.count)


def competency_pairs(folder: CourseFolder | None) -> list[tuple[str, object]]:
    """Return the competencies of the course with their titles; all of the framework if it has none."""
    titles = catalogue.competency_titles(current())
    ids = [target.id for target in folder.course.competencies] if folder else []
    ids = ids or [competency.id for competency in checked.references().competencies.competencies]
    return [(name, f"{name} {titles.get(name, '')}".strip()) for name in ids] or [("", _("Choose it later"))]


def imported_page(upload: Upload) -> ImportedPage:
    """Return the result of an import."""
    workspace = upload.workspace
    folder = checked.checked(workspace).folder
    return ImportedPage(
        head=header(workspace, folder, ENDPOINT),
        file_name=upload.file_name,
        revision=upload.revision or 0,
        unused=unused(workspace, folder),
        bank_url=url_for("studio.show_bank", course=workspace.slug),
        undo_url=url_for("studio.undo_import", course=workspace.slug, digest=upload.digest),
        upload_url=url_for(ENDPOINT, course=workspace.slug),
    )
