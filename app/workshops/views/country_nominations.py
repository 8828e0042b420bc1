"""`/country/nominations`: events that take nominations of the own country; nominate, decline, replace."""

from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.competence.events import OfficersSeen
from app.db.session import record, transaction
from app.i18n.babel import words
from app.kernel import clock
from app.web import paging
from app.web.pages import render
from app.workshops.domain.nominations import BEFORE_SELECTION
from app.workshops.domain.phases import Phase, phase
from app.workshops.domain.ranking import MOST_NOMINATED
from app.workshops.forms.country_nominations import (
    DeclineNomineeForm,
    NominationInput,
    SubstituteForm,
    nomination_input,
    officer_ids,
    search_text,
)
from app.workshops.pages import country_events, country_nomination_words as text, country_nominations, country_results
from app.workshops.queries import country_nominations as queries
from app.workshops.queries.country_nominations import PAGE_SIZE, CountryEvent, CountryNomination
from app.workshops.queries.nomination_candidates import NominationCandidate
from app.workshops.service import nominations as service, offers
from app.workshops.views._blueprint import bp


@bp.get("/country/nominations")
@requires(Action.NOMINATE, of=own_scope)
def show_country_nominations() -> ResponseReturnValue:
    """Show the events that take nominations of the own country, and past ones."""
    country, now = actor().country, clock.now()
    open_events = queries.open_events(country, now)
    ids = [line.workshop.id for line in open_events]
    page = paging.requested_page(queries.count_past_events(country, ids), PAGE_SIZE)
    past = queries.past_events(country, ids, now, offset=page.offset, size=page.size)
    return render(country_events.page(actor(), open_events, past, page, chosen=officer_ids(request.args), now=now))


