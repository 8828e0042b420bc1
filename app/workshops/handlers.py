"""React to events: withdraw bookings of people who leave, assign the courses that an event needs."""

from app.access.policy import Role
from app.directory.events import IdentityRemoved
from app.identity.events import PersonDeactivated, RoleEnded
from app.identity.queries import roles as accounts
from app.workshops.domain.nominations import ENDED
from app.workshops.events import BookingWithdrawn, NominationChanged, SeatTaken, WorkshopStateChanged, WorkshopUpdated
from app.workshops.service import (
    admissions,
    bookings,
    commitments,
    follow_ups,
    needed_courses,
    nomination_events,
    offers,
    results,
    rubric_sheets,
    travel,
)


def on_person_deactivated(event: PersonDeactivated) -> None:
    """Withdraw the bookings and nominations of a deactivated person from events that have not begun."""
    bookings.withdraw_all(event.person_id, event.at)
    offers.withdraw_all(event.person_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete reasons about a person whose identity was removed: they may contain personal data."""
    results.delete_reasons(event.person_id)
    admissions.delete_reasons(event.person_id)
    rubric_sheets.delete_comments(event.person_id)
    nomination_events.delete_texts(event.person_id)
    travel.delete_of_departed(event.person_id)
    follow_ups.delete_texts(event.person_id)
    commitments.delete_texts(event.person_id)


def on_role_ended(event: RoleEnded) -> None:
    """Withdraw the bookings of a person who is no longer a practitioner: only practitioners have seats."""
    person_id = event.person_id
    if event.role == Role.PRACTITIONER and not accounts.practitioners([person_id], event.at.date()):
        bookings.withdraw_all(person_id, event.at)
        offers.withdraw_all(person_id, event.at)


def on_seat_taken(event: SeatTaken) -> None:
    """Assign the courses that the event needs."""
    needed_courses.assign(event.workshop_id, event.person_id, event.at)


def on_booking_withdrawn(event: BookingWithdrawn) -> None:
    """End what the event assigned to the officer, and the nomination that led to the seat."""
    offers.follow_booking(event.workshop_id, event.person_id, event.at)
    needed_courses.withdraw(event.workshop_id, event.person_id, event.at)
    travel.delete_of_person(event.workshop_id, event.person_id, event.at)


def on_nomination_changed(event: NominationChanged) -> None:
    """Delete needs and travel dates of an observer who withdraws: observers have no booking."""
    if event.state in ENDED:
        travel.delete_of_person(event.workshop_id, event.person_id, event.at)


def on_workshop_changed(event: WorkshopUpdated | WorkshopStateChanged) -> None:
    """Assign other courses or another day, or nothing more after a cancellation."""
    needed_courses.reassign(event.workshop_id, event.at)
