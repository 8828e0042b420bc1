"""Times of events: written as local day and time with an IANA zone; UTC is derived, and again when zones change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

LAST_MINUTE = time(23, 59)
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # days near the ends of the calendar have no UTC time
_NO_PLACES = frozenset({"Factory", "localtime"})


def is_zone(name: str) -> bool:
    """Say whether an IANA zone has this name: one of a place, not the machine's own."""
    return name in _zones()


def is_possible(day: date) -> bool:
    """Say whether an event may lie on a day."""
    return FIRST <= day <= LAST


def at(day: date, when: time, zone: str) -> datetime:
    """Return the moment in UTC; of an hour that comes twice, the first."""
    return datetime.combine(day, when, ZoneInfo(zone)).astimezone(UTC)


def exists(day: date, when: time, zone: str) -> bool:
    """Say whether clocks of the zone show this time on that day: in a night in spring they leave an hour out."""
    return at(day, when, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, when)


def end_of(day: date, zone: str) -> datetime:
    """Return the moment at which a deadline that is a date is over: with the minute 23:59 in the zone."""
    return at(day, LAST_MINUTE, zone) + timedelta(minutes=1)


def months(first: date, last: date) -> Iterator[date]:
    """Yield the first day of each month from that of one day to that of the other."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_PLACES
