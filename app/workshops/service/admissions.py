"""Admit officers who lack a requirement to events with open enrolment, with a reason, under the lock of the event."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app.access.policy import Sensitivity
from app.db.session import db, record
from app.identity.queries import roles
from app.kernel.errors import DomainError
from app.workshops.domain.events import EnrolmentMode
from app.workshops.domain.seats import BookingState
from app.workshops.events import OfficerAdmitted
from app.workshops.models import Booking, Workshop
from app.workshops.service import bookings
from app.workshops.service.store import locking

REASON = 300
DELETED = "-"  # a booking with an admission always has a reason


def admit(workshop_id: UUID, person_id: UUID, *, by: UUID, reason: str, now: datetime) -> BookingState:
    """Book for an officer in spite of missing requirements, and return whether the officer has a seat or waits.

    Raises DomainError without a reason, for the own account, after the end of booking, for an event whose seats are
    shared among countries, and for a person who may not read the event.
    """
    workshop = locking.lock_workshop(workshop_id)
    _check(workshop, person_id, by=by, reason=reason, now=now)
    booking = locking.live_booking(workshop_id, person_id)
    if booking is not None and booking.state is BookingState.SEATED:
        raise DomainError("This officer has a seat already.")
    if booking is None:
        booking = bookings.book_without_requirements(workshop, person_id, now)
    booking.admitted_by, booking.admission_reason = by, reason.strip()[:REASON]
    record(OfficerAdmitted(at=now, actor_id=by, workshop_id=workshop_id, person_id=person_id))
    db.session.flush()
    bookings.promote_waiting_list(workshop, now)
    return booking.state


def delete_reasons(person_id: UUID) -> None:
    """Delete why a person was admitted to events: the reasons may contain personal data."""
    admitted = (Booking.person_id == person_id, Booking.admission_reason != "")
    db.session.execute(update(Booking).where(*admitted).values(admission_reason=DELETED))


def _check(workshop: Workshop, person_id: UUID, *, by: UUID, reason: str, now: datetime) -> None:
    if workshop.enrolment is EnrolmentMode.NOMINATED:
        raise DomainError("Countries nominate for this event. Admit the officer on the page of the nominee.")
    if person_id == by:
        raise DomainError("Another person decides about your own seat.")
    restricted = workshop.sensitivity is not Sensitivity.UNRESTRICTED
    if restricted and person_id not in roles.practitioners([person_id], now.date()):
        raise DomainError("Only verified practitioners can be admitted to this event.")
    if not reason.strip():
        raise DomainError("Say why the officer is admitted.")
