"""One experiment: two years of weeks in which the world lives and the academy asks, records and reports."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Protocol

from app.competence.domain import audit
from app.competence.domain.audit import Shift
from app.competence.domain.evidence import Piece
from app.competence.domain.measure import Parameters, State
from app.competence.domain.refit import Met, checked
from app.demo.truth import policy
from app.demo.truth.auditing import Audited, audited, chances
from app.demo.truth.policy import Purse
from app.demo.truth.scores import Score, calibration, score
from app.demo.truth.world import World, share

WEEKS = 104
YEAR = 4  # quarters whose surprise checks are used together
START = date(2027, 1, 4)
UNAUDITED = Shift(0.0, 0.0)
COMPLETION, HEADCOUNT = "Completion count", "Verified headcount"
EXPECTED, AUDITED, SHOWN = "Expected", "Expected, audited", "Shown first"


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported on a day, as shares of all officers."""

    headcount: float
    expected: float


class Register(Protocol):
    """Where evidence goes and figures come from; officers are numbered from 0."""

    parameters: Parameters

    def open(self, day: date) -> AbstractContextManager[None]:
        """Open the register for the entries of a week."""

    def add(self, place: int, pieces: Iterable[Piece]) -> None:
        """Enter what an officer did: one training with its tests, or one sitting."""

    def states(self) -> Sequence[State | None]:
        """Return what is known of each officer."""

    def refit(self) -> None:
        """Look how fast the skill was seen to fade, and make everything again by it from the evidence."""

    def report(self, day: date) -> Report:
        """Return the figures of a day."""


@dataclass(slots=True)
class Course:
    """What was reported and what was so: shares by week once all have joined, officers by quarter."""

    reports: list[Report] = field(default_factory=list)
    audits: list[Audited] = field(default_factory=list)
    agreed: list[bool] = field(default_factory=list)  # surprise checks and measure: else the audited number comes first
    true: list[float] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    audited_chances: list[float] = field(default_factory=list)
    came_true: list[bool] = field(default_factory=list)

    def scores(self) -> dict[str, Score]:
        """Return how near each figure came."""
        expected, sure = (calibration(each, self.came_true) for each in (self.chances, self.audited_chances))
        return {
            HEADCOUNT: score([one.headcount for one in self.reports], self.true),
            EXPECTED: score([one.expected for one in self.reports], self.true, expected),
            AUDITED: score([one.expected for one in self.audits], self.true, sure),
            SHOWN: score(self.shown(), self.true),
        }

    def shown(self) -> list[float]:
        """Return what a plan shows first: the expected number, or the audited one when the checks disagree."""
        each = zip(self.agreed, self.reports, self.audits, strict=True)
        return [report.expected if agrees else audited.expected for agrees, report, audited in each]

    def covered(self) -> float:
        """Return the share of weeks in which the truth lay in the likely range."""
        return share([one.low <= true <= one.high for one, true in zip(self.audits, self.true, strict=True)])


class Trial:
    """The academy's two years with the officers of a world; `refits`: it learns from its watched checks."""

    def __init__(self, world: World, register: Register, seed: int, *, refits: bool = True) -> None:
        self._world, self._register, self._refits = world, register, refits
        self._assumed = register.parameters
        self._draws = Random(f"{seed} samples")  # noqa: S311 - an experiment, no secret
        self._purses = [Purse() for _ in world.officers]
        self._met: list[Met] = []
        self._quarters: list[list[Met]] = []  # the surprise checks alone
        self._shift = UNAUDITED
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
        with self._register.open(day):
            self._welcome(week, day)
            if ends_quarter:
                self._surprise(day)
                self._learn()
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
        states = self._register.states()
        found = []
        for place in policy.sample(trained, self._draws):
            piece, state = policy.surprised(self._world, self._world.officers[place], day), states[place]
            if state is not None:
                found.append(Met(state, piece))
            self._register.add(place, [piece])
        self._quarters.append(found)

    def _learn(self) -> None:
        """Refit the fade time, and let the surprise checks of a year say how far the measure is off."""
        if self._refits:
            self._register.refit()
        k = self._register.parameters
        latest = [checked(met, k) for quarter in self._quarters[-YEAR:] for met in quarter]
        self._shift = audit.shift(latest, k) or UNAUDITED

    def _invite(self, week: int, day: date) -> None:
        k = self._register.parameters
        for place, state in enumerate(self._register.states()):
            officer, purse = self._world.officers[place], self._purses[place]
            purse.open(week)
            follows = self._world.follows(officer)
            asked = policy.step(state, day.toordinal(), k) if state is not None and follows else None
            if asked is not None and purse.has(policy.MINUTES[asked]):
                purse.ask(week, policy.MINUTES[asked])
                self._register.add(place, policy.followed(self._world, officer, asked, day))

    def _compare(self, day: date) -> None:
        states, k = self._register.states(), self._register.parameters
        self._course.reports.append(self._register.report(day))
        self._course.agreed.append(self._shift.agrees)
        self._course.audits.append(audited(states, day.toordinal(), self._shift, k))
        self._course.true.append(share(self._world.competent()))

    def _note_chances(self, day: date) -> None:
        states, k = self._register.states(), self._register.parameters
        self._course.chances += chances(states, day.toordinal(), 0.0, k)
        self._course.audited_chances += chances(states, day.toordinal(), self._shift.delta, k)
        self._course.came_true += self._world.competent()


def completion(world: World) -> Score:
    """Return how near a completion count comes, in a world without upkeep: three attempts, counted for ever."""
    counted, told, true = 0, [], []
    for week in range(WEEKS):
        world.week()
        counted += sum(policy.completes(world, one) for one in world.officers if one.joins == week)
        if week >= world.nature.join_weeks:
            told.append(counted / len(world.officers))
            true.append(share(world.competent()))
    return score(told, true)
