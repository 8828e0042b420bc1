"""Rules of booking: states of a booking, requirements, seats and the waiting list (first come, first served)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import count, islice
from typing import TypeVar

from app.kernel.errors import IllegalMoveError

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
class SeatSituation:
    """The seats of an event for the decision about a booking; `is_open` if it is announced."""

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
    """A position on the waiting list, from 1."""

    position: int


@dataclass(frozen=True, slots=True)
class BookingClosed:
    """The booking deadline has passed, or the event is not open for booking."""


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """A live booking exists: a repeated request changes nothing."""

    state: BookingState


@dataclass(frozen=True, slots=True)
class PrerequisitesMissing:
    """The codes of courses that the person must complete first."""

    courses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleMismatch:
    """Roles of the framework that the event is for; the person has none of them."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompetenciesMissing:
    """The competencies, such as ONL-07:foundation, of which the person has no valid verification."""

    competencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """The codes of other events on the same days in which the person has a seat."""

    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageMissing:
    """The languages of the event, of which the person follows none."""

    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a person lacks for an event: a role, courses, competencies, a language; `events` overlap with it."""

    roles: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether the person lacks anything."""
        return bool(self.roles or self.courses or self.competencies or self.events or self.languages)


NO_SHORTFALL = Shortfall()
Refusal = RoleMismatch | PrerequisitesMissing | CompetenciesMissing | LanguageMissing | OtherEvent
Placement = Seat | WaitingListPlace | BookingClosed | AlreadyBooked | Refusal


def state_after(state: BookingState, step: BookingStep) -> BookingState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError(f"A booking that is {state} cannot {step}.") from None


def place_booking(
    seating: SeatSituation,
    *,
    now: datetime,
    booking_state: BookingState | None = None,
    shortfall: Shortfall = NO_SHORTFALL,
) -> Placement:
    """Return the lowest free seat, a position on the waiting list if others wait or all seats are taken, or a refusal.

    `booking_state` is the state of the person's live booking, `shortfall` the requirements that the person lacks.
    """
    if booking_state is not None:
        return AlreadyBooked(booking_state)
    if not seating.is_open or now >= seating.closes_at:
        return BookingClosed()
    return _unmet_requirement(shortfall) or _next_placement(seating)


def _unmet_requirement(shortfall: Shortfall) -> Refusal | None:
    """Return the first refusal: what the person can change least comes first."""
    if shortfall.roles:
        return RoleMismatch(shortfall.roles)
    if shortfall.courses:
        return PrerequisitesMissing(shortfall.courses)
    if shortfall.competencies:
        return CompetenciesMissing(shortfall.competencies)
    if shortfall.languages:
        return LanguageMissing(shortfall.languages)
    return OtherEvent(shortfall.events) if shortfall.events else None


def _next_placement(seating: SeatSituation) -> Seat | WaitingListPlace:
    free = _free(seating.capacity, seating.seats_taken)
    if free and not seating.queue_length:
        return Seat(free[0])
    return WaitingListPlace(seating.queue_length + 1)


def promotions(capacity: int, seats_taken: frozenset[int], queue: Iterable[T]) -> list[tuple[T, int]]:
    """Return the next entries of the waiting list, each with a free seat; none while the event is overbooked.

    A lower capacity removes no seat: numbers above it stay until their participants withdraw.
    """
    # seats first: the waiting list is read only as far as there are seats
    return [(entry, seat) for seat, entry in zip(_free(capacity, seats_taken), queue, strict=False)]


def _free(capacity: int, seats_taken: frozenset[int]) -> list[int]:
    """Return the free seat numbers, the lowest first."""
    left = max(0, capacity - len(seats_taken))
    return list(islice((number for number in count(1) if number not in seats_taken), left))
