"""Changing events and bookings: one function per thing a person can do. Signatures first, bodies follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from app.access.policy import Role, Sensitivity
from app.catalogue.domain.items import Level
from app.workshops.domain.events import Format, SessionKind, WorkshopKind
from app.workshops.domain.seats import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session as it is written: local day and times, titles by language."""

    kind: SessionKind
    day: date
    starts: time
    ends: time
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorkshop:
    """An event as it is written. Texts by language, English among them; `practise` has one thing a line."""

    code: str
    kind: WorkshopKind
    sensitivity: Sensitivity
    host_country: str
    form: Format
    time_zone: str
    booking_until: date
    capacity: int
    languages: tuple[str, ...]
    sessions: tuple[NewSession, ...]
    outcomes: tuple[tuple[str, Level], ...]
    title: Mapping[str, str]
    summary: Mapping[str, str]
    practise: Mapping[str, str]
    town: str = ""
    venue: str = ""
    prerequisites: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    activity: str = ""
    attendance_share: float = 0.8


def make(new: NewWorkshop, *, by: UUID, now: datetime) -> UUID:
    """Write a draft of an event and return its id; raise DomainError for what cannot be."""
    raise NotImplementedError


def change(workshop_id: UUID, new: NewWorkshop, *, by: UUID, now: datetime) -> tuple[str, ...]:
    """Write an event anew and return the names of the fields that changed; those with a booking are told."""
    raise NotImplementedError


def appoint(workshop_id: UUID, person_id: UUID, role: Role, now: datetime) -> None:
    """Let somebody run the event (trainer) or assess in it (assessor)."""
    raise NotImplementedError


def clear(workshop_id: UUID, *, by: UUID, now: datetime) -> None:
    """Note that a second person looked at the draft."""
    raise NotImplementedError


def announce(workshop_id: UUID, *, by: UUID, now: datetime) -> None:
    """Open a cleared event for booking."""
    raise NotImplementedError


def cancel(workshop_id: UUID, *, reason: str, by: UUID, now: datetime) -> None:
    """Cancel an event that has not begun, and tell everybody with a seat or a place in the queue."""
    raise NotImplementedError


def close(workshop_id: UUID, *, by: UUID, now: datetime) -> None:
    """Close an event that was held; it is read-only from now on."""
    raise NotImplementedError


def set_capacity(workshop_id: UUID, capacity: int, *, by: UUID, now: datetime) -> tuple[UUID, ...]:
    """Change the number of seats; return who of the queue got one. Nobody loses a seat."""
    raise NotImplementedError


def book(workshop_id: UUID, person_id: UUID, now: datetime) -> Placement:
    """Seat the person, or queue them, or say why neither."""
    raise NotImplementedError


def withdraw(workshop_id: UUID, person_id: UUID, now: datetime) -> UUID | None:
    """Give a seat or a place in the queue back; return who of the queue got the seat."""
    raise NotImplementedError


def derive_times_again(now: datetime) -> int:
    """Derive the UTC times of sessions to come from their local ones; return how many moved."""
    raise NotImplementedError
