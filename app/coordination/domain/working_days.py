"""Working days and hours of the members: the weekend of each country, days ahead, when a mail may leave."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
SATURDAY_SUNDAY, FRIDAY_SATURDAY = frozenset({5, 6}), frozenset({4, 5})  # as `date.weekday` counts
WEEKENDS: Mapping[str, frozenset[int]] = {
    "AT": SATURDAY_SUNDAY,
    "AZ": SATURDAY_SUNDAY,
    "BA": SATURDAY_SUNDAY,
    "BD": FRIDAY_SATURDAY,
    "BG": SATURDAY_SUNDAY,
    "DE": SATURDAY_SUNDAY,
    "FR": SATURDAY_SUNDAY,
    "HU": SATURDAY_SUNDAY,
    "IQ": FRIDAY_SATURDAY,
    "MK": SATURDAY_SUNDAY,
    "NL": SATURDAY_SUNDAY,
    "PK": SATURDAY_SUNDAY,
    "RS": SATURDAY_SUNDAY,
}
FIRST_HOUR, LAST_HOUR = 8, 17  # local; the last one is excluded
ANSWER_DAYS = 10  # working days until an answer is wanted


def is_working_day(day: date, country: str) -> bool:
    """Return whether a day is outside the weekend of a country; of other countries: Saturday and Sunday."""
    return day.weekday() not in WEEKENDS.get(country, SATURDAY_SUNDAY)


def working_days_later(day: date, days: int, country: str) -> date:
    """Return the day that is this number of working days of a country later."""
    while days > 0:
        day += DAY
        days -= is_working_day(day, country)
    return day


def is_working_time(local: datetime, country: str) -> bool:
    """Return whether a local time is on a working day from 8 to 17."""
    return is_working_day(local.date(), country) and FIRST_HOUR <= local.hour < LAST_HOUR


def next_working_time(local: datetime, country: str) -> datetime:
    """Return a local time if it is working time, else the beginning of the next one."""
    if is_working_time(local, country):
        return local
    start = local.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    while start <= local or not is_working_day(start.date(), country):
        start += DAY
    return start
