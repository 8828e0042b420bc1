from datetime import timedelta
from math import comb
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from app.checks.domain import watching
from app.checks.domain.watching import Limits, ResultCount, WatchingStatus
from tests.support.settings import NOW

FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))


def _tail(results: int, rate: float, most: int) -> float:
    return sum(comb(results, k) * rate**k * (1 - rate) ** (results - k) for k in range(most + 1))


@given(st.integers(20, 120), st.floats(0.02, 0.98))
def test_limits_leave_at_most_half_of_the_rest_on_each_side(results: int, rate: float) -> None:
    limits = watching.limits(results, rate)
    for low, high, tail in ((limits.low, limits.high, 0.025), (limits.lowest, limits.highest, 0.001)):
        assert _tail(results, rate, low - 1) <= tail + 1e-9 < _tail(results, rate, low) + 2e-9
        assert 1 - _tail(results, rate, high) <= tail + 1e-9
        assert 1 - _tail(results, rate, high - 1) > tail - 1e-9
    assert limits.lowest <= limits.low <= results * rate + 1
    assert results * rate - 1 <= limits.high <= limits.highest


def test_limits_of_twenty_results_at_three_quarters_are_exact() -> None:
    assert watching.limits(20, 0.75) == Limits(low=11, high=18, lowest=9, highest=20)


@pytest.mark.parametrize(
    ("passed", "status"),
    [
        (14, WatchingStatus.WITHIN),
        (19, WatchingStatus.ABOVE),
        (10, WatchingStatus.BELOW),
        (7, WatchingStatus.FAR_BELOW),
    ],
)
def test_status_follows_the_limits(passed: int, status: WatchingStatus) -> None:
    assert watching.status(passed, watching.limits(20, 0.75)) is status


def test_result_is_far_above_when_all_pass_and_half_is_usual() -> None:
    assert watching.status(20, watching.limits(20, 0.5)) is WatchingStatus.FAR_ABOVE


def test_invigilators_are_compared_with_the_same_mix_of_competencies() -> None:
    totals = {"easy": (100, 90), "hard": (100, 30)}
    counts = [
        ResultCount(FIRST, "easy", 20, 18),
        ResultCount(SECOND, "hard", 10, 3),
        ResultCount(SECOND, "easy", 10, 9),
        ResultCount(THIRD, "hard", 19, 19),
    ]
    first, second = sorted(watching.compared(counts, totals), key=lambda result: result.invigilator)
    assert (round(first.rate, 9), first.status) == (0.9, WatchingStatus.WITHIN)
    assert (round(second.rate, 9), second.passed, second.results) == (0.6, 12, 20)


def test_furthest_from_all_comes_first() -> None:
    counts = [ResultCount(FIRST, "", 40, 30), ResultCount(SECOND, "", 40, 40), ResultCount(THIRD, "", 40, 28)]
    order = [result.invigilator for result in watching.compared(counts, {"": (400, 300)})]
    assert order == [SECOND, THIRD, FIRST]


@pytest.mark.parametrize(
    ("passed", "shown"),
    [(0, (0, 0)), (1, (1, 4)), (4, (1, 4)), (5, (5, 5)), (15, (15, 15)), (16, (16, 19)), (20, (20, 20))],
)
def test_few_results_on_either_side_are_shown_in_a_band(passed: int, shown: tuple[int, int]) -> None:
    assert watching.band(passed, 20) == shown


def test_own_chain_depends_on_the_newest_piece_up_to_a_time() -> None:
    day = timedelta(days=1)
    pieces = [(NOW - 9 * day, True), (NOW - 5 * day, False), (NOW - 2 * day, True)]
    assert watching.own_chain_at(pieces, NOW)
    assert not watching.own_chain_at(pieces, NOW - 3 * day)
    assert watching.own_chain_at(pieces, NOW - 6 * day)
    assert not watching.own_chain_at(pieces, NOW - 20 * day)
