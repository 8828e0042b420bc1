"""One experiment: two years of weeks in which the world lives and the academy asks, records and reports."""

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
from app.demo.truth.world import World, share

WEEKS = 104
START = date(2027, 1, 4)
COMPLETION, HEADCOUNT = "Completion count", "Verified headcount"
EXPECTED, SHOWN = "Expected", "Shown first"


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported on a day, as shares of all officers.

    `audited`: what surprise checks make of the expected number, None while they agree; `low`, `high`: the likely range,
    None without such checks.
    """

    headcount: float
    expected: float
    low: float | None = None
    high: float | None = None
    audited: float | None = None

    @property
    def shown(self) -> float:
        """Return what a plan shows first: the expected number, or the audited one where the checks disagree."""
        return self.expected if self.audited is None else self.audited

    def holds(self, true: float) -> bool:
        """Say whether the truth lies in the likely range."""
        return self.low is not None and self.high is not None and self.low <= true <= self.high


class Register(Protocol):
    """Where evidence goes and figures come from; officers are numbered from 0."""

    parameters: Parameters

    def open(self, day: date) -> AbstractContextManager[None]:
        """Open the register for the entries of a week."""

    def add(self, place: int, pieces: Iterable[Piece]) -> None:
        """Enter what an officer did: one training with its tests, or one sitting."""

    def states(self) -> Sequence[SkillState | None]:
        """Return what is known of each officer."""

    def refit(self) -> None:
        """Look how fast the skill was seen to fade, and make everything again by it from the evidence."""

    def report(self, day: date) -> Report:
        """Return the figures of a day."""


@dataclass(slots=True)
class Course:
    """What was reported and what was so: shares by week once all have joined, officers by quarter."""

    reports: list[Report] = field(default_factory=list)
    true: list[float] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    came_true: list[bool] = field(default_factory=list)

    def scores(self) -> dict[str, Score]:
        """Return how near each figure came."""
        return {
            HEADCOUNT: score([one.headcount for one in self.reports], self.true),
            EXPECTED: score(
                [one.expected for one in self.reports], self.true, calibration(self.chances, self.came_true)
            ),
            SHOWN: score([one.shown for one in self.reports], self.true),
        }

    def covered(self) -> float:
        """Return the share of weeks in which the truth lay in the likely range."""
        return share([one.holds(true) for one, true in zip(self.reports, self.true, strict=True)])


class Trial:
    """The academy's two years with the officers of a world; `refits`: it learns from its watched checks."""

    def __init__(self, world: World, register: Register, seed: int, *, refits: bool = True) -> None:
        self._world, self._register, self._refits = world, register, refits
        self._assumed = register.parameters
        self._draws = Random(f"{seed} samples")  # noqa: S311 - an experiment, no secret
        self._purses = [Purse() for _ in world.officers]
        self._course = Course()

    def run(self, weeks: int = WEEKS) -> Course:
        """Live through the weeks; return what was reported and what was so."""
        for week in range(weeks):
            self._live(week)
        return self._course

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
        for place, officer in enumerate(self._world.officers):
            if officer.joins == week:
                self._register.add(place, policy.begun(self._world, officer, day))

    def _surprise(self, day: date) -> None:
        trained = [place for place, officer in enumerate(self._world.officers) if officer.trained]
        for place in policy.sample(trained, self._draws):
            self._register.add(place, [policy.surprised(self._world, self._world.officers[place], day)])

    def _invite(self, week: int, day: date) -> None:
        k = self._register.parameters
        for place, state in enumerate(self._register.states()):
            officer, purse = self._world.officers[place], self._purses[place]
            purse.open(week)
            follows = self._world.follows(officer)
            asked = (
                policy.step(state, day.toordinal(), k, watchable=officer.watchable)
                if state is not None and follows
                else None
            )
            if asked is not None and purse.has(policy.MINUTES[asked]):
                purse.ask(week, policy.MINUTES[asked])
                self._register.add(place, policy.followed(self._world, officer, asked, day))

    def _compare(self, day: date) -> None:
        self._course.reports.append(self._register.report(day))
        self._course.true.append(share(self._world.competent()))

    def _note_chances(self, day: date) -> None:
        states, k = self._register.states(), self._register.parameters
        self._course.chances += [p(one, day.toordinal(), k) for one in states]
        self._course.came_true += self._world.competent()


def completion(world: World) -> Score:
    """Return how near a completion count comes, in a world without upkeep."""
    told, true = zip(*list(counted(world))[world.nature.join_weeks :], strict=True)
    return score(told, true)


def counted(world: World) -> Iterator[tuple[float, float]]:
    """Return by week the share that a completion count counts, three attempts and for ever, and the true one."""
    passed = 0
    for week in range(WEEKS):
        world.week()
        passed += sum(policy.completes(world, one) for one in world.officers if one.joins == week)
        yield passed / len(world.officers), share(world.competent())
