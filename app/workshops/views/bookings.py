"""Views for practitioners at /workshops: list, event, booking and withdrawal, calendar file, certificate."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.learning.queries import course_titles as learning_pages
from app.web.pages import render
from app.web.request_state import request_state
from app.web.settings import settings
from app.workshops import labels
from app.workshops.domain.attendance import is_earned
from app.workshops.domain.nominations import LanguageLevel
from app.workshops.domain.seats import (
    AlreadyBooked,
    BookingClosed,
    BookingState,
    CompetenciesMissing,
    LanguageMissing,
    OtherEvent,
    Placement,
    PrerequisitesMissing,
    Refusal,
    RoleMismatch,
    Seat,
    WaitingListPlace,
)
from app.workshops.forms import list_filters
from app.workshops.forms.interest import BookingForm
from app.workshops.pages import certificate as certificate_page, detail, listing, obstacles
from app.workshops.pages.participation import courses_missing, role_mismatch
from app.workshops.queries import bookings, eligibility, own_nominations, participants, workshops
from app.workshops.service import bookings as workshops_bookings, calendar as workshops_calendar
from app.workshops.shapes import BookingLine, OwnNominationLine, WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/workshops")
@requires(Action.SEE_WORKSHOPS)
def show_workshops() -> ResponseReturnValue:
    """Show the user's own events, and future events by month."""
    countries = accounts.countries()
    chosen = list_filters.filters(request.args, countries)
    return render(listing.page(actor(), chosen, countries, _own_nominations(), clock.now()))


@bp.get("/workshops/<uuid:workshop_id>")
@requires(Action.READ_WORKSHOP, load=workshops.visible)
def show_workshop(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show an event and the user's participation."""
    return _event_page(workshop)


@bp.post("/workshops/<uuid:workshop_id>/booking")
@requires(Action.BOOK_SEAT, load=workshops.visible)
def book(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Book a seat, or join the waiting list; a repeated request changes nothing."""
    level = LanguageLevel.NONE
    if eligibility.asks_language(workshop.languages, actor().id):
        form = BookingForm(request.form)
        if not form.validate():
            return _event_page(workshop, form), 422
        level = LanguageLevel(form.language_level.data)
    with transaction():
        placement = workshops_bookings.book(workshop_id, actor().id, clock.now(), level)
    is_booked = isinstance(placement, Seat | WaitingListPlace | AlreadyBooked)
    flash(_placement_message(placement), "message" if is_booked else "warning")
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/withdrawal")
@requires(Action.WITHDRAW_BOOKING, load=bookings.own_booking)
def withdraw(_booking: BookingLine, workshop_id: UUID) -> ResponseReturnValue:
    """Withdraw the user's booking, also of an event that the user may no longer read."""
    with transaction():
        workshops_bookings.withdraw(workshop_id, actor().id, clock.now())
    flash(_("You have withdrawn from this event."))
    try:
        workshops.visible(actor(), workshop_id)
    except NoResultFound:
        return redirect(url_for("workshops.show_workshops"))
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.get("/workshops/<uuid:workshop_id>/calendar.ics")
@requires(Action.READ_WORKSHOP, load=workshops.visible)
def calendar(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Send the dates as a calendar file to a seated user; the file contains no title and no location."""
    _seat(workshop_id)
    content = workshops_calendar.calendar(workshop, title=settings().mail.name, now=clock.now())
    response = Response(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return response


@bp.get("/workshops/<uuid:workshop_id>/certificate")
@requires(Action.READ_WORKSHOP, load=workshops.visible)
def certificate(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the user's certificate of attendance to print; 404 if it was not earned."""
    booking = _seat(workshop_id)
    rate = _attendance_rate(workshop, booking)
    return render(certificate_page.page(workshop, booking, attendance_rate=rate, now=clock.now()))


def _event_page(workshop: WorkshopFacts, form: BookingForm | None = None) -> str:
    booking = bookings.booking_of(workshop.id, actor().id)
    rate = _attendance_rate(workshop, booking)
    return render(detail.page(actor(), workshop, booking, attendance_rate=rate, form=form, now=clock.now()))


def _own_nominations() -> Sequence[OwnNominationLine]:
    """Return the user's nominations for events to come; the count costs no statement of its own."""
    count, request_state().unread = own_nominations.counted_with_unread(actor())
    return own_nominations.to_come(actor(), clock.now()) if count else ()


def _seat(workshop_id: UUID) -> BookingLine:
    """Return the user's booking with a seat, or raise NoResultFound."""
    booking = bookings.booking_of(workshop_id, actor().id)
    if booking is None or booking.state is not BookingState.SEATED:
        raise NoResultFound
    return booking


def _attendance_rate(workshop: WorkshopFacts, booking: BookingLine | None) -> float | None:
    """Return the user's rate of attended sessions after the event, or None while too little is recorded."""
    if booking is None or booking.state is not BookingState.SEATED or clock.now() < workshop.ends_at:
        return None
    rate = participants.attendance_rate_of(booking.id)
    if rate is None or is_earned(rate, workshop.attendance_share):
        return rate
    # a session without recorded attendance counts as missed: a low rate is shown only when all sessions have marks
    return rate if len(participants.marked_sessions(workshop.id)) == len(workshop.sessions) else None


def _placement_message(placement: Placement) -> str:
    match placement:
        case Seat():
            return _("You have a seat. Put the dates into your calendar.")
        case WaitingListPlace(position):
            return _("You are on the waiting list, place %(n)s.", n=position)
        case AlreadyBooked(state):
            return _existing_booking_message(state)
        case BookingClosed():
            return _("Booking is over.")
        case PrerequisitesMissing() | RoleMismatch() | CompetenciesMissing() | LanguageMissing() | OtherEvent():
            return _refusal_message(placement)
        case _:
            assert_never(placement)


def _refusal_message(refusal: Refusal) -> str:
    match refusal:
        case PrerequisitesMissing(courses):
            return _missing_courses_message(courses)
        case RoleMismatch(roles):
            return role_mismatch(labels.audience(roles))
        case CompetenciesMissing(competencies):
            return obstacles.competencies_missing(competencies)
        case LanguageMissing(languages):
            remedy = _("Ask your contact point about interpretation, or change your answer.")
            return " ".join((obstacles.language_missing(languages), remedy))
        case OtherEvent(events):
            return obstacles.other_event(events)
        case _:
            assert_never(refusal)


def _existing_booking_message(state: BookingState) -> str:
    return _("You have a seat already.") if state is BookingState.SEATED else _("You are on the waiting list.")


def _missing_courses_message(codes: Sequence[str]) -> str:
    titles = learning_pages.titles(actor())
    return courses_missing([f"{code} {titles.get(code, '')}".strip() for code in codes])
