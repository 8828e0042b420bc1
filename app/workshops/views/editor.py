"""Views to create, edit and copy events: /teaching/workshops/new, /teaching/workshops/<id>/edit and /copy."""

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
from app.workshops.domain.events import EnrolmentMode
from app.workshops.domain.templates import EventTemplate
from app.workshops.forms import editor, editor_start, editor_steps, nomination_rules
from app.workshops.forms.copying import CopyForm
from app.workshops.forms.editor import DraftForm, DraftRows
from app.workshops.forms.editor_start import StartForm
from app.workshops.forms.editor_steps import EventParts
from app.workshops.forms.nomination_rules import NominationForm
from app.workshops.pages import copying, editor as pages
from app.workshops.queries import saved_content, workshops
from app.workshops.service import copies, lifecycle, staff
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp

START = {"kind": "workshop", "sensitivity": "law_enforcement_only", "form": "in_person", "language": "en",
         "percent": 80, "capacity": 26, "time_zone": "Europe/Sofia"}  # fmt: skip


@bp.get("/teaching/workshops/new")
@requires(Action.MAKE_WORKSHOP)
def new_workshop() -> ResponseReturnValue:
    """Show the form for the chosen enrolment, empty or filled by a template."""
    start = StartForm(request.args)
    values = START | {"host_country": actor().country}
    if not start.is_template():
        return _page(_editor(None, DraftRows({}), values), start=StartForm())
    if not (start.validate() and start.fits()):
        return _page(_editor(None, DraftRows({}), values), start=start), 422
    template, first_day = EventTemplate(start.template.data), start.first_day.data
    values |= editor_start.facts(template, first_day)
    parts = _editor(None, editor_start.rows(template, first_day), values, editor_start.rules(first_day))
    return _page(parts, start=start)


@bp.post("/teaching/workshops/new")
@requires(Action.MAKE_WORKSHOP)
def create_workshop() -> ResponseReturnValue:
    """Create a draft; a trainer who creates it runs the event."""
    parts = _editor(None, _rows([]))
    if _moves():
        return _next_step(parts)
    if not parts.is_valid():
        return _page(parts, step=parts.first_problem()), 422
    now = clock.now()
    try:
        with transaction():
            workshop_id = lifecycle.create_workshop(parts.draft(), by=current_user.id, now=now)
            _appoint_author(workshop_id)
    except DomainError as error:
        return _page(parts, step=_step(), message=error.translated(_)), 422
    flash(_("Draft saved. Next: a second person approves it."))
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


@bp.get("/teaching/workshops/<uuid:workshop_id>/edit")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def edit_workshop(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form with facts, texts and sessions of an event."""
    translations = stored_translations.all_of(workshop_id)
    rows = editor.rows_of(workshop, translations, _titles(workshop))
    parts = _editor(workshop, rows, editor.values_of(workshop, translations))
    step = editor_steps.read_step(request.args.get("step", ""))
    return _page(parts, workshop, step=step, fingerprint=saved_content.fingerprint(workshop_id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/edit")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def update_workshop(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Save the changes of an event."""
    parts, fingerprint = _editor(workshop, _rows(_titles(workshop))), request.form.get("seen", "")
    if _moves():
        return _next_step(parts, workshop, fingerprint)
    if not parts.is_valid():
        return _page(parts, workshop, step=parts.first_problem(), fingerprint=fingerprint), 422
    try:
        with transaction():
            changed = lifecycle.update_workshop(
                workshop_id, parts.draft(), by=current_user.id, now=clock.now(), fingerprint=fingerprint
            )
    except DomainError as error:
        message = error.translated(_)
        return _page(parts, workshop, step=_step(), message=message, fingerprint=fingerprint), 422
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


def _editor(
    workshop: WorkshopFacts | None,
    rows: DraftRows,
    values: Mapping[str, Any] | None = None,
    rules_start: Mapping[str, object] | None = None,
) -> EventParts:
    """Return the form with the submitted values, or with these; `rules_start` are days of a template."""
    form = DraftForm(request.form) if values is None else DraftForm(None, **values)
    form.offer(**pages.offers(actor(), workshop))
    nomination = None
    if _enrolment(workshop) is EnrolmentMode.NOMINATED:
        form.without_booking()
        rules = workshop.nomination if workshop else None
        saved = nomination_rules.values_of(rules) if rules else nomination_rules.START | dict(rules_start or {})
        nomination = NominationForm(request.form) if values is None else NominationForm(None, **saved)
        nomination.offer(pages.countries())
    return EventParts(form, rows, nomination)


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


def _step() -> int:
    """Return the step from which the form was submitted; a form without steps ends with the last."""
    return editor_steps.read_step(request.form.get("step", str(editor_steps.SEATS)))


def _moves() -> bool:
    """Return whether the form goes to another step instead of being saved."""
    return request.form.get("go", editor_steps.SAVE) != editor_steps.SAVE


def _next_step(parts: EventParts, workshop: WorkshopFacts | None = None, fingerprint: str = "") -> ResponseReturnValue:
    """Show the step before or after; with problems in this step, show it again."""
    step, go = _step(), request.form.get("go", "")
    if go != editor_steps.BACK:
        parts.is_valid()
        if parts.has_problems_in(step):
            parts.drop_problems_of_others(step)
            return _page(parts, workshop, step=step, fingerprint=fingerprint), 422
    titles = _titles(workshop) if workshop else []
    fresh = _editor(workshop, _rows(titles))
    fresh.rows.problems.clear()
    return _page(fresh, workshop, step=editor_steps.target(step, go), fingerprint=fingerprint)


def _page(
    parts: EventParts,
    workshop: WorkshopFacts | None = None,
    *,
    step: int = editor_steps.CONTENT,
    message: str = "",
    fingerprint: str = "",
    start: StartForm | None = None,
) -> str:
    return render(pages.page(parts, workshop, step, message=message, fingerprint=fingerprint, start=start))
