"""Calculate what actions and seats taken would add to a number of verified officers, from `queries.what_if`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import assert_never

from app.competence.domain.what_if import Skill, chance_by_check, chance_by_practice
from app.plan.domain import gaps
from app.plan.domain.falls import next_month
from app.plan.domain.gains import (
    ATTENDANCE,
    FEWEST_SEATS,
    PASSES,
    Chances,
    Gain,
    PlannedAction,
    PlannedKind,
    PricedAction,
    cheapest,
    cost_of,
    exactly,
    gain_of,
    reach,
    with_response,
)
from app.plan.domain.gaps import AskedCompetencies
from app.plan.queries.what_if import BookedSeats, GainSources, WorkshopShares
from app.workshops.queries.forecast import ActivityRecord, TakenSeat

LATE = timedelta(days=45)  # before the day of the forecast, so that most dates hold until then
SIZES = (10, 20)  # officers asked, of the cheapest actions; a workshop has 20 seats


@dataclass(frozen=True, slots=True)
class SeatChance:
    """The chance that a seat gains an officer, by its parts; a part that was not measured is assumed."""

    attendance: float
    passes: float
    still_valid: float
    results_measured: bool
    validity_measured: bool

    @property
    def all(self) -> float:
        """Return the chance of all parts together."""
        return self.attendance * self.passes * self.still_valid


def seat_chance(shares: WorkshopShares, activity: str, day: date, last: date) -> SeatChance:
    """Return the chance of a seat of a day to count on the last day."""
    record = shares.records.get(activity, ActivityRecord())
    is_measured = min(record.seats, record.scored) >= FEWEST_SEATS
    still_valid, is_estimated = shares.still_valid(day, last)
    return SeatChance(
        attendance=record.attended / record.seats if is_measured else ATTENDANCE,
        passes=record.passed / record.scored if is_measured else PASSES,
        still_valid=still_valid,
        results_measured=is_measured,
        validity_measured=is_estimated,
    )


def booked_gain(asked: AskedCompetencies, booked: BookedSeats, shares: WorkshopShares, last: date) -> Gain:
    """Return what the seats taken would add on a day: of officers whose last gap their event closes."""
    seats = {seat.person_id: seat for seat in booked.seats if _closes(asked, booked, seat, last)}
    chances = [seat_chance(shares, seat.activity, seat.last_day, last).all for seat in seats.values()]
    return gain_of(len(chances), exactly(fmean(chances))) if chances else Gain()


def options(sources: GainSources, actions: Sequence[PlannedAction], gained: float = 0.0) -> list[PricedAction]:
    """Return the actions with their gains, each after those before it; `gained` officers are gained already."""
    result, pools = [], _Pools(sources)
    for action in actions:
        option = _option(pools, action, gained)
        gained += option.gain.mean
        result.append(option)
    return result


def cheapest_actions(sources: GainSources, activities: Collection[str], gained: float) -> list[PricedAction]:
    """Return at most ten single actions, those with the fewest officer hours for each officer gained first."""
    days = action_days(sources.today, sources.last)
    unwatched = (PlannedKind.PRACTICE, PlannedKind.CHECK, PlannedKind.REFRESHER)
    actions = [PlannedAction(kind, day, size) for kind in unwatched for day in days for size in SIZES]
    actions += [
        PlannedAction(PlannedKind.WORKSHOP, day, SIZES[-1], activity) for activity in sorted(activities) for day in days
    ]
    pools = _Pools(sources)
    return cheapest([_option(pools, action, gained) for action in actions])


def action_days(today: date, last: date) -> list[date]:
    """Return the days of the cheapest actions: the first of next month, and 45 days before the last day if later."""
    first = min(last, next_month(today))
    return sorted({first, max(first, last - LATE)})


class _Pools:
    """The pools and chances of actions: those of the same kind, activity and day are calculated once."""

    def __init__(self, sources: GainSources) -> None:
        self.sources = sources
        self.short = gaps.short(sources.groups, sources.asked)
        self._sizes: dict[tuple[PlannedKind, str], int] = {}
        self._chances: dict[tuple[PlannedKind, str, date], Chances] = {}

    def size(self, action: PlannedAction) -> int:
        """Return how many officers an action could gain."""
        key = (action.kind, action.activity)
        if key not in self._sizes:
            self._sizes[key] = _pool(self.sources, action)
        return self._sizes[key]

    def chances(self, action: PlannedAction) -> Chances:
        """Return the chances of a seat or an invitation of an action."""
        key = (action.kind, action.activity, action.day)
        if key not in self._chances:
            self._chances[key] = _chances(self.sources, action)
        return self._chances[key]


def _option(pools: _Pools, action: PlannedAction, gained: float) -> PricedAction:
    sources, pool = pools.sources, pools.size(action)
    number = reach(action.number, pool, gained=gained, short=pools.short)
    gain = gain_of(number, pools.chances(action)) if number else Gain()
    return PricedAction(action, pool, gain, cost_of(action, competencies=len(sources.asked.core), last=sources.last))


def _pool(sources: GainSources, action: PlannedAction) -> int:
    groups, asked = sources.groups, sources.asked
    match action.kind:
        case PlannedKind.WORKSHOP:
            covered = sources.practised.get(action.activity, frozenset(asked.every_aim()))
            return gaps.closable(groups, asked, covered)
        case PlannedKind.PRACTICE:
            return gaps.ending(groups, asked)
        case PlannedKind.CHECK | PlannedKind.REFRESHER:
            return gaps.verified_before(groups, asked)
        case _:
            assert_never(action.kind)


def _chances(sources: GainSources, action: PlannedAction) -> Chances:
    day, last = action.day, sources.last
    match action.kind:
        case PlannedKind.WORKSHOP:
            return exactly(seat_chance(sources.shares, action.activity, day, last).all)
        case PlannedKind.PRACTICE:
            return with_response(_mean(chance_by_practice(skills, day, last) for skills in sources.ending))
        case PlannedKind.CHECK | PlannedKind.REFRESHER:
            refreshed = action.kind is PlannedKind.REFRESHER
            return with_response(_mean(_by_check(sources.lacking, day, last, refreshed=refreshed)))
        case _:
            assert_never(action.kind)


def _by_check(sample: Iterable[Sequence[Skill]], day: date, last: date, *, refreshed: bool) -> list[float]:
    return [chance_by_check(skills, day, last, refreshed=refreshed) for skills in sample]


def _mean(chances: Iterable[float]) -> float:
    numbers = list(chances)
    return fmean(numbers) if numbers else 0.0


def _closes(asked: AskedCompetencies, booked: BookedSeats, seat: TakenSeat, last: date) -> bool:
    officer = booked.officers[seat.person_id]
    gap = gaps.gap_on(officer.ends, asked.aims(officer.roles), last)
    return bool(gap) and seat.last_day <= last and gaps.covers(booked.practised[seat.workshop_id], gap)
