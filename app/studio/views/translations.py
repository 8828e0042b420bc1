"""Views of the translations of a course, and of the translation desk."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.folder_names import Part
from app.catalogue.domain.translations import block_hash
from app.db.session import transaction
from app.i18n.languages import NAMES
from app.kernel import clock
from app.studio import labels
from app.studio.domain.desk_window import DeskView, DeskWindow
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import clean
from app.studio.forms.translations import edits_of, view_of
from app.studio.pages import translation_desk, translations as pages
from app.studio.pages.desk_blocks import submitted
from app.studio.queries import checked, translations, workspaces
from app.studio.queries.translations import TranslatedFile
from app.studio.queries.workspaces import Workspace
from app.studio.service import translations as service
from app.studio.service.translations import SavedBlocks
from app.studio.views import autosave
from app.studio.views._blueprint import bp
from app.studio.views._keys import record_keys
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/translations")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_translations(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the languages of a course and the parts of one of them."""
    wanted = request.args.get("language", "")
    if wanted and (wanted not in NAMES or wanted == checked.folder(workspace).course.source_language):
        raise NoResultFound
    return render(pages.page(workspace, wanted))


@bp.get("/teaching/courses/<slug:course>/lessons/<slug:lesson>/translate/<lang:language>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def translate_lesson(workspace: Workspace, course: str, lesson: str, language: str) -> ResponseReturnValue:
    """Show the translation desk of a lesson."""
    file = opened_file(workspace, TranslatedPart(Part.LESSON, lesson).key, language)
    return render(translation_desk.page(actor(), workspace, file, view_of(request.args)))


@bp.get("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def translate_part(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Show the translation desk of the course text, the questions, or a case."""
    file = opened_file(workspace, part, language)
    page = translation_desk.page(actor(), workspace, file, view_of(request.args))
    record_keys(workspace, file.path)
    return render(page)


@bp.post("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_translation(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Save the changed paragraphs; if another user changed one of them, show both texts and save nothing."""
    file, edits = opened_file(workspace, part, language), edits_of(request.form)
    view, shown = view_of(request.args), translation_desk.window_of(file, view_of(request.args))
    with transaction():
        result = service.save_blocks(workspace.course_id, file, edits, by=current_user.id, now=clock.now())
    if not isinstance(result, SavedBlocks):
        file = opened_file(workspace, part, language)
        return render(translation_desk.page(actor(), workspace, file, view, sent=submitted(edits, result))), 409
    flash(saved_text(result))
    workspace = workspaces.workspace(actor(), course)
    return redirect(_following(workspace, opened_file(workspace, part, language), view, shown))


@bp.post("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>/autosave")
@requires(
    Action.WRITE_COURSE,
    load=workspaces.workspace,
    audited=False,
    reason="automatic saves are revisions with author and time; the save that ends them is audited",
)
def autosave_translation(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Save the changed paragraphs automatically; one that another user changed is not saved."""
    file, edits = opened_file(workspace, part, language), edits_of(request.form)
    with transaction():
        errors = service.autosave_blocks(workspace.course_id, file, edits, by=current_user.id, now=clock.now())
    failed = {error.index for error in errors}
    opened = {
        f"opened-{edit.index + 1}": f"{edit.source}.{block_hash(clean(edit.text))}"
        for edit in edits
        if edit.index not in failed
    }
    if not errors:
        return autosave.form_response("saved", opened)
    message = _("Paragraph %(n)s: %(reason)s", n=errors[0].index + 1, reason=labels.problem(errors[0].problem)[0])
    return autosave.form_response("conflict" if errors[0].theirs else "refused", opened, message)


def _following(workspace: Workspace, file: TranslatedFile, view: DeskView, shown: DeskWindow) -> str:
    """Return the address after a save: the next open paragraph, the neighbouring page, or the same page."""
    if turn := request.form.get("turn"):
        return _neighbour(workspace, file, view, start=shown.after if turn == "next" else shown.before)
    if not (number := _submitted_number()):
        return pages.desk_url(workspace.slug, file.part, file.language, view)
    number = translation_desk.next_open(file, number)
    view = translation_desk.view_of(view, number) if number else view
    return pages.desk_url(workspace.slug, file.part, file.language, view, number=number)


def _neighbour(workspace: Workspace, file: TranslatedFile, view: DeskView, *, start: int) -> str:
    """Return the address of another page of the text, or of the next or previous text with the same filter."""
    if start:
        return pages.desk_url(workspace.slug, file.part, file.language, DeskView(view.filter, start))
    step = 1 if request.form.get("turn") == "next" else -1
    other = translations.neighbour(checked.folder(workspace), file.part, step)
    if other is None:
        return url_for("studio.show_translations", course=workspace.slug, language=file.language)
    return pages.desk_url(workspace.slug, other, file.language, DeskView(view.filter))


@bp.post("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>/signature")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def sign_translation(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Record that a second person read the translation."""
    file, opened = opened_file(workspace, part, language), request.form.get("digest", "")
    with transaction():
        refusal = service.sign(workspace.course_id, file, opened, by=current_user.id, now=clock.now())
    if refusal:
        message = " ".join(labels.problem(refusal))
        return render(translation_desk.page(actor(), workspace, file, DeskView(), signature=message)), 409
    flash(_("Saved: a second person has read this translation."))
    return redirect(pages.desk_url(course, file.part, language))


def opened_file(workspace: Workspace, key: str, language: str) -> TranslatedFile:
    """Return the translation of a request, or raise NoResultFound."""
    return translations.translated_file(workspace, translations.part_in(workspace, key, language), language)


def saved_text(result: SavedBlocks) -> str:
    """Return how many paragraphs were saved."""
    if not result.changed:
        return _("Saved.")
    return ngettext("%(num)s paragraph saved.", "%(num)s paragraphs saved.", result.changed)


def _submitted_number() -> int:
    """Return the number of the paragraph whose button was used."""
    value = request.form.get("next") or request.form.get("accept") or ""
    return int(value) if value.isdecimal() and len(value) < 5 else 0
