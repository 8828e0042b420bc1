"""Pages for who brings in people from a sheet: send, check, import, undo; take the own officers along."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.access.guard import actor, requires, thing
from app.access.policy import Action, Actor, allows, own_scope
from app.db.session import record, transaction
from app.i18n.languages import current, direction
from app.intake import labels
from app.intake.domain import reading
from app.intake.domain.grid import MOST_BYTES, UnreadableError
from app.intake.domain.reading import Sheet
from app.intake.domain.rows import Reading
from app.intake.domain.validation import Kind
from app.intake.events import SheetSeen
from app.intake.forms import LettersForm, PartForm, SheetForm, ShownForm
from app.intake.pages import checked, sheets
from app.intake.queries import imports
from app.intake.service import export, sheet_import
from app.intake.service import undo as intake_undo
from app.intake.service.sheet_import import Imported, Moved, Stopped
from app.intake.shapes import BatchSummary, Kept
from app.invitations.pages import letters
from app.invitations.queries import matching
from app.invitations.service import bulk
from app.kernel import clock
from app.sign_in.web import reauthentication
from app.web.table_files import Row, send_csv, send_sheet

UPLOAD = MOST_BYTES + 128 * 1024  # bytes, with what a form adds around a file

bp = Blueprint("intake", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A checked sheet of the actor, or the id of the import that it has become, with the country of the actor."""

    sheet: Kept | UUID
    country: str


def own_sheet(who: Actor, sheet_id: UUID) -> OwnSheet:
    """Return the actor's checked sheet, or raise NoResultFound."""
    return OwnSheet(imports.sheet(who, sheet_id), who.country)


def sheet_or_batch(who: Actor, sheet_id: UUID) -> OwnSheet:
    """Return the actor's checked sheet, or the import that it has become, or raise NoResultFound."""
    became = imports.batch_of(who, sheet_id)
    return own_sheet(who, sheet_id) if became is None else OwnSheet(became, who.country)


@bp.get("/people/sheet")
@requires(Action.BRING_IN, of=own_scope)
def ask() -> ResponseReturnValue:
    """Show where a sheet is sent, what it holds, and earlier imports."""
    return _form(SheetForm())


@bp.post("/people/sheet")
@requires(Action.BRING_IN, of=own_scope)
def check() -> ResponseReturnValue:
    """Read and check a sheet, and keep it for its sender: nothing else is written."""
    form = SheetForm(request.form)
    if not form.validate():
        return _form(form), 422
    try:
        sheet = _read(form)
    except UnreadableError as error:
        field = form.text if (form.text.data or "").strip() else form.sheet
        field.errors = [labels.trouble(error, current())]
        return _form(form), 422
    rows = Reading(sheet.headed, sheets.offered(actor())).rows()
    if not rows:
        form.sheet.errors = [_("There are no rows below the headers.")]
        return _form(form), 422
    with transaction():
        made = sheet_import.check(actor(), rows, sheet.notes, now=clock.now(), real_now=clock.real_now())
    if isinstance(made, Stopped):
        form.sheet.errors = [str(labels.STOPPED)]
        return _form(form), 422
    return redirect(url_for("intake.show", sheet_id=made))


@bp.get("/people/sheet/empty.<file:form>")
@requires(Action.BRING_IN, of=own_scope)
def empty(form: str) -> ResponseReturnValue:
    """Send a sheet with heads and a row that shows how."""
    heads, rows = sheets.empty(actor())
    return _send(form, "people", heads, rows)


@bp.get("/people/sheet/officers.<file:form>")
@requires(Action.EXPORT_OFFICERS, of=own_scope)
def officers(form: str) -> ResponseReturnValue:
    """Send officers and supervisors of the own country by name, in the form of the sheet: a hundred in a file.

    Whoever takes them along gives the password, as for the own data.
    """
    part = _part()
    if refused := _refuse_officers(part):
        return refused
    agency_id = UUID(part.agency.data) if part.agency.data else None
    most = export.LARGEST if export.may_take_all(actor(), clock.real_now()) else export.ALONE
    found = matching.officers(
        actor().country, clock.today(), agency_id=agency_id, after=part.after.data or "", size=most
    )
    with transaction():
        export.note(actor(), len(found), agency_id, clock.real_now())
    return _send(form, "officers", sheets.heads(actor()), sheets.officers(actor(), found))


@bp.post("/people/sheet/officers.<file:form>")
@requires(Action.EXPORT_OFFICERS, of=own_scope)
def prove_for_officers(form: str) -> ResponseReturnValue:
    """Take the password of whoever wants officers along, and lead to the file."""
    part = _part()
    if refused := _refuse_officers(part):
        return refused
    here: dict[str, Any] = dict(_kept(part))
    return redirect(url_for("intake.officers", form=form, **here))


