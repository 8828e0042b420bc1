"""What may be seen of an ended attempt at its four moments, and which of several results is displayed."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.courses import CourseFacts, ReviewPart, ShownResult
from app.quizzes.domain import reviews
from app.quizzes.domain.attempts import Purpose
from app.quizzes.pages.feedback import AnswerFeedback, limited
from app.quizzes.shapes import FeedbackBase, FeedbackRow
from tests.support.courses import ready

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)
POINTS, ANSWERS, REASONS = ReviewPart


def _course(**rules: tuple[ReviewPart, ...]) -> CourseFacts:
    course = ready()[0].folder.course
    assert course.test is not None
    return msgspec.structs.replace(course, test=msgspec.structs.replace(course.test, **rules))


@pytest.mark.parametrize(
    ("minutes", "is_open", "shown"),
    [(0, True, "right_after"), (60, True, "right_after"), (61, True, "while_open"), (61, False, "closed")],
)
def test_moment_decides_what_is_shown(minutes: int, is_open: bool, shown: str) -> None:
    rules = {"right_after": (POINTS,), "while_open": (), "closed": (POINTS, ANSWERS)}
    now = NOON + timedelta(minutes=minutes)
    parts = reviews.parts(_course(**rules), Purpose.TEST, ended_at=NOON, now=now, is_open=is_open)
    assert parts == frozenset(rules[shown])


def test_reasons_without_answers_are_not_shown() -> None:
    course = _course(right_after=(POINTS, REASONS))
    assert reviews.parts(course, Purpose.TEST, ended_at=NOON, now=NOON, is_open=True) == {POINTS}
    assert reviews.is_limited(course, Purpose.TEST)


@pytest.mark.parametrize("purpose", [Purpose.PRETEST, Purpose.RETENTION, Purpose.PRACTICE])
def test_other_attempts_show_everything(purpose: Purpose) -> None:
    course = _course(right_after=())
    assert reviews.parts(course, purpose, ended_at=NOON, now=NOON, is_open=True) == reviews.EVERYTHING
    assert not reviews.is_limited(course, purpose)


def test_default_rules_are_not_limited() -> None:
    assert not reviews.is_limited(_course(), Purpose.TEST)


@given(st.lists(st.floats(0, 1), min_size=1), st.sampled_from(ShownResult))
def test_shown_result_is_within_the_results(scores: list[float], rule: ShownResult) -> None:
    shown = reviews.shown_result(scores, rule)
    assert shown is not None
    assert min(scores) - 1e-9 <= shown <= max(scores) + 1e-9


@pytest.mark.parametrize(
    ("rule", "shown"),
    [(ShownResult.BEST, 0.75), (ShownResult.LAST, 0.5), (ShownResult.FIRST, 0.25), (ShownResult.AVERAGE, 0.5)],
)
def test_shown_result_follows_the_rule(rule: ShownResult, shown: float) -> None:
    assert reviews.shown_result([0.25, 0.75, 0.5], rule) == shown
    assert reviews.shown_result([], rule) is None


def _feedback() -> AnswerFeedback:
    right = FeedbackRow(text="The means", chosen=False, word="Right", kind="good", why="Because of it.")
    own = FeedbackRow(text="The act", chosen=True, word="Not right", kind="bad", why="It is always needed.")
    result = FeedbackBase(word="Not right", kind="bad", rows=(right, own), general="See it.")
    return AnswerFeedback(number=1, stem="Which?", lang="en", dir="ltr", result=result)


def test_points_alone_show_no_answer_and_no_reason() -> None:
    result = limited(_feedback(), frozenset({POINTS})).result
    assert (result.word, result.rows, result.general) == ("Not right", (), "")


def test_answers_without_reasons_show_no_reason() -> None:
    result = limited(_feedback(), frozenset({POINTS, ANSWERS})).result
    assert [(row.word, row.why) for row in result.rows] == [("Right", ""), ("Not right", "")]
    assert result.general == ""
