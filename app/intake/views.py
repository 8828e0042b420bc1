"""`/people/sheet`: import people from a sheet (send, check, import, undo); export officers of the own country."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.access.guard import actor, allow_large_body, requires
from app.access.policy import Action, Actor, own_scope
from app.db.session import record, transaction
from app.i18n.languages import current, direction
from app.intake import labels
from app.intake.domain import reading
from app.intake.domain.reading import PeopleSheet
from app.intake.domain.rows import RowReader
from app.intake.domain.validation import RowKind
from app.intake.events import SheetSeen
from app.intake.forms import LettersForm, PartForm, SheetForm, ShownForm
from app.intake.pages import checked, sheets
from app.intake.queries import imports
from app.intake.service import export, sheet_import, undo as intake_undo
from app.intake.service.sheet_import import Imported, SheetOutdated, Stopped
from app.intake.shapes import BatchSummary, ExportRequest, SavedSheet
from app.invitations.queries import matching
from app.invitations.service import bulk, letter_texts
from app.kernel import clock
from app.kernel.sheets.grid import MOST_BYTES, UnreadableError
from app.sign_in.views import reauthentication
from app.web.pages import render
from app.web.table_files import Row, send_csv, send_sheet

UPLOAD = MOST_BYTES + 128 * 1024  # bytes, with the form around the file

bp = Blueprint("intake", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A checked sheet of the actor, or the id of its import, with the country of the actor."""

    sheet: SavedSheet | UUID
    country: str


def own_sheet(actor: Actor, sheet_id: UUID) -> OwnSheet:
    """Return the actor's checked sheet, or raise NoResultFound."""
    return OwnSheet(imports.sheet(actor, sheet_id), actor.country)


def sheet_or_batch(actor: Actor, sheet_id: UUID) -> OwnSheet:
    """Return the actor's checked sheet, or its import, or raise NoResultFound."""
    batch_id = imports.batch_of(actor, sheet_id)
    return own_sheet(actor, sheet_id) if batch_id is None else OwnSheet(batch_id, actor.country)


@bp.get("/people/sheet")
@requires(Action.BRING_IN, of=own_scope)
def ask() -> ResponseReturnValue:
    """Show the form for a sheet, its columns, and earlier imports."""
    return render(sheets.sheet_page(actor(), SheetForm()))


@bp.post("/people/sheet")
@requires(Action.BRING_IN, of=own_scope)
def check() -> ResponseReturnValue:
    """Read and check a sheet, and save it for its sender."""
    form = SheetForm(request.form)
    if not form.validate():
        return render(sheets.sheet_page(actor(), form)), 422
    try:
        sheet = _read(form)
    except UnreadableError as error:
        field = form.text if (form.text.data or "").strip() else form.sheet
        field.errors = [labels.file_problem(error, current())]
        return render(sheets.sheet_page(actor(), form)), 422
    rows = RowReader(sheet.headed, sheets.offered(actor())).rows()
    if not rows:
        form.sheet.errors = [_("There are no rows below the headers.")]
        return render(sheets.sheet_page(actor(), form)), 422
    with transaction():
        result = sheet_import.check(actor(), rows, sheet.notes, now=clock.now(), real_now=clock.real_now())
    if isinstance(result, Stopped):
        form.sheet.errors = [str(labels.STOPPED)]
        return render(sheets.sheet_page(actor(), form)), 422
    return redirect(url_for("intake.show", sheet_id=result))


@bp.get("/people/sheet/empty.<file:form>")
@requires(Action.BRING_IN, of=own_scope)
def empty(form: str) -> ResponseReturnValue:
    """Send a sheet with headers and an example row."""
    heads, rows = sheets.empty(actor())
    return _send(form, "people", heads, rows)


@bp.get("/people/sheet/officers.<file:form>")
@requires(Action.EXPORT_OFFICERS, of=own_scope)
def officers(form: str) -> ResponseReturnValue:
    """Send officers and supervisors of the own country with names as a sheet, after reauthentication."""
    part = _part()
    if refusal := _refuse_officers(part):
        return refusal
    agency_id = UUID(part.agency.data) if part.agency.data else None
    most = export.LARGEST if export.has_approval(actor(), clock.real_now()) else export.ALONE
    accounts = matching.officers(
        actor().country, clock.today(), agency_id=agency_id, after=part.after.data or "", size=most
    )
    with transaction():
        export.record_export(actor(), len(accounts), agency_id, clock.real_now())
    return _send(form, "officers", sheets.heads(actor()), sheets.officers(actor(), accounts))