@bp.get("/country/nominations/<uuid:workshop_id>")
@requires(Action.NOMINATE, load=queries.event)
def show_country_nomination(event: CountryEvent, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form of the nominations while they are open, else the states of the nominees."""
    record_view()
    if not is_open(event):
        return render(country_results.page(actor(), event, clock.now()))
    entered = country_nominations.saved_input(actor(), event, officer_ids(request.args)[:MOST_NOMINATED])
    return render(country_nominations.page(actor(), event, entered, now=clock.now()))


@bp.post("/country/nominations/<uuid:workshop_id>/arrange")
@requires(Action.NOMINATE, load=queries.event)
def arrange_nominations(event: CountryEvent, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form in the entered order, with the officers of a search, without saving."""
    if not is_open(event):
        return redirect(url_for("workshops.show_country_nomination", workshop_id=workshop_id))
    record_view()
    entered = nomination_input(request.form)
    return render(country_nominations.page(actor(), event, entered, now=clock.now()))


@bp.post("/country/nominations/<uuid:workshop_id>")
@requires(Action.NOMINATE, load=queries.event)
def nominate(event: CountryEvent, workshop_id: UUID) -> ResponseReturnValue:
    """Nominate the ticked officers in their order, and take back the others."""
    entered, saved = nomination_input(request.form), _saved_order(event)
    error = _error(entered, saved)
    if error:
        record_view()
        entered = replace(entered, before=saved.before)
        return render(country_nominations.page(actor(), event, entered, error=error, now=clock.now())), 422
    with transaction():
        ranked = service.nominate(workshop_id, entered.officers, actor(), clock.now())
        message = _message(event, len(ranked))
    flash(message)
    return redirect(url_for("workshops.show_country_nomination", workshop_id=workshop_id))


@bp.get("/country/nominations/<uuid:workshop_id>/<uuid:nomination_id>/decline")
@requires(Action.NOMINATE, load=queries.nomination)
def confirm_decline_of_nominee(
    loaded: CountryNomination, workshop_id: UUID, nomination_id: UUID
) -> ResponseReturnValue:
    """Ask for the reason before an officer is declined."""
    if not _is_declinable(loaded):
        return _back(_("This nomination can no longer be declined."), workshop_id)
    record_view()
    return render(country_results.decline_page(actor(), loaded, DeclineNomineeForm()))


@bp.post("/country/nominations/<uuid:workshop_id>/<uuid:nomination_id>/decline")
@requires(Action.NOMINATE, load=queries.nomination)
def decline_nominee(loaded: CountryNomination, workshop_id: UUID, nomination_id: UUID) -> ResponseReturnValue:
    """Decline an officer with a reason, which the officer reads."""
    form = DeclineNomineeForm(request.form)
    if not form.validate():
        return render(country_results.decline_page(actor(), loaded, form)), 422
    with transaction():
        service.decline(nomination_id, actor(), reason=form.reason.data or "", now=clock.now())
    flash(_("Declined. The officer sees the reason."))
    return redirect(url_for("workshops.show_country_nomination", workshop_id=workshop_id))


@bp.get("/country/nominations/<uuid:workshop_id>/<uuid:nomination_id>/substitute")
@requires(Action.NOMINATE, load=queries.nomination)
def confirm_substitute(loaded: CountryNomination, workshop_id: UUID, nomination_id: UUID) -> ResponseReturnValue:
    """Show the officers who can replace a person."""
    if not country_results.can_replace(loaded.event, loaded.line, clock.now()):
        return _back(_("This officer can no longer be replaced."), workshop_id)
    record_view()
    form, search = SubstituteForm(), search_text(request.args)
    return _substitute_page(loaded, form, _offer(form, loaded, search), search)


@bp.post("/country/nominations/<uuid:workshop_id>/<uuid:nomination_id>/substitute")
@requires(Action.NOMINATE, load=queries.nomination)
def substitute_nominee(loaded: CountryNomination, workshop_id: UUID, nomination_id: UUID) -> ResponseReturnValue:
    """Replace a person by another officer of the country, who gets an offer."""
    form, search = SubstituteForm(request.form), search_text(request.form)
    officers = _offer(form, loaded, search)
    if not form.validate():
        return _substitute_page(loaded, form, officers, search), 422
    with transaction():
        offers.substitute(nomination_id, form.chosen(), actor(), clock.now())
    flash(_("Replaced. The substitute has an offer."))
    return redirect(url_for("workshops.show_country_nomination", workshop_id=workshop_id))


def record_view() -> None:
    """Record that the user views officers of the own country, before they are shown."""
    with transaction():
        record(OfficersSeen(country=actor().country, officer=None))


def is_open(event: CountryEvent) -> bool:
    """Return whether the event takes nominations now."""
    return phase(event.workshop.times, clock.now()) is Phase.NOMINATIONS_OPEN


def _saved_order(event: CountryEvent) -> NominationInput:
    return country_nominations.saved_input(actor(), event)


def _error(entered: NominationInput, saved: NominationInput) -> str:
    """Return why the nominations are not saved, or ""."""
    if entered.before != saved.before:
        return _("The nominations were changed meanwhile. Check the order, then send it again.")
    if not entered.officers and not saved.officers:
        return _("Tick at least one officer.")
    if len(entered.officers) > MOST_NOMINATED:
        return _("Nominate at most %(most)s officers.", most=MOST_NOMINATED)
    return ""


def _message(event: CountryEvent, ranked: int) -> str:
    day = words(event.rules.deadline)
    if not ranked:
        return _("All nominations are taken back. You can nominate until %(day)s.", day=day)
    count = ngettext("%(num)s officer is ranked", "%(num)s officers are ranked", ranked)
    return _("%(count)s. You can change this until %(day)s.", count=count, day=day)


def _is_declinable(loaded: CountryNomination) -> bool:
    return loaded.line.state in BEFORE_SELECTION and is_open(loaded.event)


def _back(message: str, workshop_id: UUID) -> ResponseReturnValue:
    """Lead to the nominations of the event: a link was older than the last change."""
    flash(message, "warning")
    return redirect(url_for("workshops.show_country_nomination", workshop_id=workshop_id))


def _offer(form: SubstituteForm, loaded: CountryNomination, search: str) -> list[NominationCandidate]:
    """Set the choices of the form, and return the officers among them."""
    officers = country_results.substitutes(actor(), loaded.event, search, clock.now())
    form.offer(
        [(str(candidate.person_id), candidate.officer.alias) for candidate in officers],
        text.reasons(),
        text.counted_as(),
    )
    return officers


def _substitute_page(
    loaded: CountryNomination, form: SubstituteForm, officers: list[NominationCandidate], search: str
) -> str:
    return render(country_results.substitute_page(actor(), loaded, form, officers, search))
