"""Views for staff at /teaching: tasks, an event, its steps, its seats, its trainers and assessors."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import MultiDict

from app.access.guard import actor, requires
from app.access.policy import Action, Actor, Role
from app.access.workshop_rules import can_name, can_name_staff, runs_every_workshop
from app.db.session import transaction
from app.identity.queries import people as identity_people, roles
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.domain.events import WorkshopStep
from app.workshops.forms.scoring import CapacityForm, PersonForm, StaffForm, StepReasonForm
from app.workshops.pages import dashboard, event, nominated_steps, steps
from app.workshops.queries import workshops
from app.workshops.service import closing, lifecycle, nomination_events, results, staff
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp

STEPS = {
    event.step_name(step): step
    for step in (
        WorkshopStep.ANNOUNCE,
        WorkshopStep.CANCEL,
        WorkshopStep.CLOSE,
        WorkshopStep.REOPEN,
        *nominated_steps.STEPS,
    )
}


def organised_by(actor: Actor, workshop_id: UUID) -> WorkshopFacts:
    """Return an event whose trainers and assessors the actor may assign, or raise NoResultFound."""
    workshop = workshops.run_by(actor, workshop_id)
    if not can_name_staff(actor, workshop):
        raise NoResultFound
    return workshop


def stepping(actor: Actor, workshop_id: UUID, step: str) -> WorkshopFacts:
    """Return an event that the actor runs; raise NoResultFound also for a step that has no page here."""
    if step not in STEPS or (step == WorkshopStep.REOPEN and not runs_every_workshop(actor)):
        raise NoResultFound
    workshop = workshops.run_by(actor, workshop_id)
    if STEPS[step] in nominated_steps.STEPS and workshop.nomination is None:
        raise NoResultFound
    return workshop


@bp.get("/teaching")
@requires(Action.TEACH)
def show_teaching() -> ResponseReturnValue:
    """Show tasks, then the user's events and courses."""
    return render(dashboard.page(actor(), clock.now()))