@bp.post("/people/sheet/officers.<file:form>")
@requires(Action.EXPORT_OFFICERS, of=own_scope)
def prove_for_officers(form: str) -> ResponseReturnValue:
    """Check the password before an export of officers, and redirect to the file."""
    part = _part()
    if refusal := _refuse_officers(part):
        return refusal
    return redirect(url_for("intake.officers", form=form, **_parameters(part)))


@bp.get("/people/sheet/<uuid:sheet_id>")
@requires(Action.BRING_IN, load=sheet_or_batch)
def show(loaded: OwnSheet, sheet_id: UUID) -> ResponseReturnValue:
    """Show the result of a check, row by row."""
    sheet = loaded.sheet
    if isinstance(sheet, UUID):
        return _was_imported(sheet)
    with transaction():
        record(SheetSeen(sheet_id=sheet_id, country=sheet_import.country_of(actor())))
    form = ShownForm(request.args)
    is_valid = form.validate()
    page = checked.checked_sheet_page(sheet, form if is_valid else ShownForm(), sheets.choices(actor()))
    return render(page), 200 if is_valid else 422


@bp.post("/people/sheet/<uuid:sheet_id>/import")
@requires(Action.BRING_IN, load=sheet_or_batch)
def carry_out(loaded: OwnSheet, sheet_id: UUID) -> ResponseReturnValue:
    """Import all rows of a checked sheet, or none."""
    if refusal := _refuse_import(loaded.sheet):
        return refusal
    try:
        done = _carry_out(sheet_id)
    except IntegrityError:  # another user took an address at the same time: the second attempt reports it
        done = _carry_out(sheet_id)
    except NoResultFound:  # it was deleted during this request: it expired, or a person in it was erased
        flash(_("The sheet was deleted. Nothing was imported."), "warning")
        return redirect(url_for("intake.ask"))
    if isinstance(done, Stopped):
        flash(str(labels.STOPPED), "error")
        return redirect(url_for("intake.ask"))
    if isinstance(done, SheetOutdated):
        flash(_("Data has changed since the check. Nothing was imported. Check the rows again."), "warning")
        return redirect(url_for("intake.show", sheet_id=sheet_id))
    if done.is_repeated:
        return _was_imported(done.batch_id)
    flash(_("Imported. The links are on their way."))
    return redirect(url_for("intake.batch", batch_id=done.batch_id))


@bp.post("/people/sheet/<uuid:sheet_id>/drop")
@requires(Action.BRING_IN, load=own_sheet)
def drop(_loaded: OwnSheet, sheet_id: UUID) -> ResponseReturnValue:
    """Delete a checked sheet."""
    with transaction():
        sheet_import.delete_sheet(actor(), sheet_id)
    flash(_("The sheet was deleted. Nothing was imported."))
    return redirect(url_for("intake.ask"))


@bp.get("/people/sheet/imports/<uuid:batch_id>")
@requires(Action.BRING_IN, load=imports.batch)
def batch(summary: BatchSummary, batch_id: UUID) -> ResponseReturnValue:
    """Show an import and its rows."""
    form = ShownForm(request.args)
    is_valid = form.validate()
    page = checked.import_page(actor(), summary, form if is_valid else ShownForm())
    return render(page), 200 if is_valid else 422


@bp.post("/people/sheet/imports/<uuid:batch_id>/undo")
@requires(Action.BRING_IN, load=imports.batch)
def undo(_summary: BatchSummary, batch_id: UUID) -> ResponseReturnValue:
    """Undo an import as far as its values have not changed since."""
    with transaction():
        intake_undo.undo(actor(), batch_id, now=clock.now(), real_now=clock.real_now())
    flash(_("Undone, except for values that have changed since."))
    return redirect(url_for("intake.batch", batch_id=batch_id))


@bp.post("/people/sheet/imports/<uuid:batch_id>/letters")
@requires(Action.BRING_IN, load=imports.batch)
def print_letters(summary: BatchSummary, batch_id: UUID) -> ResponseReturnValue:
    """Create letters for the open invitations of an import; their codes are shown only this time."""
    form = LettersForm(request.form)
    again = form.validate() and form.again.data == "yes"
    if refusal := _refuse_letters(batch_id, again=again):
        return refusal
    with transaction():
        printed = bulk.print_letters(actor(), imports.invited(batch_id), clock.real_now(), again=again)
    if not printed:
        flash(_("No letter was created. Each open invitation of this import has one."), "warning")
        return redirect(url_for("intake.batch", batch_id=batch_id))
    texts = [letter_texts.letter_texts(letter) for letter in printed]
    return render(checked.LettersPage(sheets=texts, letters=checked.letter_button(actor(), summary.id)))


