"""Pages for those who run events: what to do first, one event, its steps, its seats, its trainers and assessors."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires, thing
from app.access.policy import Action, Actor, Role
from app.db.session import transaction
from app.identity.queries import people as identity_people
from app.identity.queries import roles
from app.kernel import clock
from app.kernel.errors import DomainError
from app.workshops.domain.events import WorkshopStep
from app.workshops.forms.scoring import CapacityForm, PersonForm, StaffForm, StepReasonForm
from app.workshops.pages import dashboard, event, steps
from app.workshops.queries import bookings, workshops
from app.workshops.service import closing, lifecycle, results, staff
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp

STEPS = frozenset({WorkshopStep.ANNOUNCE, WorkshopStep.CANCEL, WorkshopStep.CLOSE, WorkshopStep.REOPEN})


def organised_by(actor: Actor, workshop_id: UUID, **_rest: object) -> WorkshopFacts:
    """Return an event whose trainers and assessors the actor may name, or raise NoResultFound."""
    found = workshops.run_by(actor, workshop_id)
    if not event.may_organise(actor, found):
        raise NoResultFound
    return found


def stepping(actor: Actor, workshop_id: UUID, step: str) -> WorkshopFacts:
    """Return an event that the actor runs, or raise NoResultFound: also for what is no step of this page."""
    if step not in STEPS or (step == WorkshopStep.REOPEN and Role.COORDINATOR not in actor.roles):
        raise NoResultFound
    return workshops.run_by(actor, workshop_id)


@bp.get("/teaching")
@requires(Action.TEACH)
def show_teaching() -> ResponseReturnValue:
    """Show what waits, then one's events and courses."""
    return render_template("teaching/desk.html", **dashboard.page(actor(), clock.now()))


@bp.get("/teaching/workshops/<uuid:workshop_id>")
@requires(Action.RUN_WORKSHOP, of=workshops.run_by)
def show_event(workshop_id: UUID) -> ResponseReturnValue:
    """Show an event with all that is to do for it, its seats and its people by alias."""
    with transaction():
        results.record_view(workshop_id, clock.now())
    return render_template("teaching/event.html", **event.page(actor(), thing(), clock.now()))


@bp.get("/teaching/workshops/<uuid:workshop_id>/clearing")
@requires(Action.CLEAR_WORKSHOP, of=workshops.run_by)
def clearing(workshop_id: UUID) -> ResponseReturnValue:
    """Show what clearing an event means."""
    return _step(WorkshopStep.CLEAR)


@bp.post("/teaching/workshops/<uuid:workshop_id>/clearing")
@requires(Action.CLEAR_WORKSHOP, of=workshops.run_by)
def clear(workshop_id: UUID) -> ResponseReturnValue:
    """Note that a second person looked at the event."""
    with transaction():
        lifecycle.clear(workshop_id, by=current_user.id, now=clock.now())
    flash(_("Cleared. Now it can be announced."))
    return _back(workshop_id)


@bp.get("/teaching/workshops/<uuid:workshop_id>/steps/<slug:step>")
@requires(Action.RUN_WORKSHOP, of=stepping)
def step(workshop_id: UUID, step: str) -> ResponseReturnValue:
    """Show what a step means before it is taken."""
    return _step(WorkshopStep(step))


@bp.post("/teaching/workshops/<uuid:workshop_id>/steps/<slug:step>")
@requires(Action.RUN_WORKSHOP, of=stepping)
def take_step(workshop_id: UUID, step: str) -> ResponseReturnValue:
    """Announce, cancel, close or reopen an event."""
    wanted, form, now = WorkshopStep(step), StepReasonForm(request.form), clock.now()
    given: WorkshopFacts = thing()
    if steps.asks_why(given, wanted) and not form.validate():
        return _step(wanted, form), 422
    reason = form.reason.data or ""
    with transaction():
        if wanted is WorkshopStep.CANCEL:
            lifecycle.cancel(workshop_id, reason=reason, by=current_user.id, now=now)
        elif wanted is WorkshopStep.ANNOUNCE:
            lifecycle.announce(workshop_id, by=current_user.id, now=now)
        elif wanted is WorkshopStep.REOPEN:
            closing.reopen(workshop_id, reason=reason, by=current_user.id, now=now)
        else:
            closing.close(workshop_id, reason=reason, by=current_user.id, now=now)
    flash(steps.done(wanted))
    return _back(workshop_id)


