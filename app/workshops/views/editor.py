"""Views to create, edit and copy events: /teaching/workshops/new, /teaching/workshops/<id>/edit and /copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from app.workshops.domain.drafts import NewWorkshop
from app.workshops.domain.events import EnrolmentMode
from app.workshops.forms import editor, nomination_rules
from app.workshops.forms.copying import CopyForm
from app.workshops.forms.editor import DraftForm, DraftRows
from app.workshops.forms.nomination_rules import NominationForm
from app.workshops.pages import copying, editor as pages
from app.workshops.queries import workshops
from app.workshops.service import copies, lifecycle, staff
from app.workshops.shapes import WorkshopFacts
from app.workshops.store import locking
from app.workshops.views._blueprint import bp

START = {"kind": "workshop", "sensitivity": "law_enforcement_only", "form": "in_person", "language": "en",
         "percent": 80, "capacity": 26, "time_zone": "Europe/Sofia"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Editor:
    """The parts of the form of an event; `nomination` is None for open enrolment."""

    form: DraftForm
    rows: DraftRows
    nomination: NominationForm | None

    def is_valid(self) -> bool:
        """Check all parts, and add their errors."""
        well_formed = self.form.validate()
        has_rules = self.nomination is None or self.nomination.validate()
        return self.form.fits(self.rows) and well_formed and has_rules and not self.rows.problems

    def draft(self) -> NewWorkshop:
        """Return the event to save."""
        return self.form.draft(self.rows, self.nomination.rules() if self.nomination else None)


@bp.get("/teaching/workshops/new")
@requires(Action.MAKE_WORKSHOP)
def new_workshop() -> ResponseReturnValue:
    """Show an empty form for the chosen enrolment."""
    return _page(_editor(None, DraftRows({}), START | {"host_country": actor().country}))


@bp.post("/teaching/workshops/new")
@requires(Action.MAKE_WORKSHOP)
def create_workshop() -> ResponseReturnValue:
    """Create a draft; a trainer who creates it runs the event."""
    parts = _editor(None, _rows([]))
    if not parts.is_valid():
        return _page(parts), 422
    now = clock.now()
    try:
        with transaction():
            workshop_id = lifecycle.create_workshop(parts.draft(), by=current_user.id, now=now)
            _appoint_author(workshop_id)
    except DomainError as error:
        return _page(parts, message=error.translated(_)), 422
    flash(_("Draft saved. Next: a second person approves it."))
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


@bp.get("/teaching/workshops/<uuid:workshop_id>/edit")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def edit_workshop(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form with facts, texts and sessions of an event."""
    translations = stored_translations.all_of(workshop_id)
    rows = editor.rows_of(workshop, translations, _titles(workshop))
    parts = _editor(workshop, rows, editor.values_of(workshop, translations))
    return _page(parts, workshop, fingerprint=locking.fingerprint(workshop_id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/edit")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def update_workshop(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Save the changes of an event."""
    parts, fingerprint = _editor(workshop, _rows(_titles(workshop))), request.form.get("seen", "")
    if not parts.is_valid():
        return _page(parts, workshop, fingerprint=fingerprint), 422
    try:
        with transaction():
            changed = lifecycle.update_workshop(
                workshop_id, parts.draft(), by=current_user.id, now=clock.now(), fingerprint=fingerprint
            )
    except DomainError as error:
        return _page(parts, workshop, message=error.translated(_), fingerprint=fingerprint), 422
    flash(_("Saved.") if changed else _("Nothing has changed."))
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


@bp.get("/teaching/workshops/<uuid:workshop_id>/copy")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def copy_workshop(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form to copy an event."""
    return render(copying.page(workshop, CopyForm()))


@bp.post("/teaching/workshops/<uuid:workshop_id>/copy")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def create_copy(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Create a draft with the facts and sessions of an event."""
    form = CopyForm(request.form)
    if not form.validate() or not form.fits():
        return render(copying.page(workshop, form)), 422
    code, first_day = form.code.data, form.first_day.data
    try:
        with transaction():
            copy_id = copies.copy_workshop(
                workshop_id, code=code, first_day=first_day, by=current_user.id, now=clock.now()
            )
            _appoint_author(copy_id)
    except DomainError as error:
        return render(copying.page(workshop, form, error.translated(_))), 422
    flash(_("Draft created. Check its facts and days."))
    return redirect(url_for("workshops.edit_workshop", workshop_id=copy_id))


def _appoint_author(workshop_id: UUID) -> None:
    """Let a trainer who creates an event run it."""
    if not runs_every_workshop(actor()):
        staff.appoint(workshop_id, current_user.id, Role.TRAINER, clock.now())


def _editor(workshop: WorkshopFacts | None, rows: DraftRows, values: Mapping[str, Any] | None = None) -> Editor:
    """Return the form with the submitted values, or with these."""
    form = DraftForm(request.form) if values is None else DraftForm(None, **values)
    form.offer(**pages.offers(actor(), workshop))
    nomination = None
    if _enrolment(workshop) is EnrolmentMode.NOMINATED:
        form.without_booking()
        rules = workshop.nomination if workshop else None
        saved = nomination_rules.values_of(rules) if rules else nomination_rules.START
        nomination = NominationForm(request.form) if values is None else NominationForm(None, **saved)
        nomination.offer(**pages.nomination_offers())
    return Editor(form, rows, nomination)


def _enrolment(workshop: WorkshopFacts | None) -> EnrolmentMode:
    """Return the chosen enrolment; that of an announced event is fixed."""
    saved = workshop.enrolment if workshop else EnrolmentMode.OPEN
    wanted = request.values.get("enrolment", "")
    if pages.is_announced(workshop) or wanted not in set(EnrolmentMode):
        return saved
    return EnrolmentMode(wanted)


def _rows(titles: Sequence[Mapping[str, str]]) -> DraftRows:
    return editor.read_rows(request.form, competencies=pages.levels(), titles=titles)


def _titles(workshop: WorkshopFacts) -> list[Mapping[str, str]]:
    translations = stored_translations.all_of_many([session.id for session in workshop.sessions])
    return [translations.get(session.id, {}).get("title", {}) for session in workshop.sessions]


def _page(parts: Editor, workshop: WorkshopFacts | None = None, *, message: str = "", fingerprint: str = "") -> str:
    return render(pages.page(parts.form, parts.rows, workshop, message, fingerprint, parts.nomination))