@bp.post("/people/sheet/wishes")
@requires(Action.EXPORT_OFFICERS, of=own_scope)
def wish() -> ResponseReturnValue:
    """Request a second person, to export more people than allowed alone."""
    with transaction():
        export.request_approval(actor(), clock.real_now())
    flash(_("Requested. Another contact point of your country or a coordinator answers on this page."))
    return redirect(url_for("intake.ask"))


@bp.post("/people/sheet/wishes/<uuid:wish_id>/agree")
@requires(Action.ANSWER_EXPORT, load=export.answerable_request)
def agree(export_request: ExportRequest, wish_id: UUID) -> ResponseReturnValue:
    """Approve an export of more people for a day, after reauthentication."""
    if refusal := reauthentication.ask_password(_("Agree for a day"), export_request.alias, _way()):
        return refusal
    return _answer(wish_id, allowed=True)


@bp.post("/people/sheet/wishes/<uuid:wish_id>/refuse")
@requires(Action.ANSWER_EXPORT, load=export.answerable_request)
def refuse(_request: ExportRequest, wish_id: UUID) -> ResponseReturnValue:
    """Reject an export of more people."""
    return _answer(wish_id, allowed=False)


@bp.url_value_preprocessor
def _allow_large_sheets(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Raise the size limit of the one route that takes sheets, for who may send them, before the form is read."""
    if endpoint == "intake.check":
        allow_large_body(UPLOAD, values)


def _part() -> PartForm:
    """Return the requested part of the officers, or raise NoResultFound."""
    part = PartForm(request.values)
    if not part.validate():
        raise NoResultFound
    return part


def _parameters(part: PartForm) -> Mapping[str, Any]:
    return {name: part[name].data for name in ("agency", "after") if part[name].data}


def _refuse_officers(part: PartForm) -> ResponseReturnValue | None:
    """Return the page that asks for the password before an export of officers, or None."""
    return reauthentication.ask_password(_("Export your officers"), "", _way(), list(_parameters(part).items()))


def _way(*further: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("People"), url_for("directory.show_people")),
        (_("People from a sheet"), url_for("intake.ask")),
        *further,
    ]


def _refuse_import(sheet: SavedSheet | UUID) -> ResponseReturnValue | None:
    """Return the response for a sheet that is already imported or needs the password first, or None."""
    if isinstance(sheet, UUID):
        return _was_imported(sheet)
    if not sheet.content.guarded:
        return None
    counts = sheet.content.counts()
    count = counts[RowKind.NEW] + counts[RowKind.CHANGED]
    done = ngettext("Import one person", "Import %(num)s people", count)
    return reauthentication.ask_password(
        done, "", _way((_("Checked sheet"), url_for("intake.show", sheet_id=sheet.id)))
    )


def _refuse_letters(batch_id: UUID, *, again: bool) -> ResponseReturnValue | None:
    """Return the page that asks for the password before letters are created, or None."""
    if not bulk.are_guarded(actor(), imports.inviting(batch_id)):
        return None
    done, sent = (_("Replace all letters"), [("again", "yes")]) if again else (_("Create the letters"), [])
    return reauthentication.ask_password(
        done, "", _way((_("Import"), url_for("intake.batch", batch_id=batch_id))), sent
    )


def _answer(wish_id: UUID, *, allowed: bool) -> ResponseReturnValue:
    with transaction():
        export.answer_request(actor(), wish_id, allowed=allowed, real_now=clock.real_now())
    flash(_("Answered. The answer is shown on the requester's page."))
    return redirect(url_for("intake.ask"))


def _carry_out(sheet_id: UUID) -> Imported | SheetOutdated | Stopped:
    with transaction():
        return sheet_import.carry_out(
            actor(), sheet_id, sheets.title, current(), now=clock.now(), real_now=clock.real_now()
        )


def _was_imported(batch_id: UUID) -> ResponseReturnValue:
    flash(_("This sheet has already been imported."), "warning")
    return redirect(url_for("intake.batch", batch_id=batch_id))


def _read(form: SheetForm) -> PeopleSheet:
    """Read the file, or the pasted text if there is no file."""
    sent = request.files.get("sheet")
    if sent is not None and sent.filename:
        return reading.read_sheet(sent.stream.read(MOST_BYTES + 1))
    return reading.pasted(form.text.data or "")


def _send(form: str, name: str, heads: Row, rows: list[Row]) -> ResponseReturnValue:
    if form == "csv":
        return send_csv(name, heads, rows)
    return send_sheet(name, heads, rows, right_to_left=direction(current()) == "rtl")
