"""Rules of an attempt: states, deadline, late answers, number of attempts and waiting time, result."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil
from statistics import fmean

from app.kernel.errors import IllegalMoveError
from app.quizzes.domain.answers import parse
from app.quizzes.domain.grading import ItemScore, grade
from app.quizzes.domain.selection import DrawnQuestions, pass_mark_of

GRACE = timedelta(seconds=5)
_LESSONS_TO_READ = 3
_ROUNDING = 1e-9


class Purpose(StrEnum):
    """The purpose of an attempt; only the test decides about a course. Practice may be stopped at any time.

    A watched attempt belongs to a sitting of `checks`, one before or after an event to the tests of `workshops`.
    """

    PRETEST = "pretest"
    TEST = "test"
    RETENTION = "retention"
    PRACTICE = "practice"
    WATCHED = "watched"
    EVENT_BEFORE = "event_before"
    EVENT_AFTER = "event_after"


OF_EVENTS = (Purpose.EVENT_BEFORE, Purpose.EVENT_AFTER)


class AttemptState(StrEnum):
    OPEN = "open"
    HANDED_IN = "handed_in"
    ENDED_BY_TIME = "ended_by_time"


class AttemptStep(StrEnum):
    HAND_IN = "hand_in"
    TIME_UP = "time_up"


MOVES = {
    (AttemptState.OPEN, AttemptStep.HAND_IN): AttemptState.HANDED_IN,
    (AttemptState.OPEN, AttemptStep.TIME_UP): AttemptState.ENDED_BY_TIME,
}


class Arrival(StrEnum):
    """Whether an answer counts by its time of arrival; late answers are stored with a flag and do not count."""

    COUNTS = "counts"
    LATE = "late"
    AFTER_END = "after_end"


@dataclass(frozen=True, slots=True)
class AttemptTiming:
    """The facts of an attempt that the rules of time need. No deadline: no limit."""

    state: AttemptState
    deadline: datetime | None
    grace: timedelta = GRACE


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt so far; `ended_at` is None while it is open."""

    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RetakeRule:
    """Number and interval of attempts. `attempts` 0: no limit; `opens_at` None: at any time."""

    attempts: int
    wait: timedelta = timedelta(0)
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AttemptAllowed:
    """A new attempt may begin. `left` is the number of attempts left, this one included; None is no limit."""

    left: int | None


@dataclass(frozen=True, slots=True)
class AttemptAfter:
    until: datetime


@dataclass(frozen=True, slots=True)
class NoAttemptsLeft:
    pass


@dataclass(frozen=True, slots=True)
class AttemptOpen:
    """An attempt is open: the person continues it, no second one begins."""


StartDecision = AttemptAllowed | AttemptAfter | NoAttemptsLeft | AttemptOpen


@dataclass(frozen=True, slots=True)
class CompetencyScore:
    """The result in one competency of the attempt."""

    competency: str
    score: float
    questions: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an attempt. `pass_mark` is the course's; `evidence_mark` is the Angoff mark of the drawn questions.

    `waiting` counts questions that a trainer has yet to grade: until then the attempt is not passed. `below_floor`
    are the competencies whose own score is too low to pass, whatever the whole.
    """

    score: float
    passed: bool
    pass_mark: float
    evidence_mark: float | None
    outcomes: tuple[CompetencyScore, ...]
    read_again: tuple[str, ...]
    waiting: int = 0
    below_floor: tuple[str, ...] = ()


def after(state: AttemptState, step: AttemptStep) -> AttemptState:
    """Return the next state of the attempt; raise IllegalMoveError for a step that is not in the table."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError("This attempt has ended.") from None


def deadline(started_at: datetime, minutes: int, allowance: Fraction = Fraction(0)) -> datetime | None:
    """Return the deadline, or None without a time limit. `allowance` is the extra time as a ratio: 1/4 is 25 %."""
    if minutes == 0:
        return None
    return started_at + timedelta(seconds=ceil(minutes * 60 * (1 + allowance)))


def is_over(sitting: AttemptTiming, now: datetime) -> bool:
    """Return whether the server should end an open attempt: deadline and grace period have passed."""
    return sitting.state is AttemptState.OPEN and _is_late(sitting, now)


def seconds_left(sitting: AttemptTiming, now: datetime) -> int | None:
    """Return the whole seconds until the deadline, never below 0; None without a time limit."""
    if sitting.deadline is None:
        return None
    return max(0, ceil((sitting.deadline - now).total_seconds()))


