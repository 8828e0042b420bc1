from statistics import correlation, fmean

import pytest
from hypothesis import given, strategies as st

from app.quizzes.domain.statistics import (
    AnswerSums,
    Stratum,
    histogram_median,
    language_bias,
    shrunken,
    standard_error,
    wilson,
)

Pairs = list[tuple[float, float]]
scores = st.sampled_from([0.0, 0.25, 0.5, 1.0])
pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=40)


def sums(values: Pairs) -> AnswerSums:
    total = AnswerSums()
    for score, rest in values:
        total += AnswerSums(1, score, rest, score**2, rest**2, score * rest)
    return total


@given(pairs)
def test_facility_is_the_mean_score(values: Pairs) -> None:
    assert sums(values).facility == pytest.approx(fmean(score for score, _rest in values))


@given(pairs)
def test_discrimination_is_the_correlation_with_the_rest(values: Pairs) -> None:
    measured = sums(values).discrimination
    if len({score for score, _rest in values}) < 2 or len({rest for _score, rest in values}) < 2:
        assert measured is None
    else:
        assert measured == pytest.approx(correlation(*zip(*values, strict=True)), abs=1e-6)


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_wilson_interval_contains_the_rate_within_0_and_1(rate: float, n: int) -> None:
    lower, upper = wilson(rate, n)
    assert 0 <= lower <= rate + 1e-9
    assert rate - 1e-9 <= upper <= 1


def test_wilson_interval_of_half_of_thirty() -> None:
    assert wilson(0.5, 30) == pytest.approx((0.3315, 0.6685), abs=0.0005)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_median_of_a_histogram_is_the_median_of_its_values(values: list[int]) -> None:
    ordered, half = sorted(values), len(values) // 2
    median = ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
    assert histogram_median({value: values.count(value) for value in values}) == median


def test_median_of_an_empty_histogram_is_none() -> None:
    assert histogram_median({}) is None


def test_standard_error_of_no_correlation() -> None:
    assert standard_error(0.0, 26) == pytest.approx(0.2)


def test_shrunken_correlations_move_towards_the_mean_the_more_the_fewer_answers() -> None:
    few, many, middle = shrunken([(0.9, 30), (-0.3, 3000), (0.3, 3000)])
    assert 0.3 < few < 0.9
    assert few < 0.9 - (-0.3 - many)
    assert many == pytest.approx(-0.3, abs=0.01)
    assert middle == pytest.approx(0.3, abs=0.01)
    assert shrunken([]) == []


def test_language_bias_is_zero_for_equal_rates() -> None:
    bias = language_bias([Stratum(15, 20, 30, 40), Stratum(10, 20, 20, 40)])
    assert bias is not None
    assert bias.index == pytest.approx(0)
    assert bias.chi_square < 0.1


def test_language_bias_is_positive_if_the_other_language_is_harder() -> None:
    bias = language_bias([Stratum(40, 50, 15, 50), Stratum(45, 50, 20, 50)])
    assert bias is not None
    assert bias.index > 1.5
    assert bias.chi_square > 3.84


@pytest.mark.parametrize("strata", [[], [Stratum(0, 0, 5, 9)], [Stratum(5, 5, 5, 5)]])
def test_language_bias_needs_right_and_wrong_answers_in_both(strata: list[Stratum]) -> None:
    assert language_bias(strata) is None
