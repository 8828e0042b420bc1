"""Rules of the list of late work: who acts next, from counts and days alone (`coordination.md` 3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.coordination.domain.actions import Office
from app.plan.domain.bands import band_of

OFFICER_DAYS, FIGURE_DAYS, OWNER_DAYS = timedelta(days=7), timedelta(days=14), timedelta(days=7)
STALLED_LONG = timedelta(days=35)
SILENT_DAYS = timedelta(days=30)
MOST_UNANSWERED = 3
MANY, MANY_SHARE = 5, 30  # officers, percent of those due
EXEMPT_SHARE = 10  # percent of those assigned


class LateRule(StrEnum):
    """The rules in their order; the first that fits decides who acts."""

    INVITATIONS = "invitations"
    LANGUAGE = "language"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    CONTACT_POINT = "contact_point"
    MANY_OVERDUE = "many_overdue"
    SILENT = "silent"
    FIGURE = "figure"
    ACTION = "action"
    FALL = "fall"


class LateKind(StrEnum):
    """The kind of a row. Its cell is the id of a course or action, the code and period of a figure, or a code."""

    INVITATIONS = "invitations"
    COURSE = "course"
    LANGUAGE = "language"
    FIGURE = "figure"
    ACTION = "action"
    FALL = "fall"


class LateOffice(StrEnum):
    """Who acts next."""

    OFFICERS = "officers"
    SUPERVISORS = "supervisors"
    CONTACT_POINT = "contact_point"
    CONTENT = "content"
    TRAINERS = "trainers"
    SECRETARIAT = "secretariat"


OFFICES: Mapping[LateRule, LateOffice] = {
    LateRule.INVITATIONS: LateOffice.CONTACT_POINT,
    LateRule.LANGUAGE: LateOffice.CONTENT,
    LateRule.OFFICER: LateOffice.OFFICERS,
    LateRule.SUPERVISOR: LateOffice.SUPERVISORS,
    LateRule.CONTACT_POINT: LateOffice.CONTACT_POINT,
    LateRule.MANY_OVERDUE: LateOffice.CONTACT_POINT,
    LateRule.SILENT: LateOffice.SECRETARIAT,
}
FIGURE_OWNERS: Mapping[str, LateOffice] = {
    "national_contact_point": LateOffice.CONTACT_POINT,
    "trainer": LateOffice.TRAINERS,
}
ACTION_OWNERS: Mapping[Office, LateOffice] = {
    Office.CONTACT_POINT: LateOffice.CONTACT_POINT,
    Office.TRAINERS: LateOffice.TRAINERS,
    Office.SECRETARIAT: LateOffice.SECRETARIAT,
}
PERIOD_MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "twice_a_year": 6, "yearly": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCounts:
    """Officers of a country in a course; `supervised` is the part of `chased` with a supervisor."""

    overdue: int = 0
    stalled: int = 0
    waiting: int = 0
    chased: int = 0
    supervised: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDays:
    """The days of an officer in a course that is open; `waiting` as `learning` counts it."""

    due_on: date | None
    last_step_on: date | None
    waiting: bool
    supervised: bool
    readable: bool = True  # there is a language that the officer reads


def rule_of_officer(days: LateDays, today: date) -> LateRule | None:
    """Return the first of rules 2 to 5 that fits, or None if the officer needs nothing yet."""
    if not days.readable:
        return LateRule.LANGUAGE
    if _is_chased(days, today):
        return LateRule.SUPERVISOR if days.supervised else LateRule.CONTACT_POINT
    is_close = days.due_on is not None and days.due_on <= today + OFFICER_DAYS
    return LateRule.OFFICER if is_close else None


def rule_of_cell(counts: LateCounts, *, silent: bool) -> LateRule:
    """Return the rule of a row of a country and course: 6 and 7 go before 4 and 5, which are about single officers."""
    left = counts.chased - counts.supervised
    if silent and (left or is_many(counts.overdue, counts.due)):
        return LateRule.SILENT
    if is_many(counts.overdue, counts.due):
        return LateRule.MANY_OVERDUE
    if left:
        return LateRule.CONTACT_POINT
    return LateRule.SUPERVISOR if counts.chased else LateRule.OFFICER


def acting(rule: LateRule, counts: LateCounts) -> tuple[tuple[LateOffice, int], ...]:
    """Return who acts on a row of a country and course, with the number of officers concerned (0: not counted)."""
    left = counts.chased - counts.supervised
    shares = ((LateOffice.SUPERVISORS, counts.supervised), (LateOffice.CONTACT_POINT, left))
    if rule is LateRule.SILENT:
        return ((LateOffice.SECRETARIAT, 0),)
    if rule is LateRule.MANY_OVERDUE:
        return ((LateOffice.CONTACT_POINT, counts.overdue),)
    return tuple((office, count) for office, count in shares if count) or ((LateOffice.OFFICERS, 0),)


def is_many(overdue: int, due: int) -> bool:
    """Return whether at least 5 and more than 30 % of the officers due are overdue."""
    return overdue >= MANY and overdue * 100 > due * MANY_SHARE


def is_silent(signed_in_at: datetime | None, unanswered: int, now: datetime) -> bool:
    """Return whether a contact point left three reminders without answer, or last signed in over 30 days ago.

    `signed_in_at` None: not known, which counts as nothing.
    """
    return unanswered >= MOST_UNANSWERED or (signed_in_at is not None and signed_in_at < now - SILENT_DAYS)


def from_bands(counts: LateCounts) -> LateCounts:
    """Return counts for a decision beside bands: from their middles, so that it says no more than they do."""
    return replace(counts, overdue=middle(counts.overdue), due=middle(counts.due))


def middle(number: int) -> int:
    """Return the middle of the band of a number."""
    band = band_of(number, None)
    return (band.low + band.high) // 2


def is_much_exempt(exempt: int, assigned: int) -> bool:
    """Return whether over 10 % of those assigned are exempt."""
    return exempt * 100 > assigned * EXEMPT_SHARE


def period_before(today: date, frequency: str) -> tuple[date, date] | None:
    """Return the first and last day of the last full period; None for figures without a period."""
    months = PERIOD_MONTHS.get(frequency)
    if months is None:
        return None
    first_month = (today.month - 1) // months * months + 1
    end = date(today.year, first_month, 1) - timedelta(days=1)
    return date(end.year, end.month - months + 1, 1), end


def figure_is_missing(period_end: date, today: date) -> bool:
    """Return whether a figure that does not exist is missing: 14 days after the end of its period are over."""
    return today > period_end + FIGURE_DAYS


def action_acts(office: Office, due_on: date, today: date) -> LateOffice:
    """Return who acts on an overdue action: its owner, and from 7 days after the date a coordinator."""
    return LateOffice.SECRETARIAT if today > due_on + OWNER_DAYS else ACTION_OWNERS[office]


def _is_chased(days: LateDays, today: date) -> bool:
    is_overdue_long = days.due_on is not None and days.due_on < today - OFFICER_DAYS
    is_stalled_long = days.last_step_on is not None and days.last_step_on <= today - STALLED_LONG
    return is_overdue_long or days.waiting or is_stalled_long
