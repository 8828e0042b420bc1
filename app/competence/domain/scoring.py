"""Score a test or completed course as evidence: which questions count, the guess rate, the trust.

The result is stored with the evidence, so a change applies to new evidence only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean
from typing import assert_never

from app.catalogue.domain.items import (
    Choices,
    Fields,
    Gap,
    Gaps,
    Item,
    ItemKind,
    Mark,
    Match,
    Number,
    Open,
    Order,
    Pairs,
    Passages,
    Rating,
    Short,
    Sort,
)
from app.quizzes.domain.answers import line_of
from app.quizzes.domain.form_answers import line_name
from app.quizzes.domain.item_flags import ItemKey
from app.quizzes.domain.practice import NOT_JUDGED

UNWATCHED, AGAIN, COMPLETE = 0.5, 0.25, 1.0  # trust: a first attempt, a later one, a course without a test
UNSEEN = timedelta(days=90)  # an item counts again after this time
TRUE_OR_FALSE, PRODUCED = 0.5, 0.05  # guesses
PROVED = 2  # an item that asks for a line of its document is guessed half as often
LEAST_OF_TIME = 3  # a course without a test counts from a third of its stated minutes on


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
    """A question of an ended test on one competency: score of the answer, pass value and guess rate of the item."""

    item: str
    score: float
    pass_value: float
    guess: float


@dataclass(frozen=True, slots=True)
class ScoreEvidence:
    """The questions of an attempt as one piece of evidence."""

    score: float
    pass_mark: float
    items: int
    guess: float
    trust: float


def scored_question(item: Item, score: float, rate_before: float | None = None) -> ScoredQuestion:
    """Return an item and the score of its answer as a scored question.

    `rate_before` is the rate of right answers before the course, None if fewer than 30 people answered.
    """
    pass_value = NOT_JUDGED if item.pass_value is None else item.pass_value
    return ScoredQuestion(item.id, score, pass_value, guess(item, rate_before))


def score_evidence(questions: Sequence[ScoredQuestion], seen_items: frozenset[str], *, first: bool) -> ScoreEvidence:
    """Return the value of the questions (at least one) of an attempt as evidence.

    Of a later attempt only the questions unseen for 90 days count; one without any is listed, with trust 0.
    """
    counted = questions if first else [question for question in questions if question.item not in seen_items]
    return _mean(counted or questions, trust=_trust(first=first, has_unseen=bool(counted)))


def score_review(questions: Sequence[ScoredQuestion], met: frozenset[str], *, fast: bool) -> ScoreEvidence:
    """Return the value of the questions (at least one) of a practice sitting as evidence.

    Only questions that were not met for 90 days count. Without any, or if it was too `fast`, the trust is 0.
    """
    counted = [question for question in questions if question.item not in met]
    return _mean(counted or questions, trust=UNWATCHED if counted and not fast else 0.0)


def _mean(listed: Sequence[ScoredQuestion], *, trust: float) -> ScoreEvidence:
    return ScoreEvidence(
        score=fmean(question.score for question in listed),
        pass_mark=fmean(question.pass_value for question in listed),
        items=len(listed),
        guess=fmean(question.guess for question in listed),
        trust=trust,
    )


def _trust(*, first: bool, has_unseen: bool) -> float:
    """Return the trust in an attempt: less in a later one, none in one whose questions were all seen before."""
    if first:
        return UNWATCHED
    return AGAIN if has_unseen else 0.0


def guess(item: Item, rate_before: float | None = None) -> float:
    """Return the chance of a right answer without the skill: by luck, or as often as before the course if that is more.

    `rate_before` is the rate of right answers before the course, None if fewer than 30 people answered. Source: the
    capacity measure, section 3.
    """
    by_luck = TRUE_OR_FALSE if item.kind is ItemKind.TRUEFALSE else _guess_of_answers(item)
    if item.prove:
        by_luck /= PROVED
    return by_luck if rate_before is None else max(by_luck, rate_before)


def _guess_of_answers(item: Item) -> float:
    match item.answers:
        case Choices(options=options):
            return 1 / len(options)
        case Gaps(gaps=gaps):
            return fmean(map(_guess_of_gap, gaps))
        case Rating():
            low, high = item.scale
            return 1 / (high - low + 1)
        case Order() | Match() | Sort() | Number() | Short() | Passages() | Open() | Mark() | Pairs() | Fields():
            return PRODUCED
        case _:
            assert_never(item.answers)


def completion_trust(minutes_spent: float | None, minutes_stated: float | None, *, has_test: bool) -> float:
    """Return the trust in a completed course: 1 from a third of the stated minutes on, else 0; 0 if it has a test."""
    if has_test or minutes_spent is None or not minutes_stated:
        return 0.0
    return COMPLETE if minutes_spent * LEAST_OF_TIME >= minutes_stated else 0.0


def _guess_of_gap(gap: Gap) -> float:
    return 1 / len(gap.options) if gap.options else PRODUCED


def item_key(item: Item, rate_before: float | None = None) -> ItemKey:
    """Return what the flags need of an item; `rate_before`: of right answers before the course, None if few."""
    rate = guess(item, rate_before)
    lines = frozenset(line_name(line_of(item, target)) for target in item.prove)
    if not isinstance(item.answers, Choices):
        return ItemKey(0, frozenset(), rate, item.pass_value, lines)
    scores = [option.share for option in item.answers.options]
    least = 0.0 if item.kind is ItemKind.SEVERAL else max(scores, default=0.0) - 1e-9
    right = frozenset(option for option, score in enumerate(scores) if score > least)
    return ItemKey(len(scores), right, rate, item.pass_value, lines)
