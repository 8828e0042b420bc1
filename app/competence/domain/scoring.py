"""What a test is as evidence: which of its questions count, the chance of a lucky answer, the trust (section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean

from app.catalogue.domain.items import Choices, Gap, Gaps, Item, Kind, Rating

NOT_JUDGED = 0.62  # the pass value of items that trainers have not judged yet
UNWATCHED, AGAIN, COMPLETE = 0.5, 0.25, 1.0  # trust: a first attempt, a later one, a course without a test
UNSEEN = timedelta(days=90)  # an item counts again after this time
TRUE_OR_FALSE, PRODUCED = 0.5, 0.05  # guesses
LEAST_OF_TIME = 3  # a course without a test counts from a third of its stated minutes on


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an ended test on one competency: what the answer was worth, the item's pass value and guess."""

    item: str
    share: float
    pass_value: float
    guess: float


@dataclass(frozen=True, slots=True)
class Scored:
    """What questions are as evidence."""

    share: float
    mark: float
    items: int
    guess: float
    trust: float


def asked(item: Item, share: float) -> Asked:
    """Return a question as it was answered."""
    return Asked(item.id, share, NOT_JUDGED if item.pass_value is None else item.pass_value, guess(item))


def scored(questions: Sequence[Asked], seen: frozenset[str], *, first: bool) -> Scored:
    """Return what the questions (at least one) of an attempt are as evidence.

    Of a later attempt the questions unseen for 90 days count alone; one without any is listed, with trust 0.
    """
    counted = questions if first else [one for one in questions if one.item not in seen]
    shown = counted or questions
    trust = UNWATCHED if first else AGAIN if counted else 0.0
    return Scored(
        share=fmean(one.share for one in shown),
        mark=fmean(one.pass_value for one in shown),
        items=len(shown),
        guess=fmean(one.guess for one in shown),
        trust=trust,
    )


def guess(item: Item) -> float:
    """Return the chance of a lucky answer to an item."""
    if item.kind is Kind.TRUEFALSE:
        return TRUE_OR_FALSE
    match item.answers:
        case Choices(options=options):
            return 1 / len(options)
        case Gaps(gaps=gaps):
            return fmean(_guess_of_gap(gap) for gap in gaps)
        case Rating():
            low, high = item.scale
            return 1 / (high - low + 1)
        case _:
            return PRODUCED


def completion_trust(minutes_spent: float | None, minutes_stated: float | None, *, has_test: bool) -> float:
    """Return the trust in a completed course: with a test none, as its result speaks; without known minutes none."""
    if has_test or minutes_spent is None or not minutes_stated:
        return 0.0
    return COMPLETE if minutes_spent * LEAST_OF_TIME >= minutes_stated else 0.0


def _guess_of_gap(gap: Gap) -> float:
    return 1 / len(gap.options) if gap.options else PRODUCED