@bp.get("/teaching/workshops/<uuid:workshop_id>/capacity")
@requires(Action.RUN_WORKSHOP, of=workshops.run_by)
def capacity(workshop_id: UUID) -> ResponseReturnValue:
    """Show how many seats there are, and what another number means."""
    return _capacity(CapacityForm(capacity=thing().capacity))


@bp.post("/teaching/workshops/<uuid:workshop_id>/capacity")
@requires(Action.RUN_WORKSHOP, of=workshops.run_by)
def set_capacity(workshop_id: UUID) -> ResponseReturnValue:
    """Change the number of seats."""
    form = CapacityForm(request.form)
    if not form.validate():
        return _capacity(form), 422
    with transaction():
        given = lifecycle.set_capacity(workshop_id, form.capacity.data, by=current_user.id, now=clock.now())
    text = ngettext("%(num)s person of the waiting list has a seat now.",
                    "%(num)s people of the waiting list have a seat now.", len(given))  # fmt: skip
    flash(text if given else _("The number of seats is changed."))
    return _back(workshop_id)


@bp.get("/teaching/workshops/<uuid:workshop_id>/people")
@requires(Action.RUN_WORKSHOP, of=organised_by)
def show_staff(workshop_id: UUID) -> ResponseReturnValue:
    """Show who runs and who assesses an event."""
    return _people(PersonForm(role=str(Role.TRAINER)))


@bp.post("/teaching/workshops/<uuid:workshop_id>/people")
@requires(Action.RUN_WORKSHOP, of=organised_by)
def appoint(workshop_id: UUID) -> ResponseReturnValue:
    """Name a trainer or an assessor by alias."""
    form = PersonForm(request.form)
    found = _nameable(thing(), (form.alias.data or "").strip(), form.role.data) if form.validate() else None
    if found is None:
        if not form.errors:
            form.alias.errors = [_("No account has this alias. Check it, with its number.")]
        return _people(form), 422
    with transaction():
        staff.appoint(workshop_id, found, Role(form.role.data), clock.now())
    flash(_("Named. The event stands on their page “Teaching”."))
    return redirect(url_for("workshops.show_staff", workshop_id=workshop_id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/people/<uuid:person_id>/taking-off")
@requires(Action.RUN_WORKSHOP, of=organised_by)
def remove_staff(workshop_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Take a trainer or an assessor off an event."""
    form = StaffForm(request.form)
    if not form.validate():
        return _people(PersonForm(role=str(Role.TRAINER)), form.role.errors[0]), 422
    try:
        with transaction():
            staff.take_off(workshop_id, person_id, Role(form.role.data), clock.now())
    except DomainError as error:
        return _people(PersonForm(role=str(Role.TRAINER)), error.translated(_)), 422
    flash(_("Taken off. What they wrote down stays."))
    if person_id == current_user.id and Role.COORDINATOR not in actor().roles:
        return redirect(url_for("workshops.show_workshops"))  # the page of the event may be closed to them now
    return redirect(url_for("workshops.show_staff", workshop_id=workshop_id))


def _nameable(given: WorkshopFacts, alias: str, name: str) -> UUID | None:
    """Return whom the actor may give a role in the event: nobody raises themselves, a trainer raises nobody."""
    found, role = identity_people.person_by_alias(alias), Role(name)
    if found is None or found in (given.trainers if role is Role.TRAINER else given.assessors):
        return found
    if found == actor().id:
        return None
    higher = Role.COORDINATOR in actor().roles
    return found if higher or role in roles.roles_of(found, clock.today()) else None


def _back(workshop_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


def _step(wanted: WorkshopStep, form: StepReasonForm | None = None) -> str:
    given: WorkshopFacts = thing()
    values = steps.page(actor(), given, wanted, now=clock.now())
    return render_template("teaching/step.html", form=form or StepReasonForm(), **values)


def _capacity(form: CapacityForm) -> str:
    given: WorkshopFacts = thing()
    taken, waiting = bookings.counts([given.id])[given.id]
    return render_template(
        "teaching/capacity.html", workshop=event.named(given), form=form, taken=taken, waiting=waiting
    )


def _people(form: PersonForm, refused: str = "") -> str:
    given: WorkshopFacts = thing()
    return render_template(
        "teaching/people.html", workshop=event.named(given), form=form, refused=refused, **steps.staff(given)
    )
