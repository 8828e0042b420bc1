"""The phases of an event: its stored state, refined by time, and the dates of a nominated event."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.workshops.domain import times
from app.workshops.domain.events import ACTIVE, EnrolmentMode, Unanswered, WorkshopState


class Phase(StrEnum):
    """What an event is in now; the nomination phases exist for nominated events only."""

    DRAFT = "draft"
    CLEARED = "cleared"
    ANNOUNCED = "announced"
    NOMINATIONS_OPEN = "nominations_open"
    NOMINATIONS_CLOSED = "nominations_closed"
    SELECTION_MADE = "selection_made"
    SEATS_CONFIRMED = "seats_confirmed"
    RUNNING = "running"
    FINISHED = "finished"
    CLOSED = "closed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationRules:
    """How seats of a nominated event are given. Days end at 23:59 in the zone of the event.

    `countries`: the invited ones, empty for all.
    """

    opens: date
    deadline: date
    reallocation: date | None = None  # None: seats of people who do not answer are not shared again on a day
    guaranteed: int = 0  # seats for each country
    countries: tuple[str, ...] = ()
    offer_days: int = 7  # days to answer an offer
    unanswered: Unanswered = Unanswered.PASS_ON
    minimum: int = 0  # participants
    decide_by: date | None = None  # when the secretariat decides whether the event takes place
    withdraw_by: date | None = None  # after this day a cancellation needs a reason
    observers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTimes:
    """What the phase of an event depends on."""

    state: WorkshopState
    enrolment: EnrolmentMode
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    nomination_opens: date | None = None
    nomination_deadline: date | None = None

    @property
    def opens_at(self) -> datetime:
        """Return the first moment of the nominations."""
        return times.start_of(self.nomination_opens or self.starts_at.date(), self.time_zone)

    @property
    def closes_at(self) -> datetime:
        """Return the end of the nominations."""
        deadline = times.end_of(self.nomination_deadline or self.starts_at.date(), self.time_zone)
        return min(deadline, self.starts_at)


def phase(event: EventTimes, now: datetime) -> Phase:
    """Return the phase of an event."""
    if event.state not in ACTIVE:
        return Phase(event.state.value)
    if now >= event.ends_at:
        return Phase.FINISHED
    if now >= event.starts_at:
        return Phase.RUNNING
    if event.state is WorkshopState.ANNOUNCED and event.enrolment is EnrolmentMode.NOMINATED:
        return _nomination_phase(event, now)
    return Phase(event.state.value)


def _nomination_phase(event: EventTimes, now: datetime) -> Phase:
    if now < event.opens_at:
        return Phase.ANNOUNCED
    return Phase.NOMINATIONS_OPEN if now < event.closes_at else Phase.NOMINATIONS_CLOSED
