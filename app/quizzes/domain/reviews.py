"""What an officer may see of an ended attempt: which of the four moments it is, and the parts shown in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import fmean

from app.catalogue.domain.courses import CourseFacts, ReviewPart, ShownResult
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.rules import course_test

RIGHT_AFTER = timedelta(hours=1)  # since the end of the attempt
EVERYTHING = frozenset(ReviewPart)


def parts(
    course: CourseFacts, purpose: Purpose, *, ended_at: datetime, now: datetime, is_open: bool
) -> frozenset[ReviewPart]:
    """Return the parts of an ended attempt that are shown; `is_open`: others may still attempt the test.

    Only the test has such rules. Reasons would tell the right answer: without answers they are left out, too.
    """
    if purpose is not Purpose.TEST:
        return EVERYTHING
    test = course_test(course)
    later = test.while_open if is_open else test.closed
    shown = test.right_after if now - ended_at <= RIGHT_AFTER else later
    if ReviewPart.ANSWERS not in shown:
        return frozenset(shown) - {ReviewPart.REASONS}
    return frozenset(shown)


def is_limited(course: CourseFacts, purpose: Purpose) -> bool:
    """Return whether the test of a course hides a part of an ended attempt at some time."""
    if purpose is not Purpose.TEST:
        return False
    test = course_test(course)
    return any(EVERYTHING - set(shown) for shown in (test.right_after, test.while_open, test.closed))


def shown_result(scores: Sequence[float], rule: ShownResult) -> float | None:
    """Return the result of several attempts that is displayed, in the order in which they ended; None without one."""
    if not scores:
        return None
    return {
        ShownResult.BEST: max(scores),
        ShownResult.LAST: scores[-1],
        ShownResult.FIRST: scores[0],
        ShownResult.AVERAGE: fmean(scores),
    }[rule]
