"""Rules of the start page and of reminder mails: part of the day, order of tasks, when a mail is due."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from app.coordination.domain.working_days import FIRST_HOUR, is_working_day, is_working_time

MOST_TASKS = 5
DIGEST_WEEKDAY = 0  # Monday
DIGEST_HOUR = 7  # in the person's time zone
NEAR = timedelta(days=3)
DAY = timedelta(days=1)


class PartOfDay(StrEnum):
    MORNING = "morning"
    DAY = "day"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Task:
    """A task on the start page; `by` is the deadline, None if there is none."""

    name: str
    href: str
    sub: str = ""
    word: str = ""
    kind: str = "open"
    by: datetime | None = None
    reason: str = ""  # written by the person who suggested it
    set_aside_url: str = ""  # address that sets the suggestion aside
    is_first: bool = False  # before all others: a colleague wants an answer


def part_of_day(local: datetime) -> PartOfDay:
    """Return the part of the day of a local time."""
    if local.hour < 12:
        return PartOfDay.MORNING
    return PartOfDay.DAY if local.hour < 18 else PartOfDay.EVENING


def most_urgent(tasks: Sequence[Task]) -> list[Task]:
    """Return at most five tasks: reminders, then the nearest deadline first; those without one keep their order."""
    first = [task for task in tasks if task.is_first]
    others = [task for task in tasks if not task.is_first]
    dated = sorted((task.by, n) for n, task in enumerate(others) if task.by is not None)
    return [*first, *(others[n] for _by, n in dated), *(task for task in others if task.by is None)][:MOST_TASKS]


def digest_is_due(local: datetime) -> bool:
    """Return whether the weekly mail may be sent at this local time."""
    return local.weekday() == DIGEST_WEEKDAY and local.hour >= DIGEST_HOUR


def digest_occasion(local: datetime) -> str:
    """Return the name of the occasion: one mail per person and ISO week."""
    year, week, _day = local.isocalendar()
    return f"week:{year}-{week:02}"


class DatedKind(StrEnum):
    """What a date is, which decides the text of a mail about it alone."""

    OWN = "own"
    ANSWER = "answer"  # a reminder to a contact point or supervisor
    DATE = "date"  # a reminder to an officer
    ANSWER_CAME = "answer_came"  # for the sender of a reminder


@dataclass(frozen=True, slots=True)
class Dated:
    """A task or date of a person with its deadline: a day, or an aware time.

    Mails about reminders leave on working days of `country`.
    """

    key: str
    by: date | datetime
    kind: DatedKind = DatedKind.OWN
    country: str = ""

    @property
    def fingerprint(self) -> str:
        """Return a hash of key and deadline that reveals neither."""
        by = self.by.astimezone(UTC) if isinstance(self.by, datetime) else self.by
        return hashlib.sha256(f"{self.key}\0{by.isoformat()}".encode()).hexdigest()[:16]


def is_near(by: date | datetime, local: datetime) -> bool:
    """Return whether a date is not over and at most three days after today, by the person's calendar.

    Days are counted, not hours, so a change of the clocks does not matter. A day without a time is a local day.
    """
    if isinstance(by, datetime):
        return by > local and by.astimezone(local.tzinfo).date() <= local.date() + NEAR
    return local.date() <= by <= local.date() + NEAR


def near_days(today: date) -> tuple[date, date]:
    """Return the first and the last day that is near in any time zone on a UTC day."""
    return today - DAY, today + DAY + NEAR


def near_moments(now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment that is near in any time zone."""
    return now, now + NEAR + 2 * DAY


def near_occasion(day: date) -> str:
    """Return the name of the occasion: one mail per person and local day."""
    return f"waiting:{day.isoformat()}"


def near_occasions(today: date) -> list[str]:
    """Return all occasions, in any time zone, whose mails can contain a date that is near on a UTC day."""
    return [near_occasion(today + DAY * n) for n in range(-NEAR.days - 3, 3)]


def near_is_due(local: datetime, mailed: Collection[str]) -> bool:
    """Return whether a mail of near dates may be sent at this local time; `mailed` are the occasions of sent mails."""
    return local.hour >= DIGEST_HOUR and near_occasion(local.date()) not in mailed


def near_of_the_day(dates: Iterable[Dated], local: datetime, mailed: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return the fingerprints of the near dates that the mail of the local day contains, or will contain.

    `mailed` are the fingerprints of earlier mails by occasion. Each date is mailed once, and a mail that was sent
    today does not change.
    """
    near = {dated.fingerprint for dated in dates if is_near(dated.by, local)}
    today = near_occasion(local.date())
    if today in mailed:
        return frozenset(near.intersection(mailed[today]))
    return frozenset(near.difference(*mailed.values()))


def leaving(dates: Iterable[Dated], local: datetime) -> list[Dated]:
    """Return the dates of which a mail may leave at this local time.

    Mails about reminders leave on working days from 8 to 17. There is one mail a day, so other near dates wait until 8
    with them.
    """
    near = [dated for dated in dates if is_near(dated.by, local)]
    asked = [dated for dated in near if dated.kind is not DatedKind.OWN]
    if local.hour < FIRST_HOUR and any(is_working_day(local.date(), dated.country) for dated in asked):
        return []
    return [dated for dated in near if _may_leave(dated, local)]


def _may_leave(dated: Dated, local: datetime) -> bool:
    return dated.kind is DatedKind.OWN or is_working_time(local, dated.country)


def only_kind(dates: Collection[Dated]) -> DatedKind:
    """Return the kind of these dates if they have one kind, else OWN, whose mail only counts them."""
    kinds = {dated.kind for dated in dates}
    return kinds.pop() if len(kinds) == 1 else DatedKind.OWN


def first_day(dates: Iterable[Dated]) -> date:
    """Return the earliest of the days of reminders."""
    return min(dated.by.date() if isinstance(dated.by, datetime) else dated.by for dated in dates)
