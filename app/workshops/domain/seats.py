"""Seats and queue of an event with open enrolment: first come, first served."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import count, islice
from typing import TypeVar

from app.kernel.errors import IllegalMoveError
from app.workshops.domain.events import is_for

T = TypeVar("T")


class BookingState(StrEnum):
    WAITING = "waiting"
    SEATED = "seated"
    WITHDRAWN = "withdrawn"


class BookingStep(StrEnum):
    PROMOTE = "promote"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[BookingState, BookingStep], BookingState] = {
    (BookingState.WAITING, BookingStep.PROMOTE): BookingState.SEATED,
    (BookingState.WAITING, BookingStep.WITHDRAW): BookingState.WITHDRAWN,
    (BookingState.SEATED, BookingStep.WITHDRAW): BookingState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Seating:
    """What the giving of seats needs to know of an event; `is_open` when it is announced."""

    capacity: int
    seats_taken: frozenset[int]
    queue_length: int
    is_open: bool
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class WaitingListPlace:
    """A place in the queue, from 1."""

    place: int


@dataclass(frozen=True, slots=True)
class BookingClosed:
    """Booking is over, or the event is not open for it."""


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """There is a live booking: a second press changes nothing."""

    state: BookingState


@dataclass(frozen=True, slots=True)
class PrerequisitesMissing:
    """Courses that are needed before, by code."""

    courses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleMismatch:
    """Roles of the framework that the event is for; the person has none of them."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a person lacks for an event: one of these roles of the framework, these courses by code."""

    roles: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is lacking."""
        return bool(self.roles or self.courses)


NO_SHORTFALL = Shortfall()
Placement = Seat | WaitingListPlace | BookingClosed | AlreadyBooked | PrerequisitesMissing | RoleMismatch


def after(state: BookingState, step: BookingStep) -> BookingState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError(f"A booking that is {state} cannot {step}.") from None


def shortfall(
    named: Sequence[str], needed: Sequence[str], *, roles: Collection[str], done: Collection[str]
) -> Shortfall:
    """Return what a person with these roles and completed courses lacks for an event that names roles and courses."""
    return Shortfall(
        roles=() if is_for(named, roles) else tuple(named),
        courses=tuple(code for code in needed if code not in done),
    )


def place(
    room: Seating, *, now: datetime, mine: BookingState | None = None, lacks: Shortfall = NO_SHORTFALL
) -> Placement:
    """Give the lowest free seat; queue when full or when others wait; refuse after closing or without what is needed.

    `mine` is the state of the person's live booking, `lacks` what the event asks and the person does not have.
    """
    if mine is not None:
        return AlreadyBooked(mine)
    if not room.is_open or now >= room.closes_at:
        return BookingClosed()
    if lacks.roles:
        return RoleMismatch(lacks.roles)
    if lacks.courses:
        return PrerequisitesMissing(lacks.courses)
    free = _free(room.capacity, room.seats_taken)
    if free and not room.queue_length:
        return Seat(free[0])
    return WaitingListPlace(room.queue_length + 1)


def promotions(capacity: int, seats_taken: frozenset[int], queue: Iterable[T]) -> list[tuple[T, int]]:
    """Return who of the queue (the first in line first) gets which seat; nobody while there are too many seated.

    A capacity that was lowered takes no seat away: numbers above it stay until their people withdraw.
    """
    # seats first: the queue is read no further than there are seats
    return [(who, seat) for seat, who in zip(_free(capacity, seats_taken), queue, strict=False)]


def _free(capacity: int, seats_taken: frozenset[int]) -> list[int]:
    """Return the numbers that can be given out, the lowest first."""
    left = max(0, capacity - len(seats_taken))
    return list(islice((number for number in count(1) if number not in seats_taken), left))