@bp.get("/people/sheet/<uuid:sheet_id>")
@requires(Action.BRING_IN, of=sheet_or_batch)
def show(sheet_id: UUID) -> ResponseReturnValue:
    """Show what a sheet comes to, row by row."""
    found: Kept | UUID = thing().sheet
    if isinstance(found, UUID):
        return _was_imported(found)
    with transaction():
        record(SheetSeen(sheet_id=sheet_id, country=sheet_import.country_of(actor())))
    form = ShownForm(request.args)
    right = form.validate()
    shown = checked.sheet(found, form if right else ShownForm(), sheets.choices(actor()))
    return render_template("intake/checked.html", it=shown), 200 if right else 422


@bp.post("/people/sheet/<uuid:sheet_id>/import")
@requires(Action.BRING_IN, of=sheet_or_batch)
def carry_out(sheet_id: UUID) -> ResponseReturnValue:
    """Import a checked sheet, all of it or none."""
    if refused := _refuse_import(thing().sheet):
        return refused
    try:
        done = _carry_out(sheet_id)
    except IntegrityError:  # somebody took an address at the same moment: what it was, a second look tells
        done = _carry_out(sheet_id)
    except NoResultFound:  # it went since this request began: with somebody in it, or with the day
        flash(_("The sheet is forgotten. Nothing was written."), "warning")
        return redirect(url_for("intake.ask"))
    if isinstance(done, Stopped):
        flash(str(labels.STOPPED), "error")
        return redirect(url_for("intake.ask"))
    if isinstance(done, Moved):
        flash(_("Something has changed since the check. Nothing was written: look at the rows again."), "warning")
        return redirect(url_for("intake.show", sheet_id=sheet_id))
    if done.before:
        return _was_imported(done.batch_id)
    flash(_("Imported. The links are on their way."))
    return redirect(url_for("intake.batch", batch_id=done.batch_id))


@bp.post("/people/sheet/<uuid:sheet_id>/drop")
@requires(Action.BRING_IN, of=own_sheet)
def drop(sheet_id: UUID) -> ResponseReturnValue:
    """Forget a checked sheet."""
    with transaction():
        sheet_import.drop(actor(), sheet_id)
    flash(_("The sheet is forgotten. Nothing was written."))
    return redirect(url_for("intake.ask"))


@bp.get("/people/sheet/imports/<uuid:batch_id>")
@requires(Action.BRING_IN, of=imports.batch)
def batch(batch_id: UUID) -> ResponseReturnValue:
    """Show an import, and what can be undone of it."""
    found: BatchSummary = thing()
    form = ShownForm(request.args)
    right = form.validate()
    shown = checked.batch(found, (form.page.data or 1) if right else 1)
    return render_template("intake/batch.html", it=shown, **_letters(found)), 200 if right else 422


@bp.post("/people/sheet/imports/<uuid:batch_id>/undo")
@requires(Action.BRING_IN, of=imports.batch)
def undo(batch_id: UUID) -> ResponseReturnValue:
    """Take an import back as far as nobody has gone on from it."""
    with transaction():
        intake_undo.undo(actor(), batch_id, now=clock.now(), real_now=clock.real_now())
    flash(_("Undone, as far as nobody has gone on from it."))
    return redirect(url_for("intake.batch", batch_id=batch_id))


@bp.post("/people/sheet/imports/<uuid:batch_id>/letters")
@requires(Action.BRING_IN, of=imports.batch)
def print_letters(batch_id: UUID) -> ResponseReturnValue:
    """Make letters of the invitations of an import that wait; their codes are shown this once."""
    form = LettersForm(request.form)
    again = form.validate() and form.again.data == "yes"
    if refused := _refuse_letters(batch_id, again=again):
        return refused
    with transaction():
        made = bulk.print_letters(actor(), imports.invited(batch_id), clock.real_now(), again=again)
    if not made:
        flash(_("No letter was created: each open invitation of this import has one."), "warning")
        return redirect(url_for("intake.batch", batch_id=batch_id))
    return render_template(
        "intake/letters.html", it=thing(), letters=[letters.words(one) for one in made], **_letters(thing())
    )


@bp.post("/people/sheet/wishes")
@requires(Action.EXPORT_OFFICERS, of=own_scope)
def wish() -> ResponseReturnValue:
    """Ask for a second person, to take more along than one may alone."""
    with transaction():
        export.ask(actor(), clock.real_now())
    flash(_("Asked. Another contact point of your country, or a coordinator, sees it on this page."))
    return redirect(url_for("intake.ask"))


@bp.post("/people/sheet/wishes/<uuid:wish_id>/agree")
@requires(Action.ANSWER_EXPORT, of=export.wish)
def agree(wish_id: UUID) -> ResponseReturnValue:
    """Agree that somebody takes more people along, for a day; a session that was left open does not."""
    if refused := reauthentication.ask_password(_("Agree for a day"), thing().alias, _way()):
        return refused
    return _answer(wish_id, allowed=True)


