"""`/country/nominations/<workshop>/sheet`: nominate officers by a sheet, which is checked and not stored."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.policy import Action
from app.kernel import clock
from app.kernel.sheets.grid import UnreadableError
from app.web.pages import render
from app.web.table_files import FILES, send_table
from app.workshops.domain import nomination_sheets as sheets
from app.workshops.pages import nomination_sheets as pages
from app.workshops.queries import country_nominations as queries
from app.workshops.queries.country_nominations import CountryEvent
from app.workshops.views._blueprint import bp
from app.workshops.views.country_nominations import is_open, record_view

SHEET = "/country/nominations/<uuid:workshop_id>/sheet"


@bp.get(SHEET)
@requires(Action.NOMINATE, load=queries.event)
def show_nomination_sheet(event: CountryEvent, workshop_id: UUID) -> ResponseReturnValue:
    """Show how officers are nominated by a sheet."""
    if not is_open(event):
        return redirect(url_for("workshops.show_country_nomination", workshop_id=workshop_id))
    return render(pages.page(actor(), event))


@bp.get(f"{SHEET}.{FILES}")
@requires(Action.NOMINATE, load=queries.event)
def download_nomination_sheet(event: CountryEvent, workshop_id: UUID, form: str) -> ResponseReturnValue:
    """Send the sheet with the officers of the own country who can be nominated, by alias."""
    if not is_open(event):
        return redirect(url_for("workshops.show_country_nomination", workshop_id=workshop_id))
    record_view()
    return send_table(form, f"nominations-{event.workshop.code}", pages.template_table(actor(), event, clock.now()))


@bp.post(SHEET)
@requires(Action.NOMINATE, load=queries.event)
def check_nomination_sheet(event: CountryEvent, workshop_id: UUID) -> ResponseReturnValue:
    """Show the rows of a sheet with what is wrong; only the form on this page nominates the officers."""
    if not is_open(event):
        return redirect(url_for("workshops.show_country_nomination", workshop_id=workshop_id))
    sent = request.files.get("sheet")
    raw = sent.stream.read(sheets.MOST_SHEET_BYTES + 1) if sent is not None and sent.filename else b""
    try:
        lines = sheets.read(raw)
    except UnreadableError as error:
        return render(pages.page(actor(), event, pages.file_problem(error))), 422
    record_view()
    page = pages.checked_page(actor(), event, lines, clock.now())
    return render(page), 422 if page.wrong_rows else 200
