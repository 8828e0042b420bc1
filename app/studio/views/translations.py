"""Views of the translations of a course, and of the translation desk."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.folder_names import Part
from app.db.session import transaction
from app.i18n.languages import NAMES
from app.kernel import clock
from app.studio import labels
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.forms.translations import edits_of
from app.studio.pages import translation_desk, translations as pages
from app.studio.queries import checked, translations, workspaces
from app.studio.queries.translations import TranslatedFile
from app.studio.queries.workspaces import Workspace
from app.studio.service import translations as service
from app.studio.service.translations import SavedBlocks
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
    return render(translation_desk.page(actor(), workspace, file))


@bp.get("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def translate_part(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Show the translation desk of the course text, the questions, or a case."""
    file = opened_file(workspace, part, language)
    page = translation_desk.page(actor(), workspace, file)
    record_keys(workspace, file.path)
    return render(page)


@bp.post("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def save_translation(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Save the changed paragraphs; if another user changed one of them, show both texts and save nothing."""
    file, edits = opened_file(workspace, part, language), edits_of(request.form)
    with transaction():
        result = service.save_blocks(workspace.course_id, file, edits, by=current_user.id, now=clock.now())
    if not isinstance(result, SavedBlocks):
        file = opened_file(workspace, part, language)
        return render(translation_desk.page(actor(), workspace, file, edits=edits, errors=result)), 409
    flash(saved_text(result))
    file = _reloaded(course, part, language)
    number = translation_desk.next_open(file, _submitted_number())
    return redirect(pages.desk_url(course, file.part, language) + (f"#block-{number}" if number else ""))


@bp.post("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>/signature")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def sign_translation(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Record that a second person read the translation."""
    file, opened = opened_file(workspace, part, language), request.form.get("digest", "")
    with transaction():
        refusal = service.sign(workspace.course_id, file, opened, by=current_user.id, now=clock.now())
    if refusal:
        message = " ".join(labels.problem(refusal))
        return render(translation_desk.page(actor(), workspace, file, signature=message)), 409
    flash(_("Saved: a second person has read this translation."))
    return redirect(pages.desk_url(course, file.part, language))


def opened_file(workspace: Workspace, key: str, language: str) -> TranslatedFile:
    """Return the translation of a request, or raise NoResultFound."""
    return translations.translated_file(workspace, translations.part_in(workspace, key, language), language)


def saved_text(result: SavedBlocks) -> str:
    """Return how many paragraphs were saved."""
    if not result.changed:
        return _("Nothing was changed.")
    return ngettext("%(num)s paragraph saved.", "%(num)s paragraphs saved.", result.changed)


def _reloaded(course: str, key: str, language: str) -> TranslatedFile:
    return opened_file(workspaces.workspace(actor(), course), key, language)


def _submitted_number() -> int:
    """Return the number of the paragraph whose button was used."""
    value = request.form.get("next") or request.form.get("accept") or ""
    return int(value) if value.isdecimal() and len(value) < 5 else 0
