"""Convert local day, time and IANA zone of sessions and deadlines to UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

LAST_MINUTE = time(23, 59)
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # days near the ends of the calendar have no UTC time
_NO_PLACES = frozenset({"Factory", "localtime"})


def is_zone(name: str) -> bool:
    """Return whether this is the name of an IANA time zone of a location."""
    return name in _zones()


def is_possible(day: date) -> bool:
    """Return whether an event may take place on a day."""
    return FIRST <= day <= LAST


def at(day: date, when: time, zone: str) -> datetime:
    """Return the local time in UTC; of an hour that occurs twice, the first one."""
    return datetime.combine(day, when, ZoneInfo(zone)).astimezone(UTC)


def exists(day: date, when: time, zone: str) -> bool:
    """Return whether the local time exists on that day: daylight saving time skips an hour in spring."""
    return at(day, when, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, when)


def start_of(day: date, zone: str) -> datetime:
    """Return the first moment of a day in the zone."""
    return at(day, time.min, zone)


def end_of(day: date, zone: str) -> datetime:
    """Return the end of the minute 23:59 in the zone, when a deadline given as a day has passed."""
    return at(day, LAST_MINUTE, zone) + timedelta(minutes=1)


def months(first: date, last: date) -> Iterator[date]:
    """Yield the first day of each month from the month of `first` to the month of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_PLACES
