"""Views of the lesson editor: the page, saving, automatic saving, and the live preview."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.lesson_reader import read_lesson
from app.catalogue.domain.lessons import PAGE_BYTES, LessonSource
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import cut_front
from app.db.session import transaction
from app.i18n.languages import NAMES
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.forms.courses import LessonFactsForm, LessonTextForm
from app.studio.pages import lesson_editor as pages
from app.studio.pages.lesson_editor import EditedLesson
from app.studio.queries import checked, drafts, editors, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import drafts as service
from app.studio.service.drafts import Conflict, FileSave
from app.studio.views import autosave
from app.studio.views._blueprint import bp
from app.studio.views.courses import lesson_entry
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/lessons/<slug:lesson>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def edit_lesson(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Show the editor of a lesson; a translation is edited at the translation desk."""
    language = request.args.get("language", "")
    if language and language != checked.folder_of_lesson(workspace, lesson).course.source_language:
        return redirect(url_for("studio.translate_lesson", course=course, lesson=lesson, language=language))
    edited = _lesson(workspace, lesson)
    source = read_lesson(TextFile(edited.path, edited.text))[0]
    opened = drafts.digest_of(edited.text.encode())
    form = LessonTextForm(None, title=source.title, body=source.body, opened=opened)
    return _editor(workspace, edited, form)


@bp.post("/teaching/courses/<slug:course>/lessons/<slug:lesson>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_lesson(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Save a lesson; if another user changed the same lines, show both texts and save nothing."""
    edited, form = _lesson(workspace, lesson), LessonTextForm(request.form)
    if not form.validate():
        return _editor(workspace, _with_text(edited, form), form), 422
    save = FileSave(edited.path, pages.text_of(form.title.data, form.body.data), form.opened.data)
    now = clock.now()
    try:
        with transaction():
            result = service.save_file(workspace.course_id, save, by=current_user.id, now=now)
    except DomainError as error:
        flash(error.translated(_), "error")
        return _editor(workspace, _with_text(edited, form), form), 409
    if isinstance(result, Conflict):
        return _show_conflict(workspace, edited, result), 409
    flash(_("Saved. Changes of another user were added to your text.") if result.merged else _("Saved."))
    return redirect(url_for("studio.edit_lesson", course=course, lesson=lesson))


@bp.post("/teaching/courses/<slug:course>/lessons/<slug:lesson>/autosave")
@requires(
    Action.WRITE_COURSE,
    load=workspaces.workspace,
    audited=False,
    reason="automatic saves are revisions with author and time; the save that ends them is audited",
)
def autosave_lesson(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Save the text of the editor automatically, and say who else has the lesson open."""
    edited, sent, now = _lesson(workspace, lesson), autosave.sent_text(), clock.now()
    text = pages.text_of(sent.title.strip() or lesson, sent.body)
    with transaction():
        save = FileSave(edited.path, text, sent.opened, is_automatic=True)
        result = service.save_file(workspace.course_id, save, by=current_user.id, now=now)
        service.mark_editing(workspace.course_id, edited.path, by=current_user.id, now=now)
    return autosave.response(result, _sent_parts, editors.others(actor(), workspace, edited.path, now))


@bp.post("/teaching/courses/<slug:course>/lessons/<slug:lesson>/preview")
@requires(Action.READ_DRAFT, load=workspaces.workspace, audited=False, reason="a preview stores nothing")
def render_lesson(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Return the preview of an unsaved text."""
    edited, sent = _lesson(workspace, lesson), autosave.sent_text()
    text = pages.text_of(sent.title, sent.body)
    return render(pages.preview(workspace, replace(edited, text=text)))


@bp.get("/teaching/courses/<slug:course>/preview/<slug:lesson>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def preview_lesson(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Show a lesson of the draft as learners would see it; `language` is that of a translation."""
    return render(pages.draft_page(workspace, _lesson(workspace, lesson, request.args.get("language", ""))))


def _lesson(workspace: Workspace, slug: str, language: str = "") -> EditedLesson:
    """Return a lesson in a language, "" for the source language, or raise NoResultFound."""
    entry = lesson_entry(workspace, slug)
    folder = checked.folder_of_lesson(workspace, slug)
    language = language or folder.course.source_language
    if language not in NAMES:
        raise NoResultFound
    path = pages.path_of(slug, language)
    text = drafts.file(workspace, path).decode()
    if language != folder.course.source_language:
        text = cut_front(TextFile(path, text))[1].text.lstrip("\n")
    return EditedLesson(entry=entry, path=path, language=language, text=text)


def _with_text(edited: EditedLesson, form: LessonTextForm) -> EditedLesson:
    text = pages.text_of(form.title.data or "", form.body.data or "")[:PAGE_BYTES]
    return replace(edited, text=text)


def _editor(workspace: Workspace, edited: EditedLesson, form: LessonTextForm, conflict: Conflict | None = None) -> str:
    entry = edited.entry
    facts = LessonFactsForm(None, minutes=entry.minutes, warning=str(entry.warning))
    others = editors.others(actor(), workspace, edited.path, clock.now())
    conflicts = conflict.merged.conflicts if conflict else ()
    return render(pages.page(actor(), workspace, edited, form, facts, conflicts=conflicts, others=others))


def _show_conflict(workspace: Workspace, edited: EditedLesson, conflict: Conflict) -> str:
    """Show the own text with what the other user saved at the same lines; saving again replaces these lines."""
    own = _source(edited, conflict.merged.text)
    form = LessonTextForm(None, title=own.title, body=own.body, opened=conflict.digest)
    return _editor(workspace, replace(edited, text=conflict.merged.text), form, conflict)


def _source(edited: EditedLesson, text: str) -> LessonSource:
    return read_lesson(TextFile(edited.path, text))[0]


def _sent_parts(text: str) -> tuple[str, str]:
    source = read_lesson(TextFile("", text))[0]
    return source.title, source.body