def accepts(sitting: AttemptTiming, arrived_at: datetime) -> Arrival:
    """Return whether an answer counts, by the server's time when its request began, never by the device's clock."""
    if _is_late(sitting, arrived_at):
        return Arrival.LATE
    return Arrival.COUNTS if sitting.state is AttemptState.OPEN else Arrival.AFTER_END


def _is_late(sitting: AttemptTiming, at: datetime) -> bool:
    return sitting.deadline is not None and at > sitting.deadline + sitting.grace


def may_start(previous: Sequence[PastAttempt], rule: RetakeRule, now: datetime) -> StartDecision:
    """Return whether another attempt may begin; the waiting time counts from the end of the last attempt."""
    ends = [past.ended_at for past in previous if past.ended_at is not None]
    if len(ends) < len(previous):
        return AttemptOpen()
    left = _attempts_left(previous, rule)
    if left is not None and left <= 0:
        return NoAttemptsLeft()
    until = _opens_at(ends, rule) or now
    return AttemptAfter(until) if now < until else AttemptAllowed(left)


def _attempts_left(previous: Sequence[PastAttempt], rule: RetakeRule) -> int | None:
    return rule.attempts - len(previous) if rule.attempts else None


def _opens_at(ends: Sequence[datetime], rule: RetakeRule) -> datetime | None:
    """Return the time from which the next attempt may begin, None for at any time."""
    return max(ends) + rule.wait if ends else rule.opens_at


def grades_of(paper: DrawnQuestions, bodies: Mapping[int, object]) -> list[ItemScore]:
    """Grade every question in order; `bodies` are the answers that count as JSON values, by question number from 1."""
    answers = [bodies.get(number) for number in range(1, len(paper.questions) + 1)]
    return [
        grade(item, None if body is None else parse(item, body))
        for item, body in zip(paper.items, answers, strict=True)
    ]


def result(
    paper: DrawnQuestions,
    marks: Sequence[ItemScore],
    pass_mark: float,
    lessons: Mapping[str, Sequence[str]],
    floor: Mapping[str, float] | None = None,
) -> Result:
    """Compute the result from the scores of all questions in order; `lessons` are lesson slugs by competency.

    `floor` is the least score of single competencies. At most three lessons are named, those of the weakest competency
    first. Without questions nothing is passed.
    """
    outcomes = _outcomes(paper, marks, pass_mark)
    score = fmean(mark.share for mark in marks) if marks else 0.0
    waiting = sum(mark.needs_person for mark in marks)
    below = _below(outcomes, floor or {})
    return Result(
        score=score,
        passed=all((marks, not waiting, not below, _reaches(score, pass_mark))),
        pass_mark=pass_mark,
        evidence_mark=pass_mark_of(paper.items),
        outcomes=outcomes,
        read_again=_read_again(outcomes, lessons),
        waiting=waiting,
        below_floor=below,
    )


def answered_part(
    paper: DrawnQuestions, marks: Sequence[ItemScore], answered: Collection[int]
) -> tuple[DrawnQuestions, list[ItemScore]]:
    """Return the questions that were answered, by number from 1, with their scores."""
    numbers = [number for number in range(1, len(paper.questions) + 1) if number in answered]
    questions = tuple(paper.questions[number - 1] for number in numbers)
    return DrawnQuestions(questions), [marks[number - 1] for number in numbers]


def _below(outcomes: Sequence[CompetencyScore], floor: Mapping[str, float]) -> tuple[str, ...]:
    """Return the competencies whose score is below their own least score."""
    return tuple(
        outcome.competency
        for outcome in outcomes
        if outcome.competency in floor and not _reaches(outcome.score, floor[outcome.competency])
    )


def _reaches(score: float, pass_mark: float) -> bool:
    # Thirds and fifths do not add up exactly: 0.8 must not be missed by the last bit.
    return score >= pass_mark - _ROUNDING


def _outcomes(paper: DrawnQuestions, marks: Sequence[ItemScore], pass_mark: float) -> tuple[CompetencyScore, ...]:
    shares: dict[str, list[float]] = {}
    for item, item_mark in zip(paper.items, marks, strict=True):
        shares.setdefault(item.competency, []).append(item_mark.share)
    means = {competency: fmean(scores) for competency, scores in sorted(shares.items())}
    return tuple(
        CompetencyScore(competency, mean, len(shares[competency]), _reaches(mean, pass_mark))
        for competency, mean in means.items()
    )


def _read_again(outcomes: Sequence[CompetencyScore], lessons: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    weak = sorted((outcome for outcome in outcomes if not outcome.reached), key=lambda outcome: outcome.score)
    named = dict.fromkeys(slug for outcome in weak for slug in lessons.get(outcome.competency, ()))
    return tuple(named)[:_LESSONS_TO_READ]
