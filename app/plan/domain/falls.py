"""Falls: a number of verified officers that drops at one of the next two quarter ends (`coordination.md` 3.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.plan.domain.cells import quarter_end
from app.plan.domain.figures import IndicatorStatus
from app.plan.domain.spans import ends_month, first_of

DATED_RULES = frozenset({"verified_in_all", "verified_in_all_share"})  # their figures of coming days follow from dates
LEAST_LEFT = 0.8  # of today's number
QUARTERS = 2
ORDER = (IndicatorStatus.ON_TRACK, IndicatorStatus.AT_RISK, IndicatorStatus.BEHIND)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ComingFigure:
    """The figure of a coming day without new evidence; `number` None: fewer than five, which the reader may not see."""

    day: date
    number: float | None
    status: IndicatorStatus


@dataclass(frozen=True, slots=True)
class Fall:
    """A fall: today's number and status before the limit, and the figures of the coming quarter ends."""

    number: float
    status: IndicatorStatus
    ahead: tuple[ComingFigure, ...]


def quarter_ends_ahead(today: date) -> list[date]:
    """Return the next two quarter ends after a day."""
    ends: list[date] = []
    day = today
    while len(ends) < QUARTERS:
        day = quarter_end(day + DAY)
        ends.append(day)
    return ends


def month_ends_ahead(today: date) -> list[date]:
    """Return the month ends after a day to the end of its year, or to the second quarter end if that is later."""
    last = max(date(today.year, 12, 31), quarter_ends_ahead(today)[-1])
    days = (date.fromordinal(number) for number in range(today.toordinal() + 1, last.toordinal() + 1))
    return [day for day in days if ends_month(day)]


def next_month(day: date) -> date:
    """Return the first day of the next month."""
    return first_of(first_of(day) + timedelta(days=31))


def fall_of(number: float | None, status: IndicatorStatus, ahead: Sequence[ComingFigure]) -> Fall | None:
    """Return the fall of a number, or None: below 80 % of today's at a coming quarter end, or with a worse status."""
    if not number or not any(_is_lower(number, figure) or _is_worse(status, figure) for figure in ahead):
        return None
    return Fall(number, status, tuple(ahead))


def limited(status: IndicatorStatus) -> IndicatorStatus:
    """Return the status of an indicator with a fall: at most "at risk"."""
    return IndicatorStatus.AT_RISK if status is IndicatorStatus.ON_TRACK else status


def _is_lower(number: float, figure: ComingFigure) -> bool:
    return figure.number is None or figure.number < LEAST_LEFT * number


def _is_worse(status: IndicatorStatus, figure: ComingFigure) -> bool:
    if status not in ORDER or figure.status not in ORDER:
        return False
    return ORDER.index(figure.status) > ORDER.index(status)
