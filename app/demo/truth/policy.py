"""What the academy asks of officers week by week (capacity-measure.md, sections 3, 6 and 7).

It sees what the academy sees: days, dates, minutes asked for; never what an officer can really do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from random import Random

from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.measure import Parameters, SkillState
from app.demo.truth.world import Officer, World

QUARTER = 13  # weeks
AHEAD = 28  # days before a date at which an invitation goes out
APART = 14  # days without a new request on the same competency
ALONE = 56  # days after which officers who are never watched are invited to a review
MONTH, MOST_MINUTES = 4, 35  # weeks, and what may be asked for within them
SAMPLE = 50  # officers of a surprise sample
QUIZ_ITEMS, CHECK_ITEMS, REVIEW_ITEMS = 10, 12, 4
TRUST_UNWATCHED, TRUST_AGAIN = 0.5, 0.25
# the completion count: the end quiz, unwatched, with its pass mark; a repeat is an item easier
ATTEMPTS, QUIZ_MARK, EASIER = 3, 0.7, 0.1


class Step(StrEnum):
    """What an officer may be invited to."""

    REFRESHER = "refresher"  # with a watched check
    CHECK = "check"
    REVIEW = "review"


MINUTES = {Step.REFRESHER: 32, Step.CHECK: 12, Step.REVIEW: 3}


@dataclass(slots=True)
class Purse:
    """The minutes that were asked of one officer in the last weeks."""

    weeks: list[int] = field(default_factory=lambda: [0] * MONTH)

    def open(self, week: int) -> None:
        """Forget what lies a month back."""
        self.weeks[week % MONTH] = 0

    def ask(self, week: int, minutes: int) -> None:
        """Ask for some minutes more."""
        self.weeks[week % MONTH] += minutes

    def has(self, minutes: int) -> bool:
        """Say whether so many minutes may still be asked for."""
        return sum(self.weeks) + minutes <= MOST_MINUTES


def step(state: SkillState, day: int, k: Parameters, *, watchable: bool = True) -> Step | None:
    """Return what to invite an officer to on a day, None for nothing; one who is not watchable to reviews alone."""
    idle = day - state.last
    if idle < APART:
        return None
    until = state.verified_until or 0
    if until < day:
        return _unverified(idle, watchable=watchable)
    if watchable and state.watched is not None and state.watched + k.watched_every < day + AHEAD:
        return Step.CHECK
    return Step.REVIEW if until < day + AHEAD or (idle >= ALONE and not watchable) else None


def _unverified(idle: int, *, watchable: bool) -> Step | None:
    if watchable:
        return Step.REFRESHER
    return Step.REVIEW if idle >= ALONE else None


def begun(world: World, officer: Officer, day: date) -> Iterator[Piece]:
    """Let an officer take the module, its quiz that carries it when passed, and the watched check that closes it."""
    world.study(officer, world.nature.rho_full)
    yield from _attempts(world, officer, day)
    if officer.watchable:
        yield _sat(world, officer, day, EvidenceKind.CHECK)


def _attempts(world: World, officer: Officer, day: date) -> Iterator[Piece]:
    """Let an officer sit the quiz, with other questions each time, until the mark is reached."""
    for number in range(ATTEMPTS):
        piece = _sat(world, officer, day, EvidenceKind.QUIZ)
        yield piece if number == 0 else replace(piece, trust=TRUST_AGAIN)
        if piece.reached:
            return


def surprised(world: World, officer: Officer, day: date) -> Piece:
    """Let an officer sit a surprise check."""
    return _sat(world, officer, day, EvidenceKind.SURPRISE)


def followed(world: World, officer: Officer, asked: Step, day: date) -> Iterator[Piece]:
    """Let an officer follow an invitation."""
    if asked is Step.REFRESHER:
        world.study(officer, world.nature.rho_refresh)
        yield Piece(day=day, kind=EvidenceKind.REFRESHER, trust=1.0)
    yield _sat(world, officer, day, EvidenceKind.REVIEW if asked is Step.REVIEW else EvidenceKind.CHECK)
    if asked is Step.REVIEW:  # its feedback comes after its questions
        world.study(officer, world.nature.rho_review)


def sample(places: Sequence[int], chance: Random) -> list[int]:
    """Draw a surprise sample from those who were ever trained, whatever their status."""
    return chance.sample(places, min(SAMPLE, len(places)))


def completes(world: World, officer: Officer) -> bool:
    """Let an officer take the course and its quiz; say whether a completion count would count them, for ever."""
    world.study(officer, world.nature.rho_full)
    shares = (world.answer(officer, QUIZ_ITEMS, watched=False)[0] for _ in range(ATTEMPTS))
    return any(share + EASIER * (number > 0) >= QUIZ_MARK - 1e-9 for number, share in enumerate(shares))


def _sat(world: World, officer: Officer, day: date, kind: EvidenceKind) -> Piece:
    watched = kind in {EvidenceKind.CHECK, EvidenceKind.SURPRISE}
    count = {EvidenceKind.QUIZ: QUIZ_ITEMS, EvidenceKind.REVIEW: REVIEW_ITEMS}.get(kind, CHECK_ITEMS)
    share, mark = world.answer(officer, count, watched=watched)
    return Piece(
        day=day,
        kind=kind,
        share=share,
        mark=mark,
        items=count,
        trust=1.0 if watched else TRUST_UNWATCHED,
        watched=watched,
        guess=world.nature.guess,
    )
