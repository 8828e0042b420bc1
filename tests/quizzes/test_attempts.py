from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.items import Item
from app.kernel.errors import IllegalMoveError
from app.quizzes.domain.attempts import (
    GRACE,
    Arrival,
    AttemptAfter,
    AttemptAllowed,
    AttemptOpen,
    AttemptState,
    AttemptStep,
    AttemptTiming,
    CompetencyScore,
    NoAttemptsLeft,
    PastAttempt,
    RetakeRule,
    accepts,
    after,
    deadline,
    is_over,
    may_start,
    result,
)
from app.quizzes.domain.grading import ItemScore
from app.quizzes.domain.selection import DrawnQuestion, DrawnQuestions
from tests.quizzes import banks

NOON = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)  # clocks change in Europe half an hour later
SECOND = timedelta(seconds=1)
TWICE_A_DAY = RetakeRule(attempts=2, wait=timedelta(hours=24))


def paper(*competencies: str, pass_value: float | None = None) -> DrawnQuestions:
    return DrawnQuestions(
        tuple(
            DrawnQuestion(
                Item(f"M01-Q{n:02}", banks.SINGLE.kind, name, "", banks.SINGLE.answers, pass_value=pass_value)
            )
            for n, name in enumerate(competencies)
        )
    )


@pytest.mark.parametrize(
    ("step", "state"),
    [(AttemptStep.HAND_IN, AttemptState.HANDED_IN), (AttemptStep.TIME_UP, AttemptState.ENDED_BY_TIME)],
)
def test_an_open_attempt_ends_once(step: AttemptStep, state: AttemptState) -> None:
    assert after(AttemptState.OPEN, step) is state
    for again in AttemptStep:
        with pytest.raises(IllegalMoveError):
            after(state, again)


@pytest.mark.parametrize(
    ("minutes", "allowance", "expected"),
    [
        (0, Fraction(1, 2), None),
        (20, Fraction(0), NOON + timedelta(minutes=20)),
        (20, Fraction(1, 4), NOON + timedelta(minutes=25)),
        (60, Fraction(1), NOON + timedelta(minutes=120)),
        (1, Fraction(1, 7), NOON + timedelta(seconds=69)),
    ],
)
def test_deadline_is_start_plus_limit_plus_extra_time(
    minutes: int, allowance: Fraction, expected: datetime | None
) -> None:
    assert deadline(NOON, minutes, allowance) == expected


@given(st.integers(1, 600), st.fractions(0, 2))
def test_no_attempt_ends_early(minutes: int, allowance: Fraction) -> None:
    ends = deadline(NOON, minutes, allowance)
    assert ends is not None
    over = Fraction(round((ends - NOON).total_seconds())) - minutes * 60 * (1 + allowance)
    assert 0 <= over < 1


@pytest.mark.parametrize(
    ("state", "arrived_at", "arrival"),
    [
        (AttemptState.OPEN, NOON, Arrival.COUNTS),
        (AttemptState.OPEN, NOON + GRACE, Arrival.COUNTS),
        (AttemptState.OPEN, NOON + GRACE + SECOND, Arrival.LATE),
        (AttemptState.HANDED_IN, NOON, Arrival.AFTER_END),
        (AttemptState.ENDED_BY_TIME, NOON, Arrival.AFTER_END),
        (AttemptState.ENDED_BY_TIME, NOON + timedelta(days=1), Arrival.LATE),
    ],
)
def test_an_answer_counts_within_the_grace_of_an_open_attempt(
    state: AttemptState, arrived_at: datetime, arrival: Arrival
) -> None:
    assert accepts(AttemptTiming(state, NOON), arrived_at) is arrival


def test_without_limit_no_answer_is_late() -> None:
    assert accepts(AttemptTiming(AttemptState.OPEN, None), NOON + timedelta(days=900)) is Arrival.COUNTS
    assert not is_over(AttemptTiming(AttemptState.OPEN, None), NOON + timedelta(days=900))


def test_the_server_ends_an_attempt_only_when_no_answer_can_count_any_more() -> None:
    for seconds in range(-3, 10):
        at = NOON + seconds * SECOND
        sitting = AttemptTiming(AttemptState.OPEN, NOON)
        assert is_over(sitting, at) == (accepts(sitting, at) is not Arrival.COUNTS)
    assert not is_over(AttemptTiming(AttemptState.HANDED_IN, NOON), NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("ends", "rule", "expected"),
    [
        ([], TWICE_A_DAY, AttemptAllowed(2)),
        ([NOON - timedelta(hours=24)], TWICE_A_DAY, AttemptAllowed(1)),
        ([NOON - timedelta(hours=23)], TWICE_A_DAY, AttemptAfter(NOON + timedelta(hours=1))),
        ([NOON - timedelta(days=9), NOON - timedelta(days=3)], TWICE_A_DAY, NoAttemptsLeft()),
        ([None], TWICE_A_DAY, AttemptOpen()),
        ([NOON - timedelta(days=9), None], TWICE_A_DAY, AttemptOpen()),
        ([NOON] * 50, RetakeRule(attempts=0), AttemptAllowed(None)),
        ([], RetakeRule(1, opens_at=NOON), AttemptAllowed(1)),
        ([], RetakeRule(1, opens_at=NOON + timedelta(hours=1)), AttemptAfter(NOON + timedelta(hours=1))),
        ([NOON - timedelta(days=9)], RetakeRule(1, opens_at=NOON + timedelta(hours=1)), NoAttemptsLeft()),
        (
            [NOON - timedelta(days=3), NOON - timedelta(hours=1)],
            RetakeRule(0, timedelta(hours=2)),
            AttemptAfter(NOON + timedelta(hours=1)),
        ),
    ],
)
def test_another_attempt(ends: list[datetime | None], rule: RetakeRule, expected: object) -> None:
    assert may_start([PastAttempt(end) for end in ends], rule, NOON) == expected


def test_result_lists_lessons_of_the_weakest_competency_first() -> None:
    marks = [ItemScore(1.0), ItemScore(0.5), ItemScore(0.0), ItemScore(0.5), ItemScore(1.0)]
    lessons = {"A": ["a"], "B": ["b", "shared"], "C": ["shared", "c", "d"]}
    found = result(paper("A", "C", "B", "C", "A", pass_value=0.6), marks, 0.7, lessons)
    assert found.outcomes == (
        CompetencyScore("A", 1.0, 2, reached=True),
        CompetencyScore("B", 0.0, 1, reached=False),
        CompetencyScore("C", 0.5, 2, reached=False),
    )
    assert found.read_again == ("b", "shared", "c")
    assert found.score == pytest.approx(0.6)
    assert not found.passed
    assert found.evidence_mark == pytest.approx(0.6)


@pytest.mark.parametrize(("marks", "passed"), [([0.8] * 3, True), ([1.0, 1.0, 0.39], False), ([0.7, 0.8, 0.9], True)])
def test_passed_from_the_pass_mark_on(marks: list[float], *, passed: bool) -> None:
    assert result(paper("A", "A", "A"), [ItemScore(share) for share in marks], 0.8, {}).passed is passed


def test_result_is_not_passed_while_ungraded_or_empty() -> None:
    found = result(paper("A", "A"), [ItemScore(1.0), ItemScore(1.0, needs_person=True)], 0.5, {})
    assert (found.passed, found.waiting) == (False, 1)
    assert not result(paper(), [], 0.0, {}).passed


def test_marks_must_fit_the_paper() -> None:
    with pytest.raises(ValueError, match="shorter"):
        result(paper("A", "A"), [ItemScore(1.0)], 0.5, {})
