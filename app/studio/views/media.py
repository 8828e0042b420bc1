"""Views of the media of a course: the list, a new file, and the page of a file; and the files of the draft."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import msgspec
from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Field

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.drawings import STYLE_HASH, read_drawing
from app.catalogue.domain.media import is_video
from app.catalogue.service.preparation import DRAWN, KINDS, file_extension
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.invisible_characters import without_unseen
from app.kernel.pictures import RefusedPictureError
from app.studio.domain.media_kinds import CleanMedium, clean_captions, clean_medium
from app.studio.domain.media_library import FOLDER, markdown_of
from app.studio.forms.media import MediumForm, NewMediumForm, ReplacementForm
from app.studio.pages import media as list_pages, medium as pages, picture_panel
from app.studio.queries import drafts, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import media as service
from app.studio.service.media import NewMedium
from app.studio.views._blueprint import bp
from app.web.http.stored_content import ContentResponse
from app.web.pages import render

UNKNOWN = "application/octet-stream"
UPLOAD = 22 * 1024**2  # a recording with its captions, and the other fields of the form
_TAKE_FILES = frozenset({"studio.add_medium", "studio.add_picture", "studio.replace_medium"})


class PictureAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The Markdown of an added picture, or the error message of each field."""

    markdown: str = ""
    errors: Mapping[str, str] = {}


@bp.url_value_preprocessor
def _allow_media(endpoint: str | None, _values: object) -> None:
    """Raise the size limit of the routes that take files, before the form is read."""
    if endpoint in _TAKE_FILES:
        request.max_content_length = UPLOAD


