"""`/plan/edit/sheet`, `/country/completion/past`: download a sheet of values, send it back, check, write, undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.access.guard import actor, allow_large_body, requires
from app.access.policy import Action, Actor, own_scope
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.sheets.grid import MOST_BYTES, UnreadableError
from app.plan.domain import sheet_formats, sheet_reading
from app.plan.domain.value_sheets import SheetKind
from app.plan.forms import ShownRowsForm
from app.plan.pages import value_sheet_files as files, value_sheet_words as words, value_sheets as pages
from app.plan.queries import value_sheets as queries
from app.plan.service import value_sheets as service
from app.plan.service.manual_figures import FILE_LIMIT
from app.plan.service.value_sheets import ValuesOutdated, Written
from app.plan.shapes import SavedValueSheet, ValueBatchSummary
from app.plan.views._blueprint import bp
from app.web import paging
from app.web.locked_sheets import send_locked_sheet
from app.web.pages import render
from app.web.table_files import FILES

KIND = "<slug:kind>"
UPLOADS = {  # bytes, with the form around the file
    "plan.check_value_sheet": MOST_BYTES + 128 * 1024,
    "plan.check_past_completions": MOST_BYTES + 128 * 1024,
    "plan.write_value_sheet": FILE_LIMIT + 64 * 1024,
}


@dataclass(frozen=True, slots=True)
class OwnKind:
    """A kind of sheet that the actor may send, with the country of the actor."""

    kind: SheetKind
    country: str


@dataclass(frozen=True, slots=True)
class OwnValueSheet:
    """A checked sheet of the actor, or the id of what it wrote, with the country of the actor."""

    sheet: SavedValueSheet | UUID
    country: str


@dataclass(frozen=True, slots=True)
class OwnBatch:
    """What a sheet of the actor wrote, with the country of the actor."""

    summary: ValueBatchSummary
    country: str


def own_kind(actor: Actor, kind: str) -> OwnKind:
    """Return a kind of sheet of the plan that the actor may send, or raise NoResultFound."""
    wanted = next((allowed for allowed in pages.plan_kinds(actor) if allowed == kind), None)
    if wanted is None:
        raise NoResultFound
    return OwnKind(wanted, actor.country)


def own_sheet(actor: Actor, sheet_id: UUID) -> OwnValueSheet:
    """Return the actor's checked sheet of a kind that the actor may still send, or raise NoResultFound."""
    sheet = queries.sheet(actor, sheet_id)
    if sheet.kind not in service.kinds_of(actor):
        raise NoResultFound
    return OwnValueSheet(sheet, actor.country)


def sheet_or_batch(actor: Actor, sheet_id: UUID) -> OwnValueSheet:
    """Return the actor's checked sheet, or what it wrote, or raise NoResultFound."""
    batch_id = queries.batch_of(actor, sheet_id)
    return own_sheet(actor, sheet_id) if batch_id is None else OwnValueSheet(batch_id, actor.country)


def own_batch(actor: Actor, batch_id: UUID) -> OwnBatch:
    """Return what a sheet of the actor wrote, or raise NoResultFound."""
    return OwnBatch(queries.batch(actor, batch_id), actor.country)


@bp.get("/plan/edit/sheet")
@requires(Action.SEND_VALUE_SHEET, of=own_scope)
def show_value_sheets() -> ResponseReturnValue:
    """Show the kinds of sheets of the plan, and earlier ones."""
    return render(pages.start_page(actor(), pages.plan_kinds(actor())))


@bp.get(f"/plan/edit/sheet/{KIND}.{FILES}")
@requires(Action.SEND_VALUE_SHEET, load=own_kind)
def download_value_sheet(own: OwnKind, kind: str, form: str) -> ResponseReturnValue:
    """Send a prefilled sheet of the plan."""
    return _download(own.kind, form)


@bp.post(f"/plan/edit/sheet/{KIND}")
@requires(Action.SEND_VALUE_SHEET, load=own_kind)
def check_value_sheet(own: OwnKind, kind: str) -> ResponseReturnValue:
    """Read and check a sheet of the plan, and save it for its sender."""
    return _check(own.kind)


@bp.get("/country/completion/past")
@requires(Action.RECORD_COMPLETIONS, of=own_scope)
def show_past_completions() -> ResponseReturnValue:
    """Show the sheet of completions elsewhere, and earlier ones."""
    return render(pages.start_page(actor(), [SheetKind.COMPLETIONS]))


@bp.get(f"/country/completion/past/sheet.{FILES}")
@requires(Action.RECORD_COMPLETIONS, of=own_scope)
def download_past_completions(form: str) -> ResponseReturnValue:
    """Send the sheet with the completions elsewhere of the own country, and free rows."""
    return _download(SheetKind.COMPLETIONS, form)


@bp.post("/country/completion/past")
@requires(Action.RECORD_COMPLETIONS, of=own_scope)
def check_past_completions() -> ResponseReturnValue:
    """Read and check a sheet of completions elsewhere, and save it for its sender."""
    return _check(SheetKind.COMPLETIONS)


@bp.get("/plan/edit/sheet/checked/<uuid:sheet_id>")
@requires(Action.SEND_VALUE_SHEET, load=sheet_or_batch)
def show_value_sheet(own: OwnValueSheet, sheet_id: UUID) -> ResponseReturnValue:
    """Show the result of a check, row by row."""
    return _was_written(own.sheet) if isinstance(own.sheet, UUID) else _checked(own.sheet)


