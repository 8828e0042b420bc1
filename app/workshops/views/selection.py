"""Views of the selection at /workshops/<id>/selection: proposal, confirmation, offers, observers, nominees."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, Actor
from app.db.session import transaction
from app.identity.queries import people
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.domain.allocation import SEATED
from app.workshops.forms.selection import AdmissionForm, ExceptionRows, ObserverForm, read_exceptions
from app.workshops.pages import nominee, selection as pages
from app.workshops.queries import nominations as queries, selection as selection_queries, workshops
from app.workshops.queries.nominations import NominationLine
from app.workshops.service import nominations, offers, results, selection
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp


def nominated_event(actor: Actor, workshop_id: UUID) -> WorkshopFacts:
    """Return a nominated event that the actor runs, or raise NoResultFound."""
    workshop = workshops.run_by(actor, workshop_id)
    if workshop.nomination is None:
        raise NoResultFound
    return workshop


@bp.get("/workshops/<uuid:workshop_id>/selection")
@requires(Action.SHARE_SEATS, load=nominated_event)
def show_selection(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the selection of an event by the rule."""
    return _page(workshop)


@bp.post("/workshops/<uuid:workshop_id>/selection/proposal")
@requires(Action.SHARE_SEATS, load=nominated_event)
def preview_selection(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the proposal with the exceptions of the form; nothing is stored."""
    return _page(workshop, _exceptions(workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/selection")
@requires(Action.SHARE_SEATS, load=nominated_event)
def confirm_selection(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Share the seats as proposed; show the new proposal if its input has changed."""
    rows = _exceptions(workshop_id)
    if rows.problems:
        return _page(workshop, rows), 422
    try:
        with transaction():
            decisions = selection.confirm_selection(
                workshop_id,
                actor(),
                fingerprint=request.form.get("fingerprint", ""),
                exceptions=rows.exceptions,
                now=clock.now(),
            )
    except DomainError as error:
        if not pages.is_proposed(workshop, clock.now()):
            raise
        return _page(workshop, rows, message=error.translated(_)), 422
    seats = sum(decision.reason in SEATED for decision in decisions)
    flash(ngettext("Selection confirmed: %(num)s seat. Now send the offers.",
                   "Selection confirmed: %(num)s seats. Now send the offers.", seats))  # fmt: skip
    return _back(workshop_id)


@bp.post("/workshops/<uuid:workshop_id>/selection/offers")
@requires(Action.SHARE_SEATS, load=nominated_event)
def send_offers(_workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Offer their seats to the selected nominees."""
    with transaction():
        number = offers.send_offers(workshop_id, actor(), clock.now())
    flash(ngettext("%(num)s offer sent.", "%(num)s offers sent.", number))
    return _back(workshop_id)


@bp.post("/workshops/<uuid:workshop_id>/selection/observers")
@requires(Action.SHARE_SEATS, load=nominated_event)
def add_observer(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Add an observer by alias."""
    form = ObserverForm(request.form)
    person_id = people.person_by_alias((form.alias.data or "").strip()) if form.validate() else None
    if person_id is None:
        if not form.errors:
            form.alias.errors = [_("No account has this alias. Check it, with its number.")]
        return _page(workshop, observer=form), 422
    try:
        with transaction():
            offers.add_observer(workshop_id, person_id, actor(), clock.now())
    except NoResultFound:
        form.alias.errors = [_("This person does not serve in a member country.")]
        return _page(workshop, observer=form), 422
    except DomainError as error:
        form.alias.errors = [error.translated(_)]
        return _page(workshop, observer=form), 422
    flash(_("Observer added. The person gets a notice."))
    return _back(workshop_id)


@bp.get("/workshops/<uuid:workshop_id>/selection/nominees/<uuid:nomination_id>")
@requires(Action.SHARE_SEATS, load=nominated_event)
def show_nominee(workshop: WorkshopFacts, workshop_id: UUID, nomination_id: UUID) -> ResponseReturnValue:
    """Show a nominee with the decisions and their reasons."""
    line = selection_queries.nomination(workshop_id, nomination_id)
    with transaction():
        results.record_view(workshop_id, clock.now())
    return _nominee(workshop, line, AdmissionForm())


@bp.post("/workshops/<uuid:workshop_id>/selection/nominees/<uuid:nomination_id>")
@requires(Action.SHARE_SEATS, load=nominated_event)
def admit_nominee(workshop: WorkshopFacts, workshop_id: UUID, nomination_id: UUID) -> ResponseReturnValue:
    """Admit a nominee who lacks a requirement, with a reason."""
    line, form = selection_queries.nomination(workshop_id, nomination_id), AdmissionForm(request.form)
    if not form.validate():
        return _nominee(workshop, line, form), 422
    with transaction():
        nominations.admit(nomination_id, actor(), reason=form.reason.data, now=clock.now())
    flash(_("Admitted. The officer competes for a seat like the others."))
    return _back(workshop_id)


def _exceptions(workshop_id: UUID) -> ExceptionRows:
    ids = [line.id for line in queries.of_workshop(workshop_id)]
    return read_exceptions(request.form, ids, by=current_user.id)


def _page(
    workshop: WorkshopFacts,
    rows: ExceptionRows | None = None,
    *,
    observer: ObserverForm | None = None,
    message: str = "",
) -> str:
    rows, now = rows or ExceptionRows(), clock.now()
    proposal = None
    with transaction():
        results.record_view(workshop.id, now)
        if pages.is_proposed(workshop, now):
            proposal = selection.propose(workshop.id, actor(), exceptions=rows.exceptions, now=now)
    rules = workshop.nomination
    if rules is None:
        raise NoResultFound
    return render(pages.page(workshop, rules, proposal, rows, observer or ObserverForm(), message=message, now=now))


def _nominee(workshop: WorkshopFacts, line: NominationLine, form: AdmissionForm) -> str:
    return render(nominee.page(workshop, line, form, actor_id=current_user.id, now=clock.now()))


def _back(workshop_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("workshops.show_selection", workshop_id=workshop_id))