@bp.get("/teaching/workshops/<uuid:workshop_id>")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_event(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show an event with its tasks, its seats and its people by alias."""
    with transaction():
        results.record_view(workshop_id, clock.now())
    return render(event.page(actor(), workshop, clock.now()))


@bp.get("/teaching/workshops/<uuid:workshop_id>/clearing")
@requires(Action.CLEAR_WORKSHOP, load=workshops.run_by)
def clearing(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the consequences of clearing an event."""
    return _step(workshop, WorkshopStep.CLEAR)


@bp.post("/teaching/workshops/<uuid:workshop_id>/clearing")
@requires(Action.CLEAR_WORKSHOP, load=workshops.run_by)
def clear(_workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Record the approval of the event by a second person."""
    with transaction():
        lifecycle.clear(workshop_id, by=current_user.id, now=clock.now())
    flash(_("Cleared. Now it can be announced."))
    return _back(workshop_id)


@bp.get("/teaching/workshops/<uuid:workshop_id>/steps/<slug:step>")
@requires(Action.RUN_WORKSHOP, load=stepping)
def step(workshop: WorkshopFacts, workshop_id: UUID, step: str) -> ResponseReturnValue:
    """Show the consequences of a step."""
    return _step(workshop, STEPS[step])


@bp.post("/teaching/workshops/<uuid:workshop_id>/steps/<slug:step>")
@requires(Action.RUN_WORKSHOP, load=stepping)
def take_step(workshop: WorkshopFacts, workshop_id: UUID, step: str) -> ResponseReturnValue:
    """Announce, cancel, close or reopen an event; decide that a nominated one takes place, postpone or resume it."""
    wanted, form = STEPS[step], StepReasonForm(request.form)
    if steps.asks_why(workshop, wanted) and not form.validate():
        return _step(workshop, wanted, form), 422
    with transaction():
        _perform(workshop_id, wanted, form.reason.data or "", clock.now())
    flash(steps.done(wanted))
    return _back(workshop_id)


def _perform(workshop_id: UUID, step: WorkshopStep, reason: str, now: datetime) -> None:
    by, user = current_user.id, actor()
    services: Mapping[WorkshopStep, Callable[[], None]] = {
        WorkshopStep.CANCEL: lambda: lifecycle.cancel(workshop_id, reason=reason, by=by, now=now),
        WorkshopStep.ANNOUNCE: lambda: lifecycle.announce(workshop_id, by=by, now=now),
        WorkshopStep.REOPEN: lambda: closing.reopen(workshop_id, reason=reason, by=by, now=now),
        WorkshopStep.CLOSE: lambda: closing.close(workshop_id, reason=reason, by=by, now=now),
        WorkshopStep.CONFIRM_SEATS: lambda: nomination_events.confirm_seats(workshop_id, user, reason=reason, now=now),
        WorkshopStep.POSTPONE: lambda: nomination_events.postpone(workshop_id, user, reason=reason, now=now),
        WorkshopStep.RESUME: lambda: nomination_events.resume(workshop_id, user, now),
    }
    services[step]()


@bp.get("/teaching/workshops/<uuid:workshop_id>/capacity")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def capacity(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form to change the number of seats."""
    return render(steps.seats_page(workshop, CapacityForm(capacity=workshop.capacity)))


@bp.post("/teaching/workshops/<uuid:workshop_id>/capacity")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def set_capacity(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Change the number of seats."""
    form = CapacityForm(request.form)
    if not form.validate():
        return render(steps.seats_page(workshop, form)), 422
    with transaction():
        promoted = lifecycle.set_capacity(workshop_id, form.capacity.data, by=current_user.id, now=clock.now())
    text = ngettext("%(num)s person of the waiting list has a seat now.",
                    "%(num)s people of the waiting list have a seat now.", len(promoted))  # fmt: skip
    flash(text if promoted else _("The number of seats is changed."))
    return _back(workshop_id)


@bp.get("/teaching/workshops/<uuid:workshop_id>/people")
@requires(Action.RUN_WORKSHOP, load=organised_by)
def show_staff(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the trainers and assessors of an event."""
    return _staff(workshop, _person_form(workshop))


@bp.post("/teaching/workshops/<uuid:workshop_id>/people")
@requires(Action.RUN_WORKSHOP, load=organised_by)
def appoint(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Assign a trainer or an assessor, from the list or by alias."""
    form = _person_form(workshop, request.form)
    alias = form.chosen() if form.validate() else ""
    person_id = _nameable(workshop, form, alias) if alias else None
    if person_id is None:
        if alias:
            form.alias.errors = [_("No account has this alias. Check it, with its number.")]
        return _staff(workshop, form), 422
    with transaction():
        staff.appoint(workshop_id, person_id, Role(form.role.data), clock.now())
    flash(_("Assigned. The event appears on their page “Teaching”."))
    return redirect(url_for("workshops.show_staff", workshop_id=workshop_id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/people/<uuid:person_id>/taking-off")
@requires(Action.RUN_WORKSHOP, load=organised_by)
def remove_staff(workshop: WorkshopFacts, workshop_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Remove a trainer or an assessor from an event."""
    form = StaffForm(request.form)
    if not form.validate():
        return _staff(workshop, _person_form(workshop), form.role.errors[0]), 422
    try:
        with transaction():
            staff.take_off(workshop_id, person_id, Role(form.role.data), clock.now())
    except DomainError as error:
        return _staff(workshop, _person_form(workshop), error.translated(_)), 422
    flash(_("Removed. Attendance and scores that they recorded stay."))
    if person_id == current_user.id and not runs_every_workshop(actor()):
        return redirect(url_for("workshops.show_workshops"))  # the page of the event may be closed to them now
    return redirect(url_for("workshops.show_staff", workshop_id=workshop_id))


def _person_form(workshop: WorkshopFacts, sent: MultiDict[str, str] | None = None) -> PersonForm:
    form = PersonForm(sent, role=str(Role.TRAINER))
    form.offer(steps.staff_to_choose(workshop, actor(), clock.now()))
    return form


def _nameable(workshop: WorkshopFacts, form: PersonForm, alias: str) -> UUID | None:
    """Return the person of a form to whom the actor may assign the role in the event, or None."""
    person_id = identity_people.person_by_alias(alias)
    role = Role(form.role.data)
    if person_id is None or person_id in (workshop.trainers if role is Role.TRAINER else workshop.assessors):
        return person_id
    return person_id if can_name(actor(), role, person_id, roles.roles_of(person_id, clock.today())) else None


def _back(workshop_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


def _step(workshop: WorkshopFacts, wanted: WorkshopStep, form: StepReasonForm | None = None) -> str:
    return render(steps.page(actor(), workshop, wanted, form or StepReasonForm(), now=clock.now()))


def _staff(workshop: WorkshopFacts, form: PersonForm, refusal: str = "") -> str:
    return render(steps.staff_page(workshop, form, refusal))
