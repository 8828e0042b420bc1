"""The anonymous evaluation of an event: ten statements, three open questions, and when results may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FEWEST_ANSWERS = 5  # fewer answers are not shown
LOWEST, HIGHEST = 1, 5  # not at all, fully
OPEN_DAYS = timedelta(days=14)  # after the last day of the event
MOST_CHARACTERS = 500


class EvaluationStatement(StrEnum):
    """A statement about an event; the names are columns of the table `evaluation`."""

    CONTENT_FITS = "content_fits"
    USE_IN_THREE_MONTHS = "use_in_three_months"
    ENOUGH_PRACTICE = "enough_practice"
    FEEDBACK_HELPED = "feedback_helped"
    TRAINER_KNEW = "trainer_knew"
    LANGUAGE_FOLLOWED = "language_followed"
    EXAMPLES_FIT = "examples_fit"
    FELT_SAFE = "felt_safe"
    ORGANISATION_WORKED = "organisation_worked"
    SEND_COLLEAGUE = "send_colleague"


class OpenQuestion(StrEnum):
    """An open question about an event; the names are columns of the table `evaluation`."""

    TO_KEEP = "to_keep"
    TO_CHANGE = "to_change"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class EvaluationAnswers:
    """The answers of one participant: a number from 1 to 5 for each statement, a text for each open question."""

    scores: tuple[int, ...]  # in the order of EvaluationStatement
    texts: tuple[str, ...]  # in the order of OpenQuestion

    def score(self, statement: EvaluationStatement) -> int:
        """Return the answer to a statement."""
        return self.scores[tuple(EvaluationStatement).index(statement)]


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """The result of an evaluation; `means` by statement and `texts` by question are empty while they are hidden."""

    asked: int
    answered: int
    is_closed: bool
    means: tuple[tuple[EvaluationStatement, float], ...] = ()
    texts: tuple[tuple[OpenQuestion, tuple[str, ...]], ...] = ()

    @property
    def is_shown(self) -> bool:
        """Return whether the answers are shown."""
        return bool(self.means)


def closes_on(last_day: date) -> date:
    """Return the last day on which an event is evaluated."""
    return last_day + OPEN_DAYS


def result(answers: Sequence[EvaluationAnswers], *, asked: int, is_closed: bool) -> EvaluationResult:
    """Return the result: only of a closed evaluation, with five answers or more.

    While it is open, the difference of two looks would be the answer of one participant. The texts of each question
    are sorted, so that the texts of one participant are not next to each other.
    """
    if not is_closed or len(answers) < FEWEST_ANSWERS:
        return EvaluationResult(asked, len(answers), is_closed)
    return EvaluationResult(
        asked,
        len(answers),
        is_closed,
        tuple((statement, mean(answers, statement)) for statement in EvaluationStatement),
        tuple((question, _texts(answers, number)) for number, question in enumerate(OpenQuestion)),
    )


def mean(answers: Sequence[EvaluationAnswers], statement: EvaluationStatement) -> float:
    """Return the mean answer to a statement."""
    return sum(answer.score(statement) for answer in answers) / len(answers)


def _texts(answers: Sequence[EvaluationAnswers], number: int) -> tuple[str, ...]:
    return tuple(sorted(answer.texts[number] for answer in answers if answer.texts[number]))
