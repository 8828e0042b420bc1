"""Cycles of a course: a breaking version or the months of renewal start a new one after a completion."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from app.learning.domain.completion import STALLED


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle by number: its first day (None: the first cycle), and the first day of the next one (None: not known)."""

    number: int = 1
    begins: date | None = None
    begun_on: date | None = None
    completed_on: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class LearningDates:
    """The day of enrolment, the days of steps (lesson done, case finished, test handed in), and of completions."""

    begun_on: date | None = None
    steps: tuple[date, ...] = ()  # in order
    completions: tuple[date, ...] = ()  # in order: completed, test passed again

    def with_completions(self, further: Iterable[date]) -> "LearningDates":
        """Return the same days with further completions."""
        return replace(self, completions=tuple(sorted({*self.completions, *further})))

    def resumed(self) -> Iterator[date]:
        """Yield the days on which an officer went on after being stalled."""
        for before, after in pairwise(self._all()):
            if before + STALLED <= after:
                yield after

    def first_step(self, since: date | None) -> date | None:
        """Return the day on which a cycle that begins on this day was begun."""
        return self.begun_on if since is None else next((day for day in self._all() if day >= since), None)

    def completions_since(self, first: date) -> list[date]:
        """Return the completions from a day on."""
        return [day for day in self.completions if day >= first]

    def last_step(self, cycle: Cycle, day: date) -> date | None:
        """Return the last step of a cycle before the officer stalls next, seen from a day; None without a step."""
        going_on = next((resumed for resumed in self.resumed() if resumed > day), date.max)
        steps = [step for step in self._all() if step < going_on and (cycle.begins is None or step >= cycle.begins)]
        return steps[-1] if steps else None

    def _all(self) -> list[date]:
        return sorted({*self.steps, *({self.begun_on} if self.begun_on is not None else ())})


def cycle_on(learning: LearningDates, breaking: Sequence[date], renew_months: int | None, day: date) -> Cycle:
    """Return the cycle of a day, given the days of breaking versions and the months of renewal."""
    cycle = _cycle(learning, breaking, renew_months, Cycle())
    while cycle.ends is not None and cycle.ends <= day:
        cycle = _cycle(learning, breaking, renew_months, Cycle(cycle.number + 1, cycle.ends))
    return cycle


def _cycle(learning: LearningDates, breaking: Sequence[date], renew_months: int | None, cycle: Cycle) -> Cycle:
    completions = learning.completions_since(cycle.begins or date.min)
    begun_on = learning.first_step(cycle.begins)
    if not completions:
        return Cycle(cycle.number, cycle.begins, begun_on)
    ends = _ends(completions[0], breaking, renew_months)
    for completed_on in completions[1:]:
        if completed_on < (ends or date.min):  # renewed before it was due
            ends = _ends(completed_on, breaking, renew_months)
    return Cycle(cycle.number, cycle.begins, begun_on or completions[0], completions[0], ends)


def _ends(completed_on: date, breaking: Sequence[date], renew_months: int | None) -> date | None:
    """Return the first day of the next cycle after a completion."""
    days = [day for day in breaking if day > completed_on]
    if renew_months is not None:
        days.append(months_later(completed_on, renew_months))
    return min(days, default=None)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
