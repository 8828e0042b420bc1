"""Read the people of an event: who takes part, and who can get a message."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select, union

from app.access.policy import Actor
from app.access.visibility import Viewer
from app.db.session import db
from app.identity.domain.alias_order import alias_key
from app.identity.queries import visible_identity
from app.workshops.domain.allocation import SeatSource
from app.workshops.domain.nominations import NominationState
from app.workshops.domain.recipients import GROUPS, EventPerson, RecipientGroup
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking, Nomination
from app.workshops.queries.bookings import LIVE

WITH_BOOKING = {BookingState.SEATED: RecipientGroup.CONFIRMED, BookingState.WAITING: RecipientGroup.WAITING}


def participants_of(workshops: Collection[UUID]) -> Select[UUID, UUID]:
    """Return the query of the confirmed participants of events, observers included: event and person."""
    seated = select(Booking.workshop_id, Booking.person_id).where(
        Booking.workshop_id.in_(workshops), Booking.state == BookingState.SEATED
    )
    observers = select(Nomination.workshop_id, Nomination.person_id).where(
        Nomination.workshop_id.in_(workshops),
        Nomination.state == NominationState.CONFIRMED,
        Nomination.seat_source == SeatSource.OBSERVER,
    )
    pairs = union(seated, observers).subquery()
    return select(pairs.c.workshop_id, pairs.c.person_id)


def participants(workshop_id: UUID) -> frozenset[UUID]:
    """Return the confirmed participants of an event, observers included."""
    return frozenset(row[1] for row in db.session.execute(participants_of([workshop_id])))


def takes_part(person_id: UUID, workshop_id: UUID) -> bool:
    """Return whether a person is a confirmed participant of an event."""
    return person_id in participants(workshop_id)


def people(actor: Actor, workshop_id: UUID, today: date) -> list[EventPerson]:
    """Return everyone who has, wants or waits for a seat, by alias, for an actor who runs the event."""
    groups = _groups(workshop_id)
    identities = visible_identity.visible_identities(actor, groups.keys(), today, Viewer.TRAINER)
    listed = [
        EventPerson(person_id, identity.alias, identity.country, groups[person_id])
        for person_id, identity in identities.items()
    ]
    return sorted(listed, key=lambda person: alias_key(person.alias))


def _groups(workshop_id: UUID) -> dict[UUID, RecipientGroup]:
    """Return the group of each person; a booking decides before a nomination."""
    nominations = select(Nomination.person_id, Nomination.state).where(
        Nomination.workshop_id == workshop_id, Nomination.state.in_(GROUPS)
    )
    bookings = select(Booking.person_id, Booking.state).where(
        Booking.workshop_id == workshop_id, Booking.state.in_(LIVE)
    )
    groups = {person_id: GROUPS[state] for person_id, state in db.session.execute(nominations)}
    return groups | {person_id: WITH_BOOKING[state] for person_id, state in db.session.execute(bookings)}
