"""Rules of the pages for one person: the greeting, what is to do first, when mails of what waits go out."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

MOST_TASKS = 5
DIGEST_WEEKDAY = 0  # Monday
DIGEST_HOUR = 7  # in the reader's own zone
NEAR = timedelta(days=3)
DAY = timedelta(days=1)


class PartOfDay(StrEnum):
    MORNING = "morning"
    DAY = "day"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, with the time by which (None: when you like)."""

    name: str
    href: str
    sub: str
    word: str
    kind: str
    lang: str
    dir: str
    by: datetime | None = None
    reason: str = ""  # in the words of whoever suggested it
    aside: str = ""  # address at which it is set aside


def part_of_day(local: datetime) -> PartOfDay:
    """Return the part of the day by the reader's own clock."""
    if local.hour < 12:
        return PartOfDay.MORNING
    return PartOfDay.DAY if local.hour < 18 else PartOfDay.EVENING


def first(tasks: Sequence[Task]) -> list[Task]:
    """Return at most five things, the nearest date first; those without a date keep their order at the end."""
    dated = [(task.by, place) for place, task in enumerate(tasks) if task.by is not None]
    return [*(tasks[place] for _by, place in sorted(dated)), *(t for t in tasks if t.by is None)][:MOST_TASKS]


def digest_is_due(local: datetime) -> bool:
    """Say whether the week's mail goes out in this hour of the reader's."""
    return local.weekday() == DIGEST_WEEKDAY and local.hour >= DIGEST_HOUR


def digest_occasion(local: datetime) -> str:
    """Return the name of the week's occasion: one mail a person and ISO week."""
    year, week, _day = local.isocalendar()
    return f"week:{year}-{week:02}"


@dataclass(frozen=True, slots=True)
class Dated:
    """Something of one person with a date: a day as pages show it, or a moment (aware)."""

    key: str
    by: date | datetime

    @property
    def mark(self) -> str:
        """Return what tells this thing with this date from any other one, and says nothing of it."""
        by = self.by.astimezone(UTC) if isinstance(self.by, datetime) else self.by
        return hashlib.sha256(f"{self.key}\0{by.isoformat()}".encode()).hexdigest()[:16]


def is_near(by: date | datetime, local: datetime) -> bool:
    """Say whether a date is not over and at most three days after today, by the reader's calendar.

    Days are counted, not hours: a change of the clocks moves nothing. A day without a time is the reader's own.
    """
    if isinstance(by, datetime):
        return by > local and by.astimezone(local.tzinfo).date() <= local.date() + NEAR
    return local.date() <= by <= local.date() + NEAR


def near_days(today: date) -> tuple[date, date]:
    """Return the first and last day that is near to any reader, wherever they are, on a UTC day."""
    return today - DAY, today + DAY + NEAR


def near_moments(now: datetime) -> tuple[datetime, datetime]:
    """Return between which moments all those are that are near to any reader."""
    return now, now + NEAR + 2 * DAY


def near_occasion(day: date) -> str:
    """Return the name of the occasion: one mail a person and day of theirs."""
    return f"waiting:{day.isoformat()}"


def near_occasions(today: date) -> list[str]:
    """Return the occasions at which anything that is near on a UTC day can have been told, whatever zones were."""
    return [near_occasion(today + DAY * n) for n in range(-NEAR.days - 3, 3)]


def near_is_due(local: datetime, said: Collection[str]) -> bool:
    """Say whether a mail of near dates may go out in this hour; `said` are the occasions that had theirs."""
    return local.hour >= DIGEST_HOUR and near_occasion(local.date()) not in said


def near_of_the_day(things: Iterable[Dated], local: datetime, said: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return the marks of those near things that the mail of the reader's day says, or will say.

    `said` are the marks of earlier mails by occasion. Each thing is said once for its date, and a mail that went
    today takes nothing more.
    """
    near = {one.mark for one in things if is_near(one.by, local)}
    today = near_occasion(local.date())
    if today in said:
        return frozenset(near.intersection(said[today]))
    return frozenset(near.difference(*said.values()))
