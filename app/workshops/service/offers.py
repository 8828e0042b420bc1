"""Offer, confirm, withdraw and replace seats of a nominated event; offers expire and pass on; under the row's lock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows
from app.db.session import db
from app.identity.queries import postings
from app.kernel.errors import DomainError
from app.workshops.domain import times
from app.workshops.domain.allocation import SeatSource
from app.workshops.domain.events import ACTIVE, EnrolmentMode, Unanswered
from app.workshops.domain.nominations import LIVE, OPEN_SEATS, NominationState, NominationStep
from app.workshops.models import Booking, Nomination, Workshop
from app.workshops.queries import nominations as queries, workshops
from app.workshops.service import bookings, nomination_steps as steps, selection
from app.workshops.service.nominations import RankedOfficer, decision_scope, new_nomination, shortened
from app.workshops.service.store import locking, nominations as store

SUBSTITUTE_UNTIL = timedelta(days=7)  # before the event: a country may replace a person


def send_offers(workshop_id: UUID, actor: Actor, now: datetime) -> int:
    """Offer their seats to all selected nominees; return how many offers are new."""
    workshop = _shared_by(workshop_id, actor, now)
    selected = store.nominations(workshop_id, (NominationState.SELECTED,))
    _offer(workshop, selected, by=actor.id, now=now)
    return len(selected)


def confirm_offer(nomination_id: UUID, person_id: UUID, now: datetime) -> Booking:
    """Confirm an offered seat: it becomes a booking. A repeated request returns the booking.

    Raises NoResultFound for the nomination of another person, and DomainError if the offer has expired.
    """
    workshop, nomination = _own(nomination_id, person_id, now)
    if nomination.state is NominationState.CONFIRMED and nomination.booking_id is not None:
        return db.session.get_one(Booking, nomination.booking_id)
    if nomination.offered_until is None or now >= nomination.offered_until:
        raise DomainError("This offer has expired.")
    if nomination.state is not NominationState.OFFERED:
        raise DomainError("No seat is offered to you.")
    booking = bookings.seat_nominee(workshop, person_id, now)
    nomination.booking_id = booking.id
    steps.take(nomination, NominationStep.CONFIRM, by=person_id, now=now)
    steps.tell_nominees(workshop, [nomination], now)
    return booking


def withdraw(nomination_id: UUID, person_id: UUID, *, reason: str = "", now: datetime) -> None:
    """Withdraw a nomination, decline an offer or give a seat back; a repeated request changes nothing.

    Raises DomainError without a reason if a seat is given back after the last day for it.
    """
    workshop, nomination = _own(nomination_id, person_id, now)
    if nomination.state not in LIVE:
        return
    if _needs_reason(workshop, nomination, now) and not reason.strip():
        raise DomainError("Say why you withdraw: the last day to withdraw without a reason has passed.")
    _release(workshop, nomination, NominationStep.WITHDRAW, by=person_id, reason=shortened(reason), now=now)


def withdraw_all(person_id: UUID, now: datetime) -> None:
    """Withdraw a person who left from the nominations of every event that has not begun."""
    for workshop_id in store.live_of_person(person_id):
        workshop = locking.lock_workshop(workshop_id)
        nomination = store.live_nomination(workshop_id, person_id)
        if nomination is not None and nomination.state in LIVE and now < locking.first_start(workshop_id):
            _release(workshop, nomination, NominationStep.WITHDRAW, by=None, reason="", now=now)


def follow_booking(workshop_id: UUID, person_id: UUID, now: datetime) -> None:
    """Withdraw the nomination of a person whose booking was withdrawn."""
    nomination = store.live_nomination(workshop_id, person_id)
    if nomination is None or nomination.state is not NominationState.CONFIRMED or nomination.booking_id is None:
        return
    workshop = locking.lock_workshop(workshop_id)
    steps.take(nomination, NominationStep.WITHDRAW, by=None, now=now)
    steps.tell_nominees(workshop, [nomination], now)


def substitute(nomination_id: UUID, officer: RankedOfficer, actor: Actor, now: datetime) -> Nomination:
    """Replace a person by another officer of the country, who gets an offer; the contact point endorses.

    Raises NoResultFound for another country, and DomainError less than seven days before the event, or if the officer
    is not eligible.
    """
    workshop = locking.lock_workshop(store.workshop_of(nomination_id))
    replaced = store.nomination(nomination_id)
    if not allows(actor, Action.NOMINATE, decision_scope(replaced, now)):
        raise NoResultFound
    if replaced.state not in OPEN_SEATS or replaced.seat_source is SeatSource.OBSERVER:
        raise DomainError("Only a person with a seat or an offer can be replaced.")
    if workshop.state not in ACTIVE or now >= locking.first_start(workshop.id) - SUBSTITUTE_UNTIL:
        raise DomainError("A person can be replaced until seven days before the event.")
    nomination = _substitute_nomination(workshop, officer, actor, now)
    _release(workshop, replaced, NominationStep.REPLACE, by=actor.id, reason="", now=now)
    nomination.seat_source = SeatSource.SUBSTITUTE
    steps.take(nomination, NominationStep.SELECT, by=actor.id, now=now)
    _offer(workshop, [nomination], by=actor.id, now=now)
    return nomination


def add_observer(workshop_id: UUID, person_id: UUID, actor: Actor, now: datetime) -> Nomination:
    """Add an observer, who takes no seat and gets no certificate; raise DomainError if the event has enough."""
    workshop = _shared_by(workshop_id, actor, now)
    if store.count_observers(workshop_id) >= workshop.observers:
        raise DomainError("This event has all its observers.")
    if store.live_nomination(workshop_id, person_id) is not None:
        raise DomainError("This person has a nomination for the event already.")
    country = postings.countries([person_id], now.date()).get(person_id, "")
    if not country:
        raise NoResultFound
    nomination = new_nomination(workshop, person_id, country, now)
    nomination.state, nomination.seat_source = NominationState.CONFIRMED, SeatSource.OBSERVER
    nomination.decided_by, nomination.decided_at = actor.id, now
    steps.begin(nomination, by=actor.id, now=now)
    steps.tell_nominees(workshop, [nomination], now)
    return nomination


def settle_offers(workshop_id: UUID, now: datetime) -> int:
    """Expire the offers of an event whose time is over, and pass seats on; return the number of expired offers.

    An expired offer passes on at once. Other free seats pass on from the day of reallocation: until then the country
    may fill them. An event that keeps asking renews its offers until that day. A second run changes nothing.
    """
    workshop = locking.lock_workshop(workshop_id)
    if workshop.state not in ACTIVE or now >= locking.first_start(workshop_id):
        return 0
    due = _due_offers(workshop_id, now)
    if workshop.unanswered is Unanswered.KEEP_ASKING and not _is_reallocated(workshop, now):
        _renew(workshop, due, now)
        return 0
    for row in due:
        steps.take(row, NominationStep.EXPIRE, by=None, now=now)
    steps.tell_nominees(workshop, due, now)
    db.session.flush()
    seats = _free_seats(workshop) if _is_reallocated(workshop, now) else len(due)
    _offer(workshop, selection.share_free_seats(workshop, seats, now), by=None, now=now)
    return len(due)


def _due_offers(workshop_id: UUID, now: datetime) -> list[Nomination]:
    offered = store.nominations(workshop_id, (NominationState.OFFERED,))
    return [row for row in offered if row.offered_until is not None and row.offered_until <= now]


def renew_offers(workshop: Workshop, now: datetime) -> frozenset[UUID]:
    """Set a new end for the open offers of an event that has a new date; return the notified people."""
    offered = store.nominations(workshop.id, (NominationState.OFFERED,))
    _renew(workshop, offered, now)
    return frozenset(nomination.person_id for nomination in offered)


def _offer(workshop: Workshop, nominations: Sequence[Nomination], *, by: UUID | None, now: datetime) -> None:
    for nomination in nominations:
        nomination.offered_until = _offered_until(workshop, now)
        steps.take(nomination, NominationStep.OFFER, by=by, now=now)
    steps.tell_nominees(workshop, nominations, now)


def _renew(workshop: Workshop, nominations: Sequence[Nomination], now: datetime) -> None:
    for nomination in nominations:
        nomination.offered_until, nomination.changed_at = _offered_until(workshop, now), now
    steps.tell_nominees(workshop, nominations, now)


def _offered_until(workshop: Workshop, now: datetime) -> datetime:
    """Return the end of an offer: the last day to answer, the day of reallocation or the start of the event."""
    today = now.astimezone(ZoneInfo(workshop.time_zone)).date()
    until = times.end_of(today + timedelta(days=workshop.offer_days), workshop.time_zone)
    limits = [until, locking.first_start(workshop.id)]
    if workshop.reallocation_date is not None and not _is_reallocated(workshop, now):
        limits.append(times.end_of(workshop.reallocation_date, workshop.time_zone))
    return min(limits)


def _is_reallocated(workshop: Workshop, now: datetime) -> bool:
    day = workshop.reallocation_date
    return day is not None and now >= times.end_of(day, workshop.time_zone)


def _free_seats(workshop: Workshop) -> int:
    rows = store.nominations(workshop.id, OPEN_SEATS)
    return workshop.capacity - sum(row.seat_source is not SeatSource.OBSERVER for row in rows)


def _release(
    workshop: Workshop, nomination: Nomination, step: NominationStep, *, by: UUID | None, reason: str, now: datetime
) -> None:
    """End a nomination and give its seat back."""
    steps.take(nomination, step, by=by, now=now, reason=reason)
    booking = locking.live_booking(workshop.id, nomination.person_id)
    if booking is not None:
        bookings.release(booking, now)
    db.session.flush()
    steps.tell_nominees(workshop, [nomination], now)


def _needs_reason(workshop: Workshop, nomination: Nomination, now: datetime) -> bool:
    day = workshop.withdraw_by
    has_seat = nomination.state is NominationState.CONFIRMED
    return has_seat and day is not None and now >= times.end_of(day, workshop.time_zone)


def _substitute_nomination(workshop: Workshop, officer: RankedOfficer, actor: Actor, now: datetime) -> Nomination:
    """Return the nomination of a substitute, nominated by the contact point or from the waiting list."""
    person_id = officer.person_id
    country = postings.countries([person_id], now.date()).get(person_id, "")
    if person_id == actor.id or country != actor.country:
        raise NoResultFound
    nomination = store.live_nomination(workshop.id, person_id)
    if nomination is None:
        nomination = new_nomination(workshop, person_id, country, now)
        steps.begin(nomination, by=actor.id, now=now)
        nomination.endorsed_by, nomination.endorsed_at = actor.id, now
        steps.take(nomination, NominationStep.ENDORSE, by=actor.id, now=now)
        nomination.nominated_by, nomination.nominated_at = actor.id, now
        nomination.nomination_reason, nomination.nomination_text = officer.reason, shortened(officer.text)
        nomination.counted_as = officer.counted_as
        steps.take(nomination, NominationStep.NOMINATE, by=actor.id, now=now)
    elif nomination.state is not NominationState.WAITLISTED:
        raise DomainError("This officer has a decision already.")
    answers: dict[UUID, Any] = {person_id: nomination.language_level}
    if not nomination.admitted_by and queries.obstacles(workshop, answers, now.date())[person_id]:
        raise DomainError("This officer lacks a requirement of the event.")
    return nomination


def _own(nomination_id: UUID, person_id: UUID, now: datetime) -> tuple[Workshop, Nomination]:
    workshop = locking.lock_workshop(store.workshop_of(nomination_id))
    nomination = store.nomination(nomination_id)
    if nomination.person_id != person_id:
        raise NoResultFound
    if workshop.state not in ACTIVE:
        raise DomainError("This event is not open.")
    bookings.check_not_begun(workshop, now)
    return workshop, nomination


def _shared_by(workshop_id: UUID, actor: Actor, now: datetime) -> Workshop:
    workshop = locking.lock_workshop(workshop_id)
    if not allows(actor, Action.SHARE_SEATS, workshops.get(workshop_id)):
        raise NoResultFound
    if workshop.enrolment is not EnrolmentMode.NOMINATED or workshop.state not in ACTIVE:
        raise DomainError("This event is not open.")
    bookings.check_not_begun(workshop, now)
    return workshop
