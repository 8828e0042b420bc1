"""Views that export a translation for translators and import it: first a preview, then one revision."""

from collections.abc import Callable, Mapping

from flask import Response, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.problems import Problem
from app.db.session import transaction
from app.i18n.languages import direction
from app.kernel import clock
from app.studio import labels
from app.studio.domain.desk_window import DeskView
from app.studio.domain.exchange.archive import RefusedFileError
from app.studio.domain.exchange.translation_table import read_table, write_table
from app.studio.domain.exchange.translation_units import ImportedUnit, TranslationFile, changes_of
from app.studio.domain.exchange.translation_xliff import read_xliff, write_xliff
from app.studio.domain.revisions import RevisionKind
from app.studio.forms.translations import edits_of
from app.studio.pages import translation_desk, translation_import as pages
from app.studio.pages.desk_blocks import submitted
from app.studio.pages.translations import desk_url
from app.studio.queries import workspaces
from app.studio.queries.translations import TranslatedFile
from app.studio.queries.workspaces import Workspace
from app.studio.service import translations as service
from app.studio.service.translations import SavedBlocks
from app.studio.views._blueprint import bp
from app.studio.views._keys import record_keys
from app.studio.views.translations import opened_file, saved_text
from app.web.pages import render

FORM_PARTS = 2_000  # two fields for each paragraph; the questions of a course may be some hundreds
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRITERS: Mapping[str, tuple[Callable[[TranslationFile], bytes], str, str]] = {
    "xliff": (write_xliff, "application/xliff+xml", "xlf"),
    "docx": (write_table, _DOCX, "docx"),
}


@bp.url_value_preprocessor
def _allow_many_paragraphs(endpoint: str | None, _values: object) -> None:
    """Raise the limit of fields of the two forms with all paragraphs of a part, before the form is read."""
    if endpoint in {"studio.save_translation", "studio.import_translation"}:
        request.max_form_parts = FORM_PARTS


@bp.get("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>/files/<slug:exchange>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace, gives_file=True)
def send_translation(workspace: Workspace, course: str, language: str, part: str, exchange: str) -> ResponseReturnValue:
    """Send a translation with its source as XLIFF 2.0 or as a Word table."""
    if exchange not in _WRITERS:
        raise NoResultFound
    file = opened_file(workspace, part, language)
    write, content_type, extension = _WRITERS[exchange]
    content = write(
        TranslationFile(
            path=file.path,
            source_language=file.source_language,
            source_direction=direction(file.source_language),
            language=language,
            direction=direction(language),
            translation=file.translation,
        )
    )
    with transaction():
        service.record_export(workspace.course_id, file.path, now=clock.now())
    response: Response = make_response(content)
    response.content_type = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{course}-{part}.{language}.{extension}"'
    return response


@bp.post("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>/import")
@requires(
    Action.WRITE_COURSE, load=workspaces.workspace, audited=False, reason="stores nothing but that keys were viewed"
)
def preview_translation_import(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Show what a file would change."""
    file = opened_file(workspace, part, language)
    sent = request.files.get("translation")
    if sent is None or not sent.filename:
        return _refuse_import(workspace, file, _("Choose a file."))
    try:
        units = _read(file, sent.stream.read())
    except RefusedFileError as error:
        reason = error.reason
        texts = labels.problem(Problem("", 1, reason.message, reason.hint, reason.values))
        return _refuse_import(workspace, file, " ".join(texts))
    page = pages.page(workspace, file, changes_of(file.part, file.translation, units))
    record_keys(workspace, file.path)
    return render(page)


@bp.post("/teaching/courses/<slug:course>/translate/<lang:language>/<slug:part>/import/confirmation")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def import_translation(workspace: Workspace, course: str, language: str, part: str) -> ResponseReturnValue:
    """Save the changes of a preview as one revision, which can be undone."""
    file, edits = opened_file(workspace, part, language), edits_of(request.form)
    with transaction():
        result = service.save_blocks(
            workspace.course_id, file, edits, by=current_user.id, now=clock.now(), kind=RevisionKind.IMPORTED
        )
    if not isinstance(result, SavedBlocks):
        file = opened_file(workspace, part, language)
        return render(translation_desk.page(actor(), workspace, file, DeskView(), sent=submitted(edits, result))), 409
    flash(saved_text(result))
    return redirect(desk_url(course, file.part, language))


def _read(file: TranslatedFile, content: bytes) -> list[ImportedUnit]:
    """Read a Word document, which is a ZIP archive, or else XLIFF."""
    read = read_table if content.startswith(b"PK") else read_xliff
    return read(content, file.path, file.language)


def _refuse_import(workspace: Workspace, file: TranslatedFile, message: str) -> ResponseReturnValue:
    return render(translation_desk.page(actor(), workspace, file, DeskView(), refused_file=message)), 422
