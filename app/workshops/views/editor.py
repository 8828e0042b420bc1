"""Views to create and edit events: /teaching/workshops/new and /teaching/workshops/<id>/edit."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action, Role
from app.access.workshop_rules import runs_every_workshop
from app.db.session import transaction
from app.i18n import stored_translations
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.forms import editor
from app.workshops.forms.editor import DraftForm, DraftRows
from app.workshops.pages import editor as pages
from app.workshops.queries import workshops
from app.workshops.service import lifecycle, staff
from app.workshops.shapes import WorkshopFacts
from app.workshops.store import locking
from app.workshops.views._blueprint import bp

START = {"kind": "workshop", "sensitivity": "law_enforcement_only", "form": "in_person", "language": "en",
         "percent": 80, "capacity": 26, "time_zone": "Europe/Sofia"}  # fmt: skip


@bp.get("/teaching/workshops/new")
@requires(Action.MAKE_WORKSHOP)
def new_workshop() -> ResponseReturnValue:
    """Show an empty form."""
    return _page(_form(START | {"host_country": actor().country}), DraftRows({}))


@bp.post("/teaching/workshops/new")
@requires(Action.MAKE_WORKSHOP)
def create_workshop() -> ResponseReturnValue:
    """Create a draft; a trainer who creates it runs the event."""
    form, rows = _form(), _rows([])
    if not _is_valid(form, rows):
        return _page(form, rows), 422
    now = clock.now()
    try:
        with transaction():
            workshop_id = lifecycle.create_workshop(form.draft(rows), by=current_user.id, now=now)
            if not runs_every_workshop(actor()):
                staff.appoint(workshop_id, current_user.id, Role.TRAINER, now)
    except DomainError as error:
        return _page(form, rows, message=error.translated(_)), 422
    flash(_("Draft saved. Next: a second person approves it."))
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


@bp.get("/teaching/workshops/<uuid:workshop_id>/edit")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def edit_workshop(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form with facts, texts and sessions of an event."""
    translations = stored_translations.all_of(workshop_id)
    rows = editor.rows_of(workshop, translations, _titles(workshop))
    return _page(
        _form(editor.values_of(workshop, translations)), rows, workshop, fingerprint=locking.fingerprint(workshop_id)
    )


@bp.post("/teaching/workshops/<uuid:workshop_id>/edit")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def update_workshop(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Save the changes of an event."""
    form, rows, fingerprint = _form(), _rows(_titles(workshop)), request.form.get("seen", "")
    if not _is_valid(form, rows):
        return _page(form, rows, workshop, fingerprint=fingerprint), 422
    try:
        with transaction():
            changed = lifecycle.update_workshop(
                workshop_id, form.draft(rows), by=current_user.id, now=clock.now(), fingerprint=fingerprint
            )
    except DomainError as error:
        return _page(form, rows, workshop, message=error.translated(_), fingerprint=fingerprint), 422
    flash(_("Saved.") if changed else _("Nothing has changed."))
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


def _form(values: Mapping[str, Any] | None = None) -> DraftForm:
    form = DraftForm(request.form) if values is None else DraftForm(None, **values)
    form.offer(**pages.offers(actor()))
    return form


def _rows(titles: Sequence[Mapping[str, str]]) -> DraftRows:
    return editor.read_rows(request.form, competencies=pages.levels(), titles=titles)


def _titles(workshop: WorkshopFacts) -> list[Mapping[str, str]]:
    translations = stored_translations.all_of_many([session.id for session in workshop.sessions])
    return [translations.get(session.id, {}).get("title", {}) for session in workshop.sessions]


def _is_valid(form: DraftForm, rows: DraftRows) -> bool:
    well_formed = form.validate()
    return form.fits(rows) and well_formed and not rows.problems


def _page(
    form: DraftForm, rows: DraftRows, workshop: WorkshopFacts | None = None, *, message: str = "", fingerprint: str = ""
) -> str:
    return render(pages.page(form, rows, workshop, message, fingerprint))
