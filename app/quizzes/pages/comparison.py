"""View model of an officer's own progress in a course: before it, in the test, and some months later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor

from flask_babel import gettext as _

from app.quizzes import queries
from app.quizzes.domain.attempts import Purpose
from app.quizzes.shapes import AttemptLine, AttemptView

COMPARED = (Purpose.PRETEST, Purpose.TEST, Purpose.RETENTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonLine:
    """The result of an attempt in percent, and the change in points since the one before it; "" for the first."""

    label: str
    ended: datetime
    percent: int
    change: str


def comparison(attempt: AttemptView) -> tuple[ComparisonLine, ...]:
    """Return the pre-test, the attempt's test and the later questions of its person; empty with fewer than two.

    Of several tests, the attempt that is shown, or the last one that was passed.
    """
    if attempt.purpose not in COMPARED:
        return ()
    ended = [line for line in queries.attempts_at(attempt.person_id, attempt.course_id) if line.score is not None]
    chosen = [line for purpose in COMPARED if (line := _chosen(ended, purpose, attempt)) is not None]
    if len(chosen) < 2:
        return ()
    return tuple(_line(line, before) for line, before in zip(chosen, [None, *chosen], strict=False))


def _chosen(ended: Sequence[AttemptLine], purpose: Purpose, attempt: AttemptView) -> AttemptLine | None:
    of_purpose = [line for line in ended if line.purpose is purpose]
    shown = [line for line in of_purpose if line.id == attempt.id]
    passed = [line for line in of_purpose if line.passed or purpose is not Purpose.TEST]
    return next(iter(shown or passed or of_purpose), None)


def _line(line: AttemptLine, before: AttemptLine | None) -> ComparisonLine:
    labels = {
        Purpose.PRETEST: _("Before the course"),
        Purpose.TEST: _("Test"),
        Purpose.RETENTION: _("Some months later"),
    }
    percent = _percent(line)
    return ComparisonLine(
        label=labels[line.purpose],
        ended=line.ended_at or line.started_at,
        percent=percent,
        change="" if before is None else _change(percent - _percent(before)),
    )


def _percent(line: AttemptLine) -> int:
    return floor((line.score or 0) * 100 + 1e-6)


def _change(points: int) -> str:
    if points == 0:
        return _("No change")
    return _("%(points)s points more", points=points) if points > 0 else _("%(points)s points less", points=-points)
