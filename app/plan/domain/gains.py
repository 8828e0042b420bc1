"""What actions would add to a number of verified officers: gains with ranges, costs (`coordination.md` section 4)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import NormalDist

MOST_OFFICERS = 1000  # seats, or officers asked, of one action
LOW, HIGH = 0.1, 0.9  # quantiles of a range
EXACT = 200  # trials up to which a binomial quantile is exact, not approximated
RESPONSE = (0.4, 0.5, 0.6)  # low, middle, high: who responds to an invitation; illustrative, nothing measured yet
ATTENDANCE, PASSES = 0.85, 0.70  # of a workshop; illustrative
FEWEST_SEATS = 20  # of own events from which their results are used
WORKSHOP_DAYS, DAY_HOURS, SEATS_OF_TRAINER = 3, 8, 10  # illustrative
# of an officer and competency; practice: of a review or case a week, illustrative
MINUTES = {"practice": 5, "check": 12, "refresher": 32}


class PlannedKind(StrEnum):
    """A kind of action in a what-if."""

    WORKSHOP = "workshop"
    PRACTICE = "practice"
    CHECK = "check"
    REFRESHER = "refresher"  # with a watched check on the same day


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action to try: how many seats or officers asked, on which day; `activity` is of a workshop."""

    kind: PlannedKind
    day: date
    number: int
    activity: str = ""

    def __str__(self) -> str:
        """Return the action as written in an address."""
        if self.kind is PlannedKind.WORKSHOP:
            return f"{self.kind}:{self.activity}:{self.number}:{self.day.isoformat()}"
        return f"{self.kind}:{self.day.isoformat()}:{self.number}"


@dataclass(frozen=True, slots=True)
class Gain:
    """Officers gained: the mean, and the 10 and 90 % ends of the likely range."""

    mean: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance that a seat or an invitation gains an officer: low, middle, high."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What an action takes: officer hours in all, seats, days of trainers, officers who respond."""

    officer_hours: float
    seats: int = 0
    trainer_days: int = 0
    responding: int = 0


@dataclass(frozen=True, slots=True)
class PricedAction:
    """An action with its gain and cost; `pool`: how many officers it could gain."""

    action: PlannedAction
    pool: float
    gain: Gain
    cost: Cost

    @property
    def hours_per_officer(self) -> float:
        """Return the officer hours for each officer gained; infinite without a gain."""
        return self.cost.officer_hours / self.gain.mean if self.gain.mean > 0 else math.inf


def read_action(text: str) -> PlannedAction:
    """Return the action of an address; raise ValueError for anything else."""
    kind, *parts = text.split(":")
    if kind == PlannedKind.WORKSHOP:
        activity, number, day = parts
        return PlannedAction(PlannedKind.WORKSHOP, date.fromisoformat(day), _number(number), activity)
    day, number = parts
    return PlannedAction(PlannedKind(kind), date.fromisoformat(day), _number(number))


def _number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_OFFICERS:
        raise ValueError(text)
    return number


def exactly(chance: float) -> Chances:
    """Return a chance without doubt about itself."""
    return Chances(chance, chance, chance)


def with_response(chance: float) -> Chances:
    """Return the chance that an invitation gains an officer, by the range of response rates."""
    low, middle, high = (rate * chance for rate in RESPONSE)
    return Chances(low, middle, high)


def gain_of(number: float, chances: Chances) -> Gain:
    """Return the gain of a number of seats or invitations: a binomial sum, with the range of the chance itself."""
    mean = number * chances.middle
    trials = math.ceil(number)
    low, high = quantile(trials, chances.low, LOW), quantile(trials, chances.high, HIGH)
    return Gain(mean, min(mean, float(low)), max(mean, float(high)))


def reach(number: int, pool: int, *, gained: float, short: int) -> float:
    """Return how many seats or invitations of a pool can gain an officer, after others were gained.

    `short` officers lack something; those gained before are spread evenly over them.
    """
    return min(float(number), pool * max(0.0, 1 - gained / short)) if short else 0.0


def together(gains: Iterable[Gain]) -> Gain:
    """Return the sum of independent gains."""
    parts = list(gains)
    mean = sum(gain.mean for gain in parts)
    below = math.sqrt(sum((gain.mean - gain.low) ** 2 for gain in parts))
    above = math.sqrt(sum((gain.high - gain.mean) ** 2 for gain in parts))
    return Gain(mean, max(0.0, mean - below), mean + above)


def cost_of(action: PlannedAction, *, competencies: int, last: date) -> Cost:
    """Return the cost of an action for an indicator that asks for a number of competencies."""
    if action.kind is PlannedKind.WORKSHOP:
        trainers = math.ceil(action.number / SEATS_OF_TRAINER)
        return Cost(float(action.number * WORKSHOP_DAYS * DAY_HOURS), action.number, trainers * WORKSHOP_DAYS)
    responding = round(action.number * RESPONSE[1])
    minutes = MINUTES[action.kind]
    if action.kind is PlannedKind.PRACTICE:
        weeks = max(1, (last - action.day).days // 7)
        return Cost(responding * minutes * weeks / 60, responding=responding)
    return Cost(responding * minutes * competencies / 60, responding=responding)


def cheapest(options: Sequence[PricedAction], most: int = 10) -> list[PricedAction]:
    """Return the options that gain at least half an officer, those with the fewest hours for each officer first."""
    worth = [option for option in options if option.gain.mean >= 0.5]
    return sorted(worth, key=lambda option: (option.hours_per_officer, option.action.day, str(option.action)))[:most]


def quantile(trials: int, chance: float, ratio: float) -> int:
    """Return the smallest number that a binomial sum reaches with at least this probability."""
    if trials <= 0 or chance <= 0:
        return 0
    if chance >= 1:
        return trials
    if trials > EXACT:
        spread = math.sqrt(trials * chance * (1 - chance))
        return min(trials, max(0, round(NormalDist(trials * chance, spread).inv_cdf(ratio))))
    below = 0.0
    for successes in range(trials + 1):
        below += math.comb(trials, successes) * chance**successes * (1 - chance) ** (trials - successes)
        if below >= ratio:
            return successes
    return trials
