"""Visa and travel of a participant as dates: the next step, its last day, the days left, and warnings.

The number of weeks before the event follows `workshops.md` 3: confirm at T-6, reallocate at T-3.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.kernel.errors import DomainError

ASK_BEFORE = timedelta(weeks=6)  # the visa is requested
RECEIVE_BEFORE = timedelta(weeks=2)  # the visa is there
BOOK_BEFORE = timedelta(weeks=3)  # the travel dates are known
SOON = 7  # days left that are shown as a warning
EARLIEST = timedelta(days=30)  # arrival before, departure after the event


class Visa(StrEnum):
    NEEDED = "needed"
    NOT_NEEDED = "not_needed"


class TravelStep(StrEnum):
    """What is to be done next."""

    SAY_IF_VISA = "say_if_visa"
    ASK_FOR_VISA = "ask_for_visa"
    RECEIVE_VISA = "receive_visa"
    SET_TRAVEL = "set_travel"
    WAIT_FOR_DAYS = "wait_for_days"  # the event is postponed and has no new days
    READY = "ready"


class TravelWarning(StrEnum):
    LATE = "late"  # the last day of the next step has passed
    SOON = "soon"
    ARRIVES_LATE = "arrives_late"  # after the first day
    LEAVES_EARLY = "leaves_early"  # before the last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Visa and travel dates of a participant; no passport number, no amount, no flight."""

    visa: Visa | None = None  # None: not answered
    visa_asked_on: date | None = None
    visa_received_on: date | None = None
    arrives_on: date | None = None
    departs_on: date | None = None


@dataclass(frozen=True, slots=True)
class EventDays:
    """The first and the last day of an event; while it is postponed, they do not count and no step has a last day.

    Without `has_days` they are those of before.
    """

    first: date
    last: date
    is_postponed: bool = False
    has_days: bool = True


@dataclass(frozen=True, slots=True)
class TravelStatus:
    """The next step with its last day (None when all is done), the days left, and warnings."""

    step: TravelStep
    until: date | None
    days_left: int | None
    warnings: tuple[TravelWarning, ...]

    @property
    def order(self) -> tuple[bool, int]:
        """Return the key of a list: the fewest days left first, those who are ready last."""
        return (self.days_left is None, self.days_left or 0)


NO_TRAVEL = Travel()
NO_LETTER = DomainError("This event is postponed and has no days. A letter can be made when it has new ones.")
NO_JOURNEY = DomainError("This event is postponed and has no days. Enter travel dates when it has new ones.")


def status(travel: Travel, event: EventDays, today: date) -> TravelStatus:
    """Return what is next for a participant."""
    step = next_step(travel, event)
    until = last_day(step, event)
    days_left = None if until is None else (until - today).days
    return TravelStatus(step, until, days_left, (*_of_time(days_left), *_of_dates(travel, event)))


def next_step(travel: Travel, event: EventDays) -> TravelStep:
    """Return what is to be done next."""
    if travel.visa is None:
        return TravelStep.SAY_IF_VISA
    return _step_on_days(travel) if event.has_days else TravelStep.WAIT_FOR_DAYS


def _step_on_days(travel: Travel) -> TravelStep:
    """Return the next step of a participant of whom it is known whether a visa is needed."""
    if travel.visa is Visa.NEEDED and travel.visa_received_on is None:
        return TravelStep.ASK_FOR_VISA if travel.visa_asked_on is None else TravelStep.RECEIVE_VISA
    if travel.arrives_on is None or travel.departs_on is None:
        return TravelStep.SET_TRAVEL
    return TravelStep.READY


def last_day(step: TravelStep, event: EventDays) -> date | None:
    """Return the last day for a step; None when all is done or the event is postponed."""
    before = {
        TravelStep.SAY_IF_VISA: ASK_BEFORE,
        TravelStep.ASK_FOR_VISA: ASK_BEFORE,
        TravelStep.RECEIVE_VISA: RECEIVE_BEFORE,
        TravelStep.SET_TRAVEL: BOOK_BEFORE,
    }
    return event.first - before[step] if step in before and not event.is_postponed else None


def _of_time(days_left: int | None) -> tuple[TravelWarning, ...]:
    if days_left is None or days_left > SOON:
        return ()
    return (TravelWarning.LATE if days_left < 0 else TravelWarning.SOON,)


def _of_dates(travel: Travel, event: EventDays) -> tuple[TravelWarning, ...]:
    if event.is_postponed:
        return ()
    late = travel.arrives_on is not None and travel.arrives_on > event.first
    early = travel.departs_on is not None and travel.departs_on < event.last
    return (*((TravelWarning.ARRIVES_LATE,) if late else ()), *((TravelWarning.LEAVES_EARLY,) if early else ()))


def with_saved_journey(travel: Travel, saved: Travel) -> Travel:
    """Return visa dates with the saved arrival and departure. Raises DomainError for other travel dates.

    For an event without days, whose form does not ask for travel dates.
    """
    journey = (saved.arrives_on, saved.departs_on)
    if (travel.arrives_on, travel.departs_on) not in {(None, None), journey}:
        raise NO_JOURNEY
    return replace(travel, arrives_on=saved.arrives_on, departs_on=saved.departs_on)


def checked(travel: Travel, event: EventDays, today: date) -> Travel:
    """Return the dates without a visa that is not needed. Raises DomainError for dates that cannot be."""
    if travel.visa is not Visa.NEEDED:
        travel = Travel(visa=travel.visa, arrives_on=travel.arrives_on, departs_on=travel.departs_on)
    _check_visa(travel, today)
    _check_days(travel, event)
    return travel


def _check_visa(travel: Travel, today: date) -> None:
    asked, received = travel.visa_asked_on, travel.visa_received_on
    if any(day is not None and day > today for day in (asked, received)):
        raise DomainError("Enter the visa dates when they have passed.")
    if received is not None and (asked is None or received < asked):
        raise DomainError("A visa is received after it was requested. Correct the dates.")


def _check_days(travel: Travel, event: EventDays) -> None:
    arrives, departs = travel.arrives_on, travel.departs_on
    if arrives is not None and departs is not None and departs < arrives:
        raise DomainError("The departure is before the arrival. Correct the dates.")
    first, last = event.first - EARLIEST, event.last + EARLIEST
    if any(day is not None and not first <= day <= last for day in (arrives, departs)):
        raise DomainError("A travel date is more than 30 days from the event. Correct the dates.")
