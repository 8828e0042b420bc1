"""What is read of workshops and their bookings, as frozen values."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.workshops.domain import times
from app.workshops.domain.events import Format, SessionKind, WorkshopKind, WorkshopState
from app.workshops.domain.seats import BookingState


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session: local day and times, and the same in UTC."""

    id: UUID
    number: int
    kind: SessionKind
    day: date
    starts: time
    ends: time
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopLine:
    """What a list shows of an event. Days are local to `time_zone`."""

    id: UUID
    code: str
    kind: WorkshopKind
    state: WorkshopState
    sensitivity: Sensitivity
    host_country: str
    town: str
    form: Format
    time_zone: str
    first_day: date
    last_day: date
    booking_until: date
    capacity: int
    languages: tuple[str, ...]
    roles: tuple[str, ...]
    reopened_at: datetime | None

    @property
    def booking_closes_at(self) -> datetime:
        """Return the moment at which booking is over."""
        return times.end_of(self.booking_until, self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopFacts(WorkshopLine):
    """Everything but the words. `trainers` and `assessors` are those whose role reaches to this event today."""

    venue: str
    prerequisites: tuple[str, ...]
    activity: str
    attendance_share: float
    made_by: UUID
    changed_by: UUID | None
    cleared_by: UUID | None
    closed_at: datetime | None
    reason: str
    sessions: tuple[SessionFacts, ...]
    outcomes: tuple[tuple[str, Level], ...]
    trainers: frozenset[UUID]
    assessors: frozenset[UUID]

    @property
    def booking_closes_at(self) -> datetime:
        """Return the moment at which booking is over: on the day it ends, or with the start of the first session."""
        return min(times.end_of(self.booking_until, self.time_zone), self.starts_at)

    @property
    def starts_at(self) -> datetime:
        """Return the moment at which the first session starts."""
        return min(one.starts_at for one in self.sessions)

    @property
    def ends_at(self) -> datetime:
        """Return the moment at which the last session ends."""
        return max(one.ends_at for one in self.sessions)


@dataclass(frozen=True, slots=True)
class BookingLine:
    """Somebody's place: `seat` while seated, `place` (from 1) while waiting."""

    id: UUID
    workshop_id: UUID
    person_id: UUID
    state: BookingState
    seat: int | None
    queued: int
    place: int | None
    booked_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """An event with one's own booking of it."""

    workshop: WorkshopLine
    booking: BookingLine


@dataclass(frozen=True, slots=True)
class EventLine:
    """What the plan counts of an event; `closed_on` is a UTC date."""

    id: UUID
    kind: WorkshopKind
    host_country: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """Whether somebody with a seat was at a session; None: no mark yet."""

    session_id: UUID
    session_day: date
    person_id: UUID
    attended: bool | None


def line_columns(row: Any) -> dict[str, Any]:
    """Return what a row of the events' table gives to a WorkshopLine."""
    return {
        "id": row.id,
        "code": row.code,
        "kind": row.kind,
        "state": row.state,
        "sensitivity": row.sensitivity,
        "host_country": row.host_country,
        "town": row.town,
        "form": row.form,
        "time_zone": row.time_zone,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "booking_until": row.booking_until,
        "capacity": row.capacity,
        "languages": tuple(row.languages.split()),
        "roles": tuple(row.roles.split()),
        "reopened_at": row.reopened_at,
    }


def booking_line(row: Any) -> BookingLine:
    """Return a booking; the row has `ahead`, the number of those who wait up to this place."""
    return BookingLine(
        id=row.booking_id,
        workshop_id=row.workshop_id,
        person_id=row.person_id,
        state=row.booking_state,
        seat=row.seat,
        queued=row.queued,
        place=row.ahead if row.booking_state is BookingState.WAITING else None,
        booked_at=row.booked_at,
        changed_at=row.changed_at,
    )