@bp.get("/teaching/courses/<slug:course>/media")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_media(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the media of a course."""
    return render(list_pages.page(actor(), workspace))


@bp.get("/teaching/courses/<slug:course>/media/new")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def new_medium(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the form of a new file."""
    return render(pages.new_page(workspace, pages.new_form(workspace, current_user.id)))


@bp.post("/teaching/courses/<slug:course>/media/new")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_medium(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add a file to the draft and open its page."""
    form = NewMediumForm(request.form)
    try:
        name = _add_uploaded(workspace, form)
    except DomainError as error:
        return render(pages.new_page(workspace, form, error.translated(_))), 422
    if not name:
        return render(pages.new_page(workspace, form)), 422
    flash(_("File added. Insert it into a lesson."))
    return redirect(url_for("studio.edit_medium", course=course, name=name))


@bp.get("/teaching/courses/<slug:course>/media/choice")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def choose_picture(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Return the pictures of the course for the panel of the lesson editor."""
    return render(picture_panel.choice(workspace))


@bp.post("/teaching/courses/<slug:course>/media/pictures")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_picture(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add a picture from the lesson editor; return the Markdown that shows it, or the errors by field, as JSON."""
    form = NewMediumForm(request.form)
    try:
        name = _add_uploaded(workspace, form)
    except DomainError as error:
        return _answer(PictureAnswer(errors={"file": error.translated(_)})), 422
    if not name:
        errors = {field: str(messages[0]) for field, messages in form.errors.items()}
        return _answer(PictureAnswer(errors=errors)), 422
    return _answer(PictureAnswer(markdown=markdown_of(name, form.facts().description)))


def _answer(answer: PictureAnswer) -> Response:
    response = make_response(msgspec.json.encode(answer))
    response.content_type = "application/json"
    return response


def _add_uploaded(workspace: Workspace, form: NewMediumForm) -> str:
    """Add the uploaded file and return its name, "" with errors in the form. Raises DomainError as the service does."""
    is_valid, upload = form.validate(), _with_captions(form)
    if upload is None or not is_valid:
        return ""
    with transaction():
        return service.add_medium(workspace, upload, form.facts(), by=current_user.id, now=clock.now())


def _with_captions(form: NewMediumForm) -> NewMedium | None:
    """Return the cleaned file, a video with its captions; None with an error in the form."""
    upload = _uploaded(form.file)
    if isinstance(upload, str):
        form.file.errors = [upload]
        return None
    if not is_video(f".{upload.file.ending}"):
        return upload
    if not request.files.get(form.captions.name):
        form.captions.errors = [_("Add the captions of the video as a WebVTT file.")]
        return None
    captions = _uploaded(form.captions, clean_captions)
    if isinstance(captions, str):
        form.captions.errors = [captions]
        return None
    return replace(upload, captions=captions.file)


def _uploaded(field: Field, clean: Callable[[bytes], CleanMedium] = clean_medium) -> NewMedium | str:
    """Return the cleaned file of a field, or the error message."""
    sent = request.files.get(field.name)
    content = sent.read() if sent else b""
    if not content:
        return _("Choose a file that is not empty.")
    try:
        cleaned = clean(content)
    except RefusedPictureError as error:
        return " ".join((_(error.message), _(error.hint)))
    return NewMedium(cleaned, (without_unseen(sent.filename) or "") if sent else "")


@bp.get("/teaching/courses/<slug:course>/media/<medium:name>/details")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def edit_medium(workspace: Workspace, course: str, name: str) -> ResponseReturnValue:
    """Show a file with its description, rights and uses."""
    state = pages.state_of(workspace, name)
    return render(pages.page(actor(), workspace, state, pages.facts_form(state)))


@bp.post("/teaching/courses/<slug:course>/media/<medium:name>/details")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def describe_medium(workspace: Workspace, course: str, name: str) -> ResponseReturnValue:
    """Save description and rights of a file."""
    state, form = pages.state_of(workspace, name), MediumForm(request.form)
    if not form.validate():
        return render(pages.page(actor(), workspace, state, form)), 422
    with transaction():
        service.describe_medium(workspace, name, form.facts(), by=current_user.id, now=clock.now())
    flash(_("Saved."))
    return redirect(url_for("studio.edit_medium", course=course, name=name))


@bp.post("/teaching/courses/<slug:course>/media/<medium:name>/replacement")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def replace_medium(workspace: Workspace, course: str, name: str) -> ResponseReturnValue:
    """Replace the content of a file by another one of the same type."""
    pages.state_of(workspace, name)
    clean = clean_captions if name.endswith(".vtt") else clean_medium
    upload = _uploaded(ReplacementForm(request.form).file, clean)
    if isinstance(upload, str):
        return _refused(workspace, name, upload)
    try:
        with transaction():
            service.replace_medium(workspace, name, upload.file, by=current_user.id, now=clock.now())
    except DomainError as error:
        return _refused(workspace, name, error.translated(_))
    flash(_("File replaced. All texts of the draft show the new one."))
    return redirect(url_for("studio.edit_medium", course=course, name=name))


@bp.post("/teaching/courses/<slug:course>/media/<medium:name>/removal")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def remove_medium(workspace: Workspace, course: str, name: str) -> ResponseReturnValue:
    """Remove a file that no text shows."""
    pages.state_of(workspace, name)
    try:
        with transaction():
            service.remove_medium(workspace, name, by=current_user.id, now=clock.now())
    except DomainError as error:
        return _refused(workspace, name, error.translated(_))
    flash(_("File removed from the draft. “History” brings it back."))
    return redirect(url_for("studio.show_media", course=course))


@bp.post("/teaching/courses/<slug:course>/media/<medium:name>/insertion")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def insert_medium(workspace: Workspace, course: str, name: str) -> ResponseReturnValue:
    """Show a picture at the end of a lesson, and open the editor of the lesson."""
    pages.state_of(workspace, name)
    form = pages.insertion_form(workspace)
    form.process(request.form)
    if not form.validate():
        return _refused(workspace, name, _("Choose a lesson."))
    lesson = str(form.lesson.data)
    with transaction():
        service.insert_medium(workspace, name, lesson, by=current_user.id, now=clock.now())
    flash(_("The file is at the end of the text. Move it where it belongs."))
    return redirect(url_for("studio.edit_lesson", course=course, lesson=lesson))


def _refused(workspace: Workspace, name: str, message: str) -> ResponseReturnValue:
    state = pages.state_of(workspace, name)
    return render(pages.page(actor(), workspace, state, pages.facts_form(state), message=message)), 422


@bp.get("/teaching/courses/<slug:course>/media/<medium:name>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def draft_medium(workspace: Workspace, course: str, name: str) -> ResponseReturnValue:
    """Send a file of the draft, or a part of it; no cache stores it."""
    stored, kind = drafts.stored_file(workspace, f"{FOLDER}{name}"), KINDS.get(file_extension(name), UNKNOWN)
    content, size, is_drawn = stored.content, stored.size, kind == DRAWN
    if is_drawn:
        content = read_drawing(name, stored.read()).content
        size = len(content)
    response = ContentResponse(stored.digest or "", size, content, kind)
    paint = f"style-src '{STYLE_HASH}'; " if is_drawn else ""
    response.headers["Content-Security-Policy"] = f"default-src 'none'; {paint}sandbox"
    if is_drawn or not kind.startswith(("image/", "audio/", "video/")):
        response.headers["Content-Disposition"] = "attachment"
    return response.for_request()
