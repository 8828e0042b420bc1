"""Invitations of the academy to simulated officers, week by week, for `trial`.

They depend on data that the academy has, never on the real ability of an officer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from random import Random

from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.measure import Parameters, SkillState
from app.demo.truth.world import SimulatedOfficer, SimulatedWorld

QUARTER = 13  # weeks
AHEAD = 28  # days between an invitation and the date
APART = 14  # days between two invitations
ALONE = 56  # days until a review, for officers who are never watched
MONTH, MOST_MINUTES = 4, 35  # weeks, and minutes of invitations within them
SAMPLE = 50  # officers of a surprise sample
QUIZ_ITEMS, CHECK_ITEMS, REVIEW_ITEMS = 10, 12, 4
TRUST_UNWATCHED, TRUST_AGAIN = 0.5, 0.25
# the completion count: an unwatched quiz and its pass mark; a second attempt is one item easier
ATTEMPTS, QUIZ_MARK, EASIER = 3, 0.7, 0.1


class UpkeepStep(StrEnum):
    """An activity to which an officer is invited."""

    REFRESHER = "refresher"  # with a watched check
    CHECK = "check"
    REVIEW = "review"


MINUTES = {UpkeepStep.REFRESHER: 32, UpkeepStep.CHECK: 12, UpkeepStep.REVIEW: 3}


@dataclass(slots=True)
class Purse:
    """The minutes of invitations of an officer in the last `MONTH` weeks, of at most `MOST_MINUTES`."""

    weeks: list[int] = field(default_factory=lambda: [0] * MONTH)

    def open(self, week: int) -> None:
        """Start a week and remove the minutes of a month ago."""
        self.weeks[week % MONTH] = 0

    def add(self, week: int, minutes: int) -> None:
        """Add minutes of an invitation."""
        self.weeks[week % MONTH] += minutes

    def has(self, minutes: int) -> bool:
        """Return whether an invitation of so many minutes is allowed."""
        return sum(self.weeks) + minutes <= MOST_MINUTES


def next_step(state: SkillState, day: int, k: Parameters, *, watchable: bool = True) -> UpkeepStep | None:
    """Return the invitation of a day, or None. Officers who are not watchable get only reviews."""
    idle, until = day - state.last, state.verified_until or 0
    if idle < APART:
        return None
    if watchable:
        return _watched_step(state, until, day, k)
    return UpkeepStep.REVIEW if idle >= ALONE or day <= until < day + AHEAD else None


def _watched_step(state: SkillState, until: int, day: int, k: Parameters) -> UpkeepStep | None:
    if until < day:
        return UpkeepStep.REFRESHER
    if state.watched is not None and state.watched + k.watched_every < day + AHEAD:
        return UpkeepStep.CHECK
    return UpkeepStep.REVIEW if until < day + AHEAD else None


def begun(world: SimulatedWorld, officer: SimulatedOfficer, day: date) -> Iterator[Piece]:
    """Let an officer take the module, its quiz and the watched check at its end."""
    world.study(officer, world.nature.rho_full)
    yield from _attempts(world, officer, day)
    if officer.watchable:
        yield _take(world, officer, day, EvidenceKind.CHECK)


def _attempts(world: SimulatedWorld, officer: SimulatedOfficer, day: date) -> Iterator[Piece]:
    """Let an officer take the quiz with new questions until it is passed."""
    for number in range(ATTEMPTS):
        piece = _take(world, officer, day, EvidenceKind.QUIZ)
        yield piece if number == 0 else replace(piece, trust=TRUST_AGAIN)
        if piece.reached:
            return


def surprised(world: SimulatedWorld, officer: SimulatedOfficer, day: date) -> Piece:
    """Let an officer take a surprise check."""
    return _take(world, officer, day, EvidenceKind.SURPRISE)


def followed(world: SimulatedWorld, officer: SimulatedOfficer, step: UpkeepStep, day: date) -> Iterator[Piece]:
    """Let an officer accept an invitation."""
    if step is UpkeepStep.REFRESHER:
        world.study(officer, world.nature.rho_refresh)
        yield Piece(day=day, kind=EvidenceKind.REFRESHER, trust=1.0)
    yield _take(world, officer, day, EvidenceKind.REVIEW if step is UpkeepStep.REVIEW else EvidenceKind.CHECK)
    if step is UpkeepStep.REVIEW:  # the feedback follows the questions
        world.study(officer, world.nature.rho_review)


def sample(indexes: Sequence[int], chance: Random) -> list[int]:
    """Draw a surprise sample from the indexes of trained officers."""
    return chance.sample(indexes, min(SAMPLE, len(indexes)))


def completes(world: SimulatedWorld, officer: SimulatedOfficer) -> bool:
    """Let an officer take the course and its quiz. Return whether a completion count includes the officer."""
    world.study(officer, world.nature.rho_full)
    scores = (world.answer(officer, QUIZ_ITEMS, watched=False)[0] for _ in range(ATTEMPTS))
    return any(score + EASIER * (number > 0) >= QUIZ_MARK - 1e-9 for number, score in enumerate(scores))


def _take(world: SimulatedWorld, officer: SimulatedOfficer, day: date, kind: EvidenceKind) -> Piece:
    watched = kind in {EvidenceKind.CHECK, EvidenceKind.SURPRISE}
    count = {EvidenceKind.QUIZ: QUIZ_ITEMS, EvidenceKind.REVIEW: REVIEW_ITEMS}.get(kind, CHECK_ITEMS)
    score, pass_mark = world.answer(officer, count, watched=watched)
    return Piece(
        day=day,
        kind=kind,
        share=score,
        mark=pass_mark,
        items=count,
        trust=1.0 if watched else TRUST_UNWATCHED,
        watched=watched,
        guess=world.nature.guess,
    )