@bp.post("/plan/edit/sheet/checked/<uuid:sheet_id>/write")
@requires(Action.SEND_VALUE_SHEET, load=sheet_or_batch)
def write_value_sheet(own: OwnValueSheet, sheet_id: UUID) -> ResponseReturnValue:
    """Write all rows of a checked sheet, or none."""
    if isinstance(own.sheet, UUID):
        return _was_written(own.sheet)
    try:
        done = _write(sheet_id, _document())
    except DomainError as error:
        return _checked(own.sheet, error.translated(_)), 422
    except NoResultFound:  # it was deleted during this request: it expired, or a person in it was erased
        flash(_("The sheet was deleted. Nothing was written."), "warning")
        return redirect(pages.crumb_of(own.sheet.kind)[1])
    return _report(done, own.sheet)


@bp.post("/plan/edit/sheet/checked/<uuid:sheet_id>/drop")
@requires(Action.SEND_VALUE_SHEET, load=own_sheet)
def drop_value_sheet(own: OwnValueSheet, sheet_id: UUID) -> ResponseReturnValue:
    """Delete a checked sheet."""
    with transaction():
        service.drop(actor(), sheet_id, now=clock.now())
    flash(_("The sheet was deleted. Nothing was written."))
    kind = own.sheet.kind if isinstance(own.sheet, SavedValueSheet) else SheetKind.FIGURES
    return redirect(pages.crumb_of(kind)[1])


@bp.get("/plan/edit/sheet/batches/<uuid:batch_id>")
@requires(Action.SEND_VALUE_SHEET, load=own_batch)
def show_value_batch(own: OwnBatch, batch_id: UUID) -> ResponseReturnValue:
    """Show what a sheet wrote."""
    page = paging.requested_page(queries.count_lines(batch_id), pages.PAGE)
    lines = queries.lines(batch_id, offset=page.offset, size=pages.PAGE)
    return render(pages.batch_page(own.summary, lines, page))


@bp.post("/plan/edit/sheet/batches/<uuid:batch_id>/undo")
@requires(Action.SEND_VALUE_SHEET, load=own_batch)
def undo_value_batch(own: OwnBatch, batch_id: UUID) -> ResponseReturnValue:
    """Undo what a sheet wrote, except what was agreed or changed since."""
    with transaction():
        service.undo(actor(), batch_id, now=clock.now())
    flash(_("Undone, except for rows that were agreed or changed since."))
    return redirect(url_for("plan.show_value_batch", batch_id=batch_id))


@bp.url_value_preprocessor
def _allow_large_sheets(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Raise the size limit of the routes that take a file, for who may send one, before the form is read."""
    if endpoint in UPLOADS:
        allow_large_body(UPLOADS[endpoint], values)


def _download(kind: SheetKind, form: str) -> ResponseReturnValue:
    """Send a prefilled sheet; a text file has no locked cells, so that there is none."""
    if form != "xlsx":
        raise NoResultFound
    part = request.args.get("part", "")[:20]
    with transaction():
        rows = service.export(actor(), kind, part, now=clock.now(), real_now=clock.real_now())
    return send_locked_sheet(files.locked_sheet(sheet_formats.FORMATS[kind], rows))


def _check(kind: SheetKind) -> ResponseReturnValue:
    kinds = [kind] if kind is SheetKind.COMPLETIONS else pages.plan_kinds(actor())
    sent = request.files.get("sheet")
    raw = sent.stream.read(MOST_BYTES + 1) if sent is not None and sent.filename else b""
    try:
        entered = sheet_reading.read(raw, sheet_formats.FORMATS[kind])
    except UnreadableError as error:
        return render(pages.start_page(actor(), kinds, error=(kind, words.file_problem(error)))), 422
    with transaction():
        sheet_id = service.check(actor(), kind, entered.rows, entered.letters, now=clock.now())
    return redirect(url_for("plan.show_value_sheet", sheet_id=sheet_id))


def _checked(sheet: SavedValueSheet, error: str = "") -> str:
    form = ShownRowsForm(request.args)
    if not form.validate():
        form = ShownRowsForm()
    page = paging.requested_page(len(pages.shown_rows(sheet, form)), pages.PAGE)
    return render(pages.checked_page(sheet, form, page, error))


def _write(sheet_id: UUID, document: bytes) -> Written | ValuesOutdated:
    try:
        with transaction():
            return service.write(actor(), sheet_id, document=document, now=clock.now())
    except IntegrityError:  # another user wrote the same row at the same time: the second attempt reports it
        with transaction():
            return service.write(actor(), sheet_id, document=document, now=clock.now())


def _document() -> bytes:
    """Return the document of the request, nothing without one."""
    sent = request.files.get("document")
    return sent.stream.read(FILE_LIMIT + 1) if sent is not None and sent.filename else b""


def _report(done: Written | ValuesOutdated, sheet: SavedValueSheet) -> ResponseReturnValue:
    if isinstance(done, ValuesOutdated):
        flash(_("Values have changed since the check. Nothing was written. Check the rows again."), "warning")
        return redirect(url_for("plan.show_value_sheet", sheet_id=sheet.id))
    if done.is_repeated:
        return _was_written(done.batch_id)
    count = len(sheet.content.writable)
    flash(ngettext("%(num)s row was written.", "%(num)s rows were written.", count))
    return redirect(url_for("plan.show_value_batch", batch_id=done.batch_id))


def _was_written(batch_id: UUID) -> ResponseReturnValue:
    flash(_("This sheet has already been written."), "warning")
    return redirect(url_for("plan.show_value_batch", batch_id=batch_id))
