"""What a result page says beside the result: corrected scores, and what of the answers is shown at this time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor

from flask_babel import format_decimal, gettext as _

from app.catalogue.domain.courses import ReviewPart
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.shapes import Outline
from app.quizzes.domain import reviews, rules
from app.quizzes.domain.attempts import Result
from app.quizzes.queries import corrections
from app.quizzes.shapes import AttemptView


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedScore:
    """A question whose key was corrected after the attempt, with its points before and after."""

    question: int
    at: datetime
    before: str
    after: str


def review_parts(attempt: AttemptView, outline: Outline, now: datetime) -> frozenset[ReviewPart]:
    """Return the parts of the answers that may be seen now."""
    if not reviews.is_limited(outline.facts, attempt.purpose):
        return reviews.EVERYTHING
    return reviews.parts(
        outline.facts,
        attempt.purpose,
        ended_at=attempt.ended_at or now,
        now=now,
        is_open=versions.is_open(attempt.course_id),
    )


def notes(
    attempt: AttemptView, result: Result, parts: frozenset[ReviewPart], titles: Mapping[str, str]
) -> Iterator[str]:
    """Yield the sentences about the result and its answers."""
    least = rules.floor(catalogue.outline(attempt.version_id).facts, attempt.purpose)
    for competency in result.below_floor:
        percent = round(least[competency] * 100)
        name = titles.get(competency, competency)
        yield _("To pass, you need at least %(percent)s %% in this: %(name)s.", percent=percent, name=name)
    if any(slip.repeated for slip in attempt.slips):
        yield _("Repeated paper: you met some of these documents in an earlier attempt.")
    if note := _review_note(parts):
        yield note


def _review_note(parts: frozenset[ReviewPart]) -> str:
    if ReviewPart.POINTS not in parts and ReviewPart.ANSWERS not in parts:
        return _("The answers are not shown at this time. The trainers of the course decide when they are.")
    if ReviewPart.ANSWERS not in parts:
        return _("The right answers are not shown while others may still take this test.")
    return ""


def corrected_scores(attempt: AttemptView) -> tuple[CorrectedScore, ...]:
    """Return the questions of an attempt whose scores a corrected key changed."""
    return tuple(
        CorrectedScore(question=line.question, at=line.at, before=figure(line.before), after=figure(line.after))
        for line in corrections.regrades_of(attempt.row_id)
    )


def figure(value: float) -> str:
    """Return a number of points, cut to one decimal: what is short of the mark must not look as if it reached it."""
    return str(format_decimal(floor(value * 10 + 1e-6) / 10))
