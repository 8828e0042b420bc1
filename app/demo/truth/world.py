"""A simulated world of officers who forget, have good and bad days, copy, or never respond.

The capacity measure sees their answers only, and its model is simpler: here officers differ in how fast they forget and
use the skill at work, items differ in difficulty and slope, and trainers misjudge items. Level 0 is the pass mark. The
same seed makes the same officers.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

WEEK = 7  # days
ITEMS = 300
# ratio of right answers by copying, and limits of pass values
COPIED, LEAST_PASS, MOST_PASS = 0.95, 0.3, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """Parameters of the world, by default of the base case: days, ratios and levels."""

    base_mean: float = -1.0  # before training; 0 and more is competent
    base_sd: float = 0.8
    gain_mean: float = 2.0
    gain_sd: float = 0.6
    half_gain: float = 198.0  # median days until half of the gain is gone
    power: float = 0.5  # the curve is (1 + days / tau) ** -power
    tau_sd: float = 0.6
    spacing: float = 0.6
    rho_full: float = 1.0  # ratio of forgotten skill regained by a course, refresher, review, use at work
    rho_refresh: float = 0.8
    rho_review: float = 0.3
    rho_use: float = 0.3
    use_per_year: float = 2.0
    day_sd: float = 0.3
    item_sd: float = 0.7
    item_slope: float = 1.2
    slope_sd: float = 0.25
    guess: float = 0.25
    judge_sd: float = 0.10
    copying: float = 0.05  # ratio of officers who copy in unwatched tests
    respond_mean: float = 0.0  # weekly chance to accept an invitation, as a logit
    respond_sd: float = 1.0
    never: float = 0.05  # ratio of officers who accept none
    join_weeks: int = 26
    guessable: float = 0.0  # least chance of a right unwatched answer: tests that may be guessed
    clicking: float = 0.0  # ratio of officers who click through courses and learn nothing
    watchable: float = 1.0  # ratio of officers who may be watched


BASE = Nature()
WORLDS: Mapping[str, Nature] = {
    "base": BASE,
    "guess90": Nature(guessable=0.82),  # with this, 7 of 10 questions are reached with a chance of 0.9
    "click30": Nature(clicking=0.3),
    "watched30": Nature(watchable=0.3),
}


@dataclass(frozen=True, slots=True)
class SimulatedItem:
    """A question with its slope, its difficulty, and the pass value set by trainers."""

    slope: float
    hardness: float
    pass_value: float


@dataclass(slots=True, kw_only=True)
class SimulatedOfficer:
    """The real ability of an officer. `retained` is the ratio of the gain after the last study, `days` ago."""

    joins: int  # week
    base: float
    gain: float
    tau: float
    use: float  # chance a week
    copies: bool
    responds: float  # chance a week
    clicks: bool = False  # learns nothing from courses and practice
    watchable: bool = True  # may be invited to a watched check
    retained: float = 0.0
    days: int = 0
    trained: bool = False

    def retention(self, power: float) -> float:
        """Return the ratio of the gain that is left today."""
        return self.retained * math.pow(1 + self.days / self.tau, -power)

    def ability(self, power: float) -> float:
        """Return the level today."""
        return self.base + self.gain * self.retention(power)


class SimulatedWorld:
    """All officers and items, and their random numbers."""

    def __init__(self, count: int, seed: int, nature: Nature = BASE) -> None:
        self.nature = nature
        born = Random(f"{seed} born")  # noqa: S311 - an experiment, no secret
        self.items = [_item(born, nature) for _ in range(ITEMS)]
        self.officers = [_officer(born, nature) for _ in range(count)]
        habits = Random(f"{seed} habits")  # noqa: S311 - apart: the same seed makes the same officers in each world
        for officer in self.officers:
            officer.clicks = habits.random() < nature.clicking
            officer.watchable = habits.random() < nature.watchable
        self.chance = Random(f"{seed} lives")  # noqa: S311

    def week(self) -> None:
        """Simulate a week: all officers forget, some use the skill at work."""
        for officer in self.officers:
            officer.days += WEEK
            if self.chance.random() < officer.use and officer.trained:
                self.study(officer, self.nature.rho_use)

    def study(self, officer: SimulatedOfficer, rho: float) -> None:
        """Restore the ratio `rho` of the forgotten skill and slow later forgetting. The first study gives the gain.

        It has no effect on officers who click through.
        """
        if officer.clicks:
            officer.retained = officer.retention(self.nature.power)
            officer.trained = True
        elif officer.trained:
            left = officer.retention(self.nature.power)
            officer.retained = left + rho * (1 - left)
            officer.tau *= 1 + self.nature.spacing * (1 - left) * min(1.0, rho / 0.3)
        else:
            officer.retained, officer.trained = rho, True
        officer.days = 0

    def answer(self, officer: SimulatedOfficer, count: int, *, watched: bool) -> tuple[float, float]:
        """Return the ratio of right answers to `count` random items, and their pass mark."""
        drawn = self.chance.choices(self.items, k=count)
        today = officer.ability(self.nature.power) + self.chance.gauss(0, self.nature.day_sd)
        least = 0.0 if watched else self.nature.guessable
        if officer.copies and not watched:
            least = COPIED
        right = sum(self.chance.random() < max(least, self._chance(item, today)) for item in drawn)
        return right / count, sum(item.pass_value for item in drawn) / count

    def follows(self, officer: SimulatedOfficer) -> bool:
        """Return whether an officer accepts an invitation this week."""
        return self.chance.random() < officer.responds

    def competent(self) -> list[bool]:
        """Return for each officer whether the ability reaches the pass mark today: the truth."""
        return [officer.ability(self.nature.power) >= 0 for officer in self.officers]

    def _chance(self, item: SimulatedItem, level: float) -> float:
        return _right(item.slope, item.hardness, level, self.nature.guess)


def ratio(flags: Sequence[bool]) -> float:
    """Return the ratio of true flags."""
    return sum(flags) / len(flags)


def _officer(chance: Random, nature: Nature) -> SimulatedOfficer:
    able = chance.gauss(0, 1)
    median = nature.half_gain / (2 ** (1 / nature.power) - 1)
    responds = _expit(nature.respond_mean + nature.respond_sd * chance.gauss(0, 1) + 0.4 * able)
    return SimulatedOfficer(
        joins=chance.randrange(nature.join_weeks),
        base=nature.base_mean + nature.base_sd * able,
        gain=max(0.2, chance.gauss(nature.gain_mean, nature.gain_sd)),
        tau=median * math.exp(chance.gauss(0, nature.tau_sd)),
        use=chance.expovariate(52 / nature.use_per_year) if nature.use_per_year else 0.0,
        copies=chance.random() < nature.copying,
        responds=0.0 if chance.random() < nature.never else responds,
    )


def _item(chance: Random, nature: Nature) -> SimulatedItem:
    hardness = chance.gauss(0, nature.item_sd)
    slope = 1.7 * nature.item_slope * math.exp(chance.gauss(0, nature.slope_sd))
    judged = _right(slope, hardness, 0.0, nature.guess) + chance.gauss(0, nature.judge_sd)
    return SimulatedItem(slope, hardness, min(MOST_PASS, max(LEAST_PASS, judged)))


def _right(slope: float, hardness: float, level: float, guess: float) -> float:
    return guess + (1 - guess) * _expit(slope * (level - hardness))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x))
