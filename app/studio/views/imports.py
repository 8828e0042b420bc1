"""Views of an import: the file, the preview of what it would add, the import, and its reversal."""

from collections.abc import Mapping

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import allow_large_body, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.invisible_characters import without_unseen
from app.studio.domain.exchange.word_lesson_template import write_lesson_template
from app.studio.domain.exchange.word_template import write_template
from app.studio.domain.exchange.word_template_texts import TEXTS
from app.studio.domain.import_kinds import ImportKind, most_bytes, recognise
from app.studio.forms.exchange import ImportForm, KindForm, UploadForm
from app.studio.pages import course_import, exchange_labels, import_preview, imports as pages
from app.studio.queries import checked, drafts, uploads, workspaces
from app.studio.queries.uploads import ImportChoices, Upload
from app.studio.queries.workspaces import Workspace
from app.studio.service import imports as service
from app.studio.service.imports import AlreadyImportedError
from app.studio.views._blueprint import bp
from app.web.pages import render

UPLOAD = 101 * 1024**2  # an archive of a course, and the other fields of the form
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LIMITS = {"studio.upload_import": UPLOAD, "studio.create_from_archive": UPLOAD}
_TEMPLATES = {"questions": write_template, "lesson": write_lesson_template}


@bp.url_value_preprocessor
def _allow_large_uploads(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Raise the size limit of the routes that take files, for authors, before the form is read."""
    if endpoint in _LIMITS:
        allow_large_body(_LIMITS[endpoint], values)


@bp.get("/teaching/courses/<slug:course>/import")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def show_import(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the form of an import."""
    return render(pages.page(workspace, UploadForm(None), current_user.id))


@bp.get("/teaching/courses/<slug:course>/import/templates/<medium:name>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def word_template(workspace: Workspace, course: str, name: str) -> ResponseReturnValue:
    """Send a Word template, such as questions.en.docx."""
    kind, _dot, ending = name.partition(".")
    language = ending.removesuffix(".docx")
    if kind not in _TEMPLATES or language not in TEXTS or not ending.endswith(".docx"):
        raise NoResultFound
    response: Response = make_response(_TEMPLATES[kind](language))
    response.content_type = _DOCX
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/teaching/courses/<slug:course>/import")
@requires(
    Action.WRITE_COURSE,
    load=workspaces.workspace,
    audited=False,
    reason="the file is stored for its user for a day and changes nothing; its import is audited",
)
def upload_import(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Store a file and show what its import would add."""
    form = UploadForm(request.form)
    file = request.files.get("file")
    name = (without_unseen(file.filename) or "") if file else ""
    content = file.read() if file else b""
    kind = _kind(form, content, name)
    if kind is None:
        return render(pages.page(workspace, form, current_user.id)), 422
    try:
        with transaction():
            digest = service.store_upload(workspace.course_id, content, name, by=current_user.id, now=clock.now())
    except DomainError as error:
        form.file.errors = [error.translated(_)]
        return render(pages.page(workspace, form, current_user.id)), 422
    return redirect(url_for("studio.show_upload", course=course, digest=digest, kind=kind))


def _kind(form: UploadForm, content: bytes, name: str) -> ImportKind | None:
    """Return the kind of an uploaded file, or None with an error in the form."""
    is_valid = form.validate()
    if not content:
        form.file.errors = [_("Choose a file that is not empty.")]
        return None
    chosen = form.kind.data if is_valid else ""
    kind = ImportKind(chosen) if chosen else recognise(content, name)
    if kind is None:
        form.file.errors = [_("A file of this type cannot be imported. Choose one of the types below.")]
    elif len(content) > most_bytes(kind):
        size = most_bytes(kind) // 1024**2
        form.file.errors = [
            _("The file is larger than %(most)s MB. Divide it, or make its pictures smaller.", most=size)
        ]
        kind = None
    return kind if is_valid else None


@bp.get("/teaching/courses/<slug:course>/import/<digest:digest>")
@requires(Action.WRITE_COURSE, load=uploads.own_upload)
def show_upload(upload: Upload, course: str, digest: str) -> ResponseReturnValue:
    """Show what the import of a file would add, or that it is imported."""
    if upload.revision is not None:
        return render(import_preview.imported_page(upload))
    form = KindForm(request.args)
    kind = ImportKind(form.kind.data) if form.validate() else uploads.kind_of(upload) or ImportKind.GIFT
    return _preview(upload, _form(upload, kind=kind))


@bp.post("/teaching/courses/<slug:course>/import/<digest:digest>")
@requires(Action.WRITE_COURSE, load=uploads.own_upload)
def import_upload(upload: Upload, course: str, digest: str) -> ResponseReturnValue:
    """Import a file into the draft as one revision."""
    form = _form(upload)
    if not form.kind.validate(form):
        raise NoResultFound
    if not form.validate():
        return _preview(upload, form), 422
    try:
        prepared = service.prepare_import(upload, _choices(upload, form), form.rights())
        with transaction():
            count = service.import_upload(upload, prepared, by=current_user.id, now=clock.now())
    except AlreadyImportedError as error:
        flash(error.translated(_), "error")
        return redirect(url_for("studio.show_upload", course=course, digest=digest))
    except DomainError as error:
        return _preview(upload, form, error.translated(_)), 422
    flash(ngettext("%(num)s part imported.", "%(num)s parts imported.", count))
    return redirect(url_for("studio.show_upload", course=course, digest=digest))


@bp.post("/teaching/courses/<slug:course>/import/<digest:digest>/undo")
@requires(Action.WRITE_COURSE, load=uploads.own_upload)
def undo_import(upload: Upload, course: str, digest: str) -> ResponseReturnValue:
    """Undo an import; files that were changed again since remain as they are."""
    with transaction():
        undone = service.undo_import(upload, by=current_user.id, now=clock.now())
    if undone is None:
        flash(_("This import is already undone."), "error")
    elif undone.left:
        names = ", ".join(undone.left)
        flash(_("Undone. These files were changed later and remain: %(names)s.", names=names), "error")
    else:
        flash(_("Import undone. Nothing of the file is in the draft."))
    return redirect(url_for("studio.show_import", course=course))


def _form(upload: Upload, *, kind: ImportKind | None = None) -> ImportForm:
    """Return the form of a preview for a kind of file, or the submitted form."""
    form = ImportForm(request.form) if kind is None else ImportForm(None, kind=str(kind))
    pairs = import_preview.competency_pairs(checked.checked(upload.workspace).folder)
    form.competency.offer(pairs)
    if form.competency.data is None:
        form.competency.data = pairs[0][0]
    return form


def _choices(upload: Upload, form: ImportForm) -> ImportChoices:
    folder = checked.checked(upload.workspace).folder  # none if an archive is to replace a damaged draft
    texts = exchange_labels.exchange_texts(folder.course.source_language if folder else "en")
    return ImportChoices(ImportKind(form.kind.data), form.competency.data or "", texts)


def _preview(upload: Upload, form: ImportForm, message: str = "") -> str:
    files = drafts.files(upload.workspace)
    if form.kind.data == ImportKind.COURSE:
        return render(course_import.page(upload, uploads.read_course(upload, files), message))
    content = uploads.read_questions_or_lessons(upload, _choices(upload, form), files)
    return render(import_preview.page(upload, content, form, message))
