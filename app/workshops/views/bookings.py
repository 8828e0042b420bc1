"""Pages of events for practitioners: the list, one event, booking and withdrawing, calendar file, certificate."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires, thing
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.learning.queries import course_titles as learning_pages
from app.web.settings import settings
from app.workshops import labels
from app.workshops.domain.attendance import is_earned
from app.workshops.domain.seats import (
    AlreadyBooked,
    BookingClosed,
    BookingState,
    Placement,
    PrerequisitesMissing,
    RoleMismatch,
    Seat,
    WaitingListPlace,
)
from app.workshops.forms import list_filters
from app.workshops.pages import certificate as certificate_page
from app.workshops.pages import detail, listing
from app.workshops.pages.participation import courses_missing, role_mismatch
from app.workshops.queries import bookings, participants, workshops
from app.workshops.service import bookings as workshops_bookings
from app.workshops.service import calendar as workshops_calendar
from app.workshops.shapes import BookingLine, WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/workshops")
@requires(Action.SEE_WORKSHOPS)
def show_workshops() -> ResponseReturnValue:
    """Show one's own events, and those to come by month."""
    countries = accounts.countries()
    chosen = list_filters.filters(request.args, countries)
    return render_template("workshops/workshops.html", **listing.page(actor(), chosen, countries, clock.now()))


@bp.get("/workshops/<uuid:workshop_id>")
@requires(Action.READ_WORKSHOP, of=workshops.visible)
def show_workshop(workshop_id: UUID) -> ResponseReturnValue:
    """Show an event and where one stands with it."""
    given: WorkshopFacts = thing()
    booking = bookings.booking_of(workshop_id, _me())
    values = detail.page(actor(), given, booking, share=_share(given, booking), now=clock.now())
    return render_template("workshops/workshop.html", **values)


@bp.post("/workshops/<uuid:workshop_id>/booking")
@requires(Action.BOOK_SEAT, of=workshops.visible)
def book(workshop_id: UUID) -> ResponseReturnValue:
    """Book a seat, or join the queue; a second press finds the first one's place."""
    with transaction():
        placement = workshops_bookings.book(workshop_id, _me(), clock.now())
    flash(_say(placement), "message" if isinstance(placement, Seat | WaitingListPlace | AlreadyBooked) else "warning")
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/withdrawal")
@requires(Action.WITHDRAW_BOOKING, of=bookings.own_booking)
def withdraw(workshop_id: UUID) -> ResponseReturnValue:
    """Give one's seat, or place in the queue, back: also where one may no longer read what the event is."""
    with transaction():
        workshops_bookings.withdraw(workshop_id, _me(), clock.now())
    flash(_("You have withdrawn from this event."))
    try:
        workshops.visible(actor(), workshop_id)
    except NoResultFound:
        return redirect(url_for("workshops.show_workshops"))
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.get("/workshops/<uuid:workshop_id>/calendar.ics")
@requires(Action.READ_WORKSHOP, of=workshops.visible)
def calendar(workshop_id: UUID) -> ResponseReturnValue:
    """Send the dates as a calendar file to somebody with a seat; the file says neither what nor where."""
    _seat(workshop_id)
    given: WorkshopFacts = thing()
    title = settings().mail.name
    answer = Response(workshops_calendar.calendar(given, title=title, now=clock.now()), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return answer


@bp.get("/workshops/<uuid:workshop_id>/certificate")
@requires(Action.READ_WORKSHOP, of=workshops.visible)
def certificate(workshop_id: UUID) -> ResponseReturnValue:
    """Show one's certificate of attendance, to print; there is none for too few sessions."""
    given: WorkshopFacts = thing()
    booking = _seat(workshop_id)
    values = certificate_page.page(given, booking, share=_share(given, booking), now=clock.now())
    return render_template("workshops/certificate.html", **values)


def _me() -> UUID:
    found: UUID = current_user.id
    return found


def _seat(workshop_id: UUID) -> BookingLine:
    """Return one's own booking with a seat, or raise NoResultFound."""
    booking = bookings.booking_of(workshop_id, _me())
    if booking is None or booking.state is not BookingState.SEATED:
        raise NoResultFound
    return booking


def _share(given: WorkshopFacts, booking: BookingLine | None) -> float | None:
    """Return how much of the sessions one was there, once they are over and enough is known of them."""
    if booking is None or booking.state is not BookingState.SEATED or clock.now() < given.ends_at:
        return None
    share = participants.attendance_rate_of(booking.id)
    if share is None or is_earned(share, given.attendance_share):
        return share
    # a session of which nobody has kept attendance counts as missed; to tell somebody so would be too early
    return share if len(participants.marked_sessions(given.id)) == len(given.sessions) else None


def _say(placement: Placement) -> str:
    match placement:
        case Seat():
            return _("You have a seat. Put the dates into your calendar.")
        case WaitingListPlace(place):
            return _("You are on the waiting list, place %(n)s.", n=place)
        case AlreadyBooked(state):
            return _("You have a seat already.") if state is BookingState.SEATED else _("You are on the waiting list.")
        case PrerequisitesMissing(courses):
            titles = learning_pages.titles(actor())
            return courses_missing([f"{code} {titles.get(code, '')}".strip() for code in courses])
        case RoleMismatch(roles):
            return role_mismatch(labels.audience(roles))
        case BookingClosed():
            return _("Booking is over.")
