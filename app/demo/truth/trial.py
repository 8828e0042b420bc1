"""One experiment: two years of weeks in which the world lives and the academy asks, records and reports."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Protocol

from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.measure import Parameters, State, observe
from app.competence.domain.refit import Met, refit
from app.demo.truth import policy
from app.demo.truth.policy import Purse
from app.demo.truth.scores import Score, calibration, score
from app.demo.truth.world import WEEK, World, share

WEEKS = 104
START = date(2027, 1, 4)


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported on a day, as shares of all officers."""

    headcount: float
    expected: float


class Register(Protocol):
    """Where evidence goes and figures come from; officers are numbered from 0."""

    parameters: Parameters

    def open(self) -> AbstractContextManager[None]:
        """Open the register for a week's entries."""

    def add(self, place: int, pieces: Iterable[Piece]) -> None:
        """Enter what an officer did: one training, or one sitting."""

    def states(self) -> Sequence[State | None]:
        """Return what is known of each officer."""

    def report(self, day: date) -> Report:
        """Return the figures of a day."""

    def adjust(self, parameters: Parameters, day: date) -> None:
        """Measure by these parameters from now on: what was verified by others gets a new date."""

    def chances(self, day: date) -> Sequence[float]:
        """Return for each officer how likely they are up to the pass mark on a day."""


@dataclass(slots=True)
class Course:
    """What was reported and what was so: shares by week once all have joined, officers by quarter."""

    headcount: list[float] = field(default_factory=list)
    expected: list[float] = field(default_factory=list)
    true: list[float] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    came_true: list[bool] = field(default_factory=list)

    def scores(self) -> dict[str, Score]:
        """Return how near each figure came."""
        return {
            "verified headcount": score(self.headcount, self.true),
            "expected": score(self.expected, self.true, calibration(self.chances, self.came_true)),
        }


class Trial:
    """The academy's two years with the officers of a world."""

    def __init__(self, world: World, register: Register, seed: int, *, refits: bool = True) -> None:
        self._world, self._register, self._refits = world, register, refits
        self._prior = register.parameters
        self._met: list[Met] = []
        self._reviewed: dict[int, State] = {}  # before the practice of a review that was the last evidence
        self._draws = Random(f"{seed} samples")  # noqa: S311 - an experiment, no secret
        self._purses = [Purse() for _ in world.officers]
        self._course = Course()

    def run(self) -> Course:
        """Live through all weeks; return what was reported and what was so."""
        for week in range(WEEKS):
            self._live(week)
        return self._course

    def _live(self, week: int) -> None:
        day = START + timedelta(weeks=week)
        ends_quarter = week % policy.QUARTER == policy.QUARTER - 1
        self._world.week()
        with self._register.open():
            self._welcome(week, day)
            if ends_quarter:
                self._surprise(day)
                if self._refits:
                    self._register.adjust(refit(self._met, self._prior), day)
            self._invite(week, day)
        if week >= self._world.nature.join_weeks:
            self._compare(day)
        if ends_quarter:
            self._course.chances += self._register.chances(day)
            self._course.came_true += self._world.competent()

    def _welcome(self, week: int, day: date) -> None:
        for place, officer in enumerate(self._world.officers):
            if officer.joins == week:
                self._register.add(place, policy.begun(self._world, officer, day))

    def _surprise(self, day: date) -> None:
        trained = [place for place, officer in enumerate(self._world.officers) if officer.trained]
        states = self._register.states()
        for place in policy.sample(trained, self._draws):
            pieces = [policy.surprised(self._world, self._world.officers[place], day)]
            self._note(place, states[place], pieces)
            self._register.add(place, pieces)

    def _invite(self, week: int, day: date) -> None:
        k = self._register.parameters
        for place, state in enumerate(self._register.states()):
            officer, purse = self._world.officers[place], self._purses[place]
            purse.open(week)
            follows = self._world.follows(officer)
            asked = policy.step(state, day.toordinal(), k) if state is not None and follows else None
            if asked is not None and purse.has(policy.MINUTES[asked]):
                purse.ask(week, policy.MINUTES[asked])
                pieces = list(policy.followed(self._world, officer, asked, day))
                self._note(place, state, pieces)
                self._register.add(place, pieces)

    def _note(self, place: int, state: State | None, pieces: Sequence[Piece]) -> None:
        """Keep what the quarterly refit reads of a sitting: the state that a check or a review met."""
        before, first = self._reviewed.pop(place, None), pieces[0]
        if state is not None and first.watched:
            self._met.append(Met(state, first, before))
        elif state is not None and first.kind is EvidenceKind.REVIEW:
            self._reviewed[place] = observe(state, first, self._register.parameters)

    def _compare(self, day: date) -> None:
        report = self._register.report(day)
        self._course.headcount.append(report.headcount)
        self._course.expected.append(report.expected)
        self._course.true.append(share(self._world.competent()))


def completion(world: World) -> Score:
    """Return how near a completion count comes, in a world without upkeep: three attempts, counted for ever."""
    counted, told, true = 0, [], []
    for week in range(WEEKS):
        world.week()
        joining = [one for one in world.officers if one.joins == week]
        counted += sum(policy.completes(world, one) for one in joining)
        if week >= world.nature.join_weeks:
            told.append(counted / len(world.officers))
            true.append(share(world.competent()))
    return score(told, true)