@bp.post("/people/sheet/wishes/<uuid:wish_id>/refuse")
@requires(Action.ANSWER_EXPORT, of=export.wish)
def refuse(wish_id: UUID) -> ResponseReturnValue:
    """Do not agree."""
    return _answer(wish_id, allowed=False)


@bp.url_value_preprocessor
def _let_sheets_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the one route for sheets take more than a form; this runs before the form is read."""
    if endpoint == "intake.check":
        request.max_content_length = UPLOAD


def _part() -> PartForm:
    """Return which officers are meant, or raise NoResultFound."""
    part = PartForm(request.values)
    if not part.validate():
        raise NoResultFound
    return part


def _kept(part: PartForm) -> list[tuple[str, str]]:
    return [(name, part[name].data) for name in ("agency", "after") if part[name].data]


def _refuse_officers(part: PartForm) -> ResponseReturnValue | None:
    """Return the answer to whoever has to give the password before officers are taken along."""
    return reauthentication.ask_password(_("Take your officers along"), "", _way(), _kept(part))


def _way(*further: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("People"), url_for("directory.show_people")),
        (_("People from a sheet"), url_for("intake.ask")),
        *further,
    ]


def _refuse_import(kept: Kept | UUID) -> ResponseReturnValue | None:
    """Return the answer to whoever imported a sheet before, or has to give the password for it."""
    if isinstance(kept, UUID):
        return _was_imported(kept)
    if not kept.content.guarded:
        return None
    counts = kept.content.counts()
    count = counts[Kind.NEW] + counts[Kind.CHANGED]
    done = ngettext("Import one person", "Import %(num)s people", count)
    return reauthentication.ask_password(done, "", _way((_("Checked sheet"), url_for("intake.show", sheet_id=kept.id))))


def _refuse_letters(batch_id: UUID, *, again: bool) -> ResponseReturnValue | None:
    """Return the answer to whoever has to give the password for the letters of an import."""
    if not bulk.are_guarded(actor(), imports.inviting(batch_id)):
        return None
    done, sent = (_("Replace all letters"), [("again", "yes")]) if again else (_("Make the letters"), [])
    return reauthentication.ask_password(
        done, "", _way((_("Import"), url_for("intake.batch", batch_id=batch_id))), sent
    )


def _letters(found: BatchSummary) -> dict[str, Any]:
    """Return how many invitations of an import wait, have no letter, and get one with one press."""
    waits = bulk.count_letters(actor(), imports.inviting(found.id), clock.real_now())
    return {"waits": waits.all, "without": waits.without, "most": bulk.LETTERS}


def _answer(wish_id: UUID, *, allowed: bool) -> ResponseReturnValue:
    with transaction():
        export.answer(actor(), wish_id, allowed=allowed, real_now=clock.real_now())
    flash(_("Answered. Who asked sees it on this page."))
    return redirect(url_for("intake.ask"))


def _carry_out(sheet_id: UUID) -> Imported | Moved | Stopped:
    with transaction():
        return sheet_import.carry_out(
            actor(), sheet_id, sheets.title, current(), now=clock.now(), real_now=clock.real_now()
        )


def _was_imported(batch_id: UUID) -> ResponseReturnValue:
    flash(_("This sheet was imported already. It is not imported twice."), "warning")
    return redirect(url_for("intake.batch", batch_id=batch_id))


def _read(form: SheetForm) -> Sheet:
    """Read the file, else what was pasted."""
    sent = request.files.get("sheet")
    if sent is not None and sent.filename:
        return reading.file(sent.stream.read(MOST_BYTES + 1))
    return reading.pasted(form.text.data or "")


def _form(form: SheetForm) -> str:
    own = allows(actor(), Action.EXPORT_OFFICERS, own_scope(actor()))
    may_all = own and export.may_take_all(actor(), clock.real_now())
    return render_template(
        "intake/sheet.html",
        form=form,
        columns=sheets.explained(actor()),
        services=sheets.services(actor()),
        waits=[(url_for("intake.show", sheet_id=one), at) for one, at in imports.sheets(actor())],
        parts=sheets.parts(actor(), whole=may_all) if own else [],
        may_all=may_all,
        wish=export.own(actor(), clock.real_now()) if own else None,
        wishes=export.wishes(actor()),
        more=own and sheets.are_more(actor()),
        own=own,
        batches=checked.batches(imports.batches(actor())),
    )


def _send(form: str, name: str, heads: Row, rows: list[Row]) -> ResponseReturnValue:
    if form == "csv":
        return send_csv(name, heads, rows)
    return send_sheet(name, heads, rows, right_to_left=direction(current()) == "rtl")
