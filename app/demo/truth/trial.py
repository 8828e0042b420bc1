"""Simulate two years of the academy: each week officers act, and it invites, records and reports."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Protocol

from app.competence.domain.evidence import Piece
from app.competence.domain.measure import Parameters, SkillState, p
from app.demo.truth import policy
from app.demo.truth.policy import Purse
from app.demo.truth.scores import Score, calibration, score
from app.demo.truth.world import SimulatedWorld, ratio

WEEKS = 104
START = date(2027, 1, 4)
COMPLETION, HEADCOUNT = "Completion count", "Verified headcount"
EXPECTED, SHOWN = "Expected", "Shown first"


@dataclass(frozen=True, slots=True)
class CapacityReport:
    """The figures of a day, as ratios of all officers.

    `audited` is the number corrected by surprise checks, None while they agree. `low` and `high` are the likely range,
    None without surprise checks.
    """

    headcount: float
    expected: float
    low: float | None = None
    high: float | None = None
    audited: float | None = None

    @property
    def shown(self) -> float:
        """Return the number shown first in a plan: the audited one if there is one, else the expected one."""
        return self.expected if self.audited is None else self.audited

    def covers(self, true: float) -> bool:
        """Return whether the truth is in the likely range."""
        return self.low is not None and self.high is not None and self.low <= true <= self.high


class Register(Protocol):
    """Stores evidence and returns figures. Officers are numbered from 0."""

    parameters: Parameters

    def open(self, day: date) -> AbstractContextManager[None]:
        """Open the register for the entries of a week."""

    def add(self, index: int, pieces: Iterable[Piece]) -> None:
        """Record the evidence of an officer: a training with its tests, or one attempt."""

    def states(self) -> Sequence[SkillState | None]:
        """Return the state of each officer, None without evidence."""

    def refit(self) -> None:
        """Fit how fast the skill fades to the evidence, and recalculate all states."""

    def report(self, day: date) -> CapacityReport:
        """Return the figures of a day."""


@dataclass(slots=True)
class TrialRecord:
    """Reported and true ratios by week after all officers have joined, and chances of officers by quarter."""

    reports: list[CapacityReport] = field(default_factory=list)
    true: list[float] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    came_true: list[bool] = field(default_factory=list)

    def scores(self) -> dict[str, Score]:
        """Return the score of each reported figure against the true ratios."""
        return {
            HEADCOUNT: score([report.headcount for report in self.reports], self.true),
            EXPECTED: score(
                [report.expected for report in self.reports], self.true, calibration(self.chances, self.came_true)
            ),
            SHOWN: score([report.shown for report in self.reports], self.true),
        }

    def covered(self) -> float:
        """Return the ratio of weeks in which the truth lay in the likely range."""
        return ratio([report.covers(true) for report, true in zip(self.reports, self.true, strict=True)])


class Trial:
    """Two years of the academy with the officers of a world. With `refits` it learns from watched checks."""

    def __init__(self, world: SimulatedWorld, register: Register, seed: int, *, refits: bool = True) -> None:
        self._world, self._register, self._refits = world, register, refits
        self._assumed = register.parameters
        self._draws = Random(f"{seed} samples")  # noqa: S311 - an experiment, no secret
        self._purses = [Purse() for _ in world.officers]
        self._record = TrialRecord()

    def run(self, weeks: int = WEEKS) -> TrialRecord:
        """Run the weeks and return the reported and true values."""
        for week in range(weeks):
            self._live(week)
        return self._record

    def _live(self, week: int) -> None:
        day = START + timedelta(weeks=week)
        ends_quarter = week % policy.QUARTER == policy.QUARTER - 1
        self._world.week()
        with self._register.open(day):
            self._welcome(week, day)
            if ends_quarter:
                self._surprise(day)
                if self._refits:
                    self._register.refit()
            self._invite(week, day)
        if week >= self._world.nature.join_weeks:
            self._compare(day)
        if ends_quarter:
            self._note_chances(day)

    def _welcome(self, week: int, day: date) -> None:
        for index, officer in enumerate(self._world.officers):
            if officer.joins == week:
                self._register.add(index, policy.begun(self._world, officer, day))

    def _surprise(self, day: date) -> None:
        trained = [index for index, officer in enumerate(self._world.officers) if officer.trained]
        for index in policy.sample(trained, self._draws):
            self._register.add(index, [policy.surprised(self._world, self._world.officers[index], day)])

    def _invite(self, week: int, day: date) -> None:
        k = self._register.parameters
        for index, state in enumerate(self._register.states()):
            officer, purse = self._world.officers[index], self._purses[index]
            purse.open(week)
            follows = self._world.follows(officer)
            step = (
                policy.next_step(state, day.toordinal(), k, watchable=officer.watchable)
                if state is not None and follows
                else None
            )
            if step is not None and purse.has(policy.MINUTES[step]):
                purse.add(week, policy.MINUTES[step])
                self._register.add(index, policy.followed(self._world, officer, step, day))

    def _compare(self, day: date) -> None:
        self._record.reports.append(self._register.report(day))
        self._record.true.append(ratio(self._world.competent()))

    def _note_chances(self, day: date) -> None:
        states, k = self._register.states(), self._register.parameters
        self._record.chances += [p(state, day.toordinal(), k) for state in states]
        self._record.came_true += self._world.competent()


def completion(world: SimulatedWorld) -> Score:
    """Return the score of a completion count, in a world without upkeep."""
    reported, true = zip(*list(counted(world))[world.nature.join_weeks :], strict=True)
    return score(reported, true)


def counted(world: SimulatedWorld) -> Iterator[tuple[float, float]]:
    """Return by week the ratio of a completion count, with three attempts and no expiry, and the true ratio."""
    passed = 0
    for week in range(WEEKS):
        world.week()
        passed += sum(policy.completes(world, officer) for officer in world.officers if officer.joins == week)
        yield passed / len(world.officers), ratio(world.competent())
