"""Views of the files for the participants of an event: list, new file, withdrawal, download."""

import io
from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, allow_large_body, requires
from app.access.policy import Action, Sensitivity
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.pictures import RefusedPictureError
from app.web.pages import render
from app.workshops.domain.event_files import CONTENT_TYPES, PDF_BYTES, clean_file, file_name, title_of
from app.workshops.forms.event_files import EventFileForm
from app.workshops.pages import event_files as pages
from app.workshops.queries import event_files as queries, workshops
from app.workshops.queries.event_files import EventFileLine
from app.workshops.service import event_files as service
from app.workshops.service.event_files import NewFile
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp

UPLOAD = PDF_BYTES + 64 * 1024  # bytes, with the parts of the form around the file


@bp.url_value_preprocessor
def _allow_files(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Raise the size limit of the route that takes a file, for who may send one, before the form is read."""
    if endpoint == "workshops.add_file":
        allow_large_body(UPLOAD, values)


@bp.get("/teaching/workshops/<uuid:workshop_id>/files")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_files(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the files of an event, and the form of a new one."""
    return _page(workshop)


@bp.post("/teaching/workshops/<uuid:workshop_id>/files")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def add_file(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Add a file for the participants."""
    form = EventFileForm(request.form)
    new = _new_file(form)
    if new is None:
        return _page(workshop, form), 422
    try:
        with transaction():
            service.add(workshop_id, new, by=actor().id, now=clock.now())
    except DomainError as error:
        form.expires_on.errors = [error.translated(_)]
        return _page(workshop, form), 422
    flash(_("File added. Participants find it on the page of the event."))
    return redirect(url_for("workshops.show_files", workshop_id=workshop_id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/files/<uuid:file_id>/withdrawal")
@requires(Action.WITHDRAW_EVENT_FILE, load=queries.changeable_file)
def withdraw_file(_file: EventFileLine, workshop_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Withdraw a file at once; a repeated request changes nothing."""
    with transaction():
        service.withdraw(workshop_id, file_id, by=actor().id, now=clock.now())
    flash(_("Withdrawn. The file is deleted."))
    return redirect(url_for("workshops.show_files", workshop_id=workshop_id))


@bp.get("/workshops/<uuid:workshop_id>/files/<uuid:file_id>")
@requires(Action.READ_EVENT_FILE, load=queries.readable_file, gives_file=True)
def download_file(file: EventFileLine, workshop_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Send a file as a download, never shown within a page, and record it."""
    content = queries.content(file_id)
    with transaction():
        service.record_download(workshop_id, file_id, clock.now())
    response = send_file(
        io.BytesIO(content),
        CONTENT_TYPES[file.kind],
        as_attachment=True,
        download_name=file_name(file.title, file.kind),
        etag=False,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _new_file(form: EventFileForm) -> NewFile | None:
    """Return the cleaned file with its facts, None with errors in the form."""
    is_valid = form.validate()
    sent = request.files.get(form.file.name)
    content = sent.read() if sent else b""
    title = form.title.data or (title_of(sent.filename or "") if sent else "")
    form.file.errors = list(_file_errors(content, title))
    if not is_valid or form.file.errors:
        return None
    return NewFile(
        title=title,
        file=clean_file(content),
        sensitivity=Sensitivity(form.sensitivity.data),
        expires_on=form.expires_on.data,
    )


def _file_errors(content: bytes, title: str) -> list[str]:
    if not content:
        return [_("Choose a file that is not empty.")]
    if not title:
        return [_("Enter a title.")]
    try:
        clean_file(content)
    except DomainError as error:
        return [error.translated(_)]
    except RefusedPictureError as error:
        return [" ".join((_(error.message), _(error.hint)))]
    return []


def _page(workshop: WorkshopFacts, form: EventFileForm | None = None) -> str:
    return render(pages.files_page(actor(), workshop, queries.of_event(workshop), form, clock.now()))
