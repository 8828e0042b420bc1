"""The follow-up of an event after three to six months: questions, dates, reminders, and what is shown of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from typing import Protocol

from app.learning.domain.cycles import months_later

FEWEST_ANSWERS = 5  # fewer answers are not shown
EARLIEST, LATEST = 3, 6  # months after the last day of the event
REMINDED_AFTER = (timedelta(days=7), timedelta(days=14))
OPEN_DAYS = timedelta(days=21)  # then it is closed as not answered
MOST_COLLEAGUES = 500
MOST_CHARACTERS = 300


class FollowUpState(StrEnum):
    """The state of the questions to one participant."""

    OPEN = "open"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # closed without an answer


class Occasion(StrEnum):
    """How often a participant had an occasion to use it."""

    OFTEN = "often"
    SOMETIMES = "sometimes"
    NEVER = "never"


class Influence(StrEnum):
    """What helped or hindered a participant."""

    TIME = "time"
    SUPERVISOR = "supervisor"
    EQUIPMENT = "equipment"
    LAW = "law"
    LANGUAGE = "language"
    NOBODY_ASKED = "nobody_asked"
    FORGOT_HOW = "forgot_how"


class Deed(StrEnum):
    """What a participant may have done since; no facts of a case are asked."""

    REFERRAL = "referral"  # of a possible victim
    CAPTURE = "capture"  # documented
    REQUEST = "request"  # through the right channel


class DeedAnswer(StrEnum):
    """Whether a participant did it at least once."""

    YES = "yes"
    NO = "no"
    NO_OCCASION = "no_occasion"


class ChangeSeen(StrEnum):
    """Whether a supervisor saw a change in practice."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    CANNOT_SAY = "cannot_say"


CONFIRMS = frozenset({ChangeSeen.YES, ChangeSeen.PARTLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswers:
    """The answers of a participant; `used` are codes of competencies that the event practised."""

    occasion: Occasion
    used: tuple[str, ...] = ()
    helped: tuple[Influence, ...] = ()
    hindered: tuple[Influence, ...] = ()
    passed_on: int = 0  # colleagues
    referral: DeedAnswer
    capture: DeedAnswer
    request: DeedAnswer
    contacted: bool  # a person met at the event, through the official channel


class HasAnswers(Protocol):
    """The questions to one participant, with the answers if they came, and what the supervisor saw."""

    @property
    def state(self) -> FollowUpState: ...

    @property
    def answers(self) -> FollowUpAnswers | None: ...

    @property
    def change_seen(self) -> ChangeSeen | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpResult:
    """The result of a follow-up. Everything but the first four numbers is empty while it is hidden."""

    asked: int
    answered: int
    unanswered: int
    supervisors_answered: int
    is_shown: bool = False
    occasions: tuple[tuple[Occasion, int], ...] = ()
    deeds: tuple[tuple[Deed, int, int], ...] = ()  # how many did it, of how many with an occasion
    helped: tuple[tuple[Influence, int], ...] = ()
    hindered: tuple[tuple[Influence, int], ...] = ()
    colleagues: int = 0
    contacted: int = 0
    changes: tuple[tuple[ChangeSeen, int], ...] = ()  # empty with fewer than five answers of supervisors


def first_day(last_day: date) -> date:
    """Return the first day on which the follow-up of an event may open; it is the usual one."""
    return months_later(last_day, EARLIEST)


def latest_day(last_day: date) -> date:
    """Return the last day on which the follow-up of an event may open."""
    return months_later(last_day, LATEST)


def is_possible(day: date, last_day: date) -> bool:
    """Return whether the follow-up of an event may open on a day."""
    return first_day(last_day) <= day <= latest_day(last_day)


def closes_on(opened_on: date) -> date:
    """Return the last day on which the questions are answered."""
    return opened_on + OPEN_DAYS


def reminders_due(opened_on: date, today: date) -> int:
    """Return how many reminders are due by a day: none, one or two."""
    return sum(opened_on + after <= today for after in REMINDED_AFTER)


def result(asked: Sequence[HasAnswers]) -> FollowUpResult:
    """Return the result: answers only after all questions are closed, and only of five people or more."""
    answers = [request.answers for request in asked if request.answers is not None]
    changes = [request.change_seen for request in asked if request.change_seen is not None]
    states = [request.state for request in asked]
    numbers = FollowUpResult(
        asked=len(asked),
        answered=len(answers),
        unanswered=states.count(FollowUpState.UNANSWERED),
        supervisors_answered=len(changes),
    )
    if FollowUpState.OPEN in states or len(answers) < FEWEST_ANSWERS:
        return numbers
    return _with_answers(numbers, answers, changes)


def _with_answers(
    numbers: FollowUpResult, answers: Sequence[FollowUpAnswers], changes: Sequence[ChangeSeen]
) -> FollowUpResult:
    return replace(
        numbers,
        is_shown=True,
        occasions=_occasions(answers),
        deeds=tuple(_deed(answers, deed) for deed in Deed),
        helped=_influences(chain.from_iterable(answer.helped for answer in answers)),
        hindered=_influences(chain.from_iterable(answer.hindered for answer in answers)),
        colleagues=sum(answer.passed_on for answer in answers),
        contacted=sum(answer.contacted for answer in answers),
        changes=_changes(changes),
    )


def _occasions(answers: Sequence[FollowUpAnswers]) -> tuple[tuple[Occasion, int], ...]:
    counts = Counter(answer.occasion for answer in answers)
    return tuple((value, counts[value]) for value in Occasion)


def _deed(answers: Sequence[FollowUpAnswers], deed: Deed) -> tuple[Deed, int, int]:
    replies = [DeedAnswer(getattr(answer, deed)) for answer in answers]
    done = sum(value is DeedAnswer.YES for value in replies)
    return deed, done, sum(value is not DeedAnswer.NO_OCCASION for value in replies)


def _influences(values: Iterable[Influence]) -> tuple[tuple[Influence, int], ...]:
    counts = Counter(values)
    return tuple((value, counts[value]) for value in Influence if counts[value])


def _changes(changes: Sequence[ChangeSeen]) -> tuple[tuple[ChangeSeen, int], ...]:
    if len(changes) < FEWEST_ANSWERS:
        return ()
    return tuple((value, changes.count(value)) for value in ChangeSeen)
