"""Frozen values of events, sessions and bookings; the public interface for `home` and `plan`."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.workshops.domain import events, times
from app.workshops.domain.allocation import CountedAs, SeatSource
from app.workshops.domain.events import EnrolmentMode, Format, SessionKind, WorkshopKind, WorkshopState
from app.workshops.domain.nominations import EventDeadlines, LanguageLevel, NominationState, UseTime
from app.workshops.domain.phases import EventTimes, NominationRules
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
    room: str = ""  # room and link are for people with a seat and staff alone
    link: str = ""
    language: str = ""  # empty: the working language of the event


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopLine:
    """An event as a line of a list. Days are local to `time_zone`."""

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
    enrolment: EnrolmentMode = EnrolmentMode.OPEN
    nomination_opens: date | None = None  # None: open enrolment
    nomination_deadline: date | None = None
    earlier_days: tuple[date, date] | None = None  # before the last move or postponement

    @property
    def has_days(self) -> bool:
        """Return whether the event takes place on its days: a postponed one has none until it gets new ones."""
        return events.has_days(self.state, (self.first_day, self.last_day), self.earlier_days)

    @property
    def booking_closes_at(self) -> datetime:
        """Return the moment at which booking is over."""
        return times.end_of(self.booking_until, self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopFacts(WorkshopLine):
    """An event without its texts. `trainers` and `assessors` have an assignment to this event today."""

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
    competencies: tuple[str, ...] = ()  # needed before, such as ONL-07:foundation
    nomination: NominationRules | None = None  # of a nominated event
    postponed_reason: str = ""  # of a postponed event, for its participants

    @property
    def times(self) -> EventTimes:
        """Return what the phase of the event depends on."""
        return EventTimes(
            state=self.state,
            enrolment=self.enrolment,
            time_zone=self.time_zone,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            nomination_opens=self.nomination.opens if self.nomination else None,
            nomination_deadline=self.nomination.deadline if self.nomination else None,
        )

    @property
    def booking_closes_at(self) -> datetime:
        """Return the end of booking: the end of its last day, or the start of the first session if earlier."""
        return min(times.end_of(self.booking_until, self.time_zone), self.starts_at)

    @property
    def starts_at(self) -> datetime:
        """Return the moment at which the first session starts."""
        return min(session.starts_at for session in self.sessions)

    @property
    def ends_at(self) -> datetime:
        """Return the moment at which the last session ends."""
        return max(session.ends_at for session in self.sessions)

    def has_ended(self, now: datetime) -> bool:
        """Return whether the last session is over; the sessions of an event without days are not."""
        return self.has_days and now >= self.ends_at


@dataclass(frozen=True, slots=True)
class BookingLine:
    """A booking: `seat` while seated, `position` (from 1) while waiting.

    `admission_reason`: why the person was admitted without a requirement, for the staff of the event alone.
    """

    id: UUID
    person_id: UUID
    state: BookingState
    seat: int | None
    queued: int
    position: int | None
    changed_at: datetime
    admission_reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """An event with the actor's booking."""

    workshop: WorkshopLine
    booking: BookingLine


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as the plan counts it; `closed_on` is a UTC date."""

    id: UUID
    kind: WorkshopKind
    host_country: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """The attendance of a seated person at a session; `attended` is None without a mark."""

    session_id: UUID
    session_day: date
    person_id: UUID
    attended: bool | None


def line_columns(row: Any) -> dict[str, Any]:
    """Return the values of a WorkshopLine from a row of the table `workshop`."""
    names = {field.name for field in fields(WorkshopLine)} - {"earlier_days"}
    return {name: getattr(row, name) for name in names} | {
        "languages": tuple(row.languages.split()),
        "roles": tuple(row.roles.split()),
        "earlier_days": earlier_days(row),
    }


def booking_line(row: Any) -> BookingLine:
    """Return a booking; the column `ahead` is the position on the waiting list."""
    return BookingLine(
        id=row.booking_id,
        person_id=row.person_id,
        state=row.booking_state,
        seat=row.seat,
        queued=row.queued,
        position=row.ahead if row.booking_state is BookingState.WAITING else None,
        changed_at=row.changed_at,
        admission_reason=row.admission_reason,
    )


def earlier_days(row: Any) -> tuple[date, date] | None:
    """Return the days before the last move or postponement from a row of the table `workshop`."""
    if row.earlier_first_day is None or row.earlier_last_day is None:
        return None
    return row.earlier_first_day, row.earlier_last_day


def has_days(row: Any) -> bool:
    """Return whether an event, a row of the table `workshop`, takes place on its days."""
    return events.has_days(row.state, (row.first_day, row.last_day), earlier_days(row))


def nomination_rules(row: Any) -> NominationRules | None:
    """Return the rules of a nominated event from a row of the table `workshop`, None for open enrolment."""
    if row.nomination_opens is None or row.nomination_deadline is None:
        return None
    return NominationRules(
        opens=row.nomination_opens,
        deadline=row.nomination_deadline,
        reallocation=row.reallocation_date,
        guaranteed=row.guaranteed,
        countries=tuple(row.invited_countries.split()),
        offer_days=row.offer_days,
        unanswered=row.unanswered,
        minimum=row.minimum,
        decide_by=row.decide_by,
        withdraw_by=row.withdraw_by,
        observers=row.observers,
    )


@dataclass(frozen=True, slots=True)
class NominationScope:
    """Whose nomination it is, for the policy: the officer, the country, the supervisors of the officer today."""

    person_id: UUID
    country: str
    supervisors: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNomination:
    """A nomination as the nominee sees it; `waiting_place` from 1, None for people who do not wait."""

    id: UUID
    workshop_id: UUID
    person_id: UUID
    state: NominationState
    rank: int | None
    use_time: UseTime | None
    language_level: LanguageLevel | None
    aim: str
    counted_as: CountedAs | None
    nominated_at: datetime | None
    decision_reason: str
    offered_until: datetime | None
    seat_source: SeatSource | None
    is_admitted: bool  # in spite of a missing requirement
    waiting_place: int | None


@dataclass(frozen=True, slots=True)
class OwnNominationLine:
    """An event to come with the actor's nomination and what its next step depends on."""

    workshop: WorkshopLine
    nomination: OwnNomination
    deadlines: EventDeadlines
    has_supervisor: bool
