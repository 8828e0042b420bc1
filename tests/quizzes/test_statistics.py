from math import exp
from statistics import correlation, fmean

import pytest
from hypothesis import given, strategies as st

from app.quizzes.domain.statistics import (
    AnswerSums,
    Stratum,
    TotalSums,
    histogram_median,
    language_bias,
    reliability,
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


# section 11 of the capacity measure: 8 people, 4 items
ROWS = ["1110", "1100", "1011", "0100", "1111", "0001", "1000", "1110"]
PEOPLE = [[float(score) for score in row] for row in ROWS]


def items_of_vector() -> list[AnswerSums]:
    return [sums([(row[item], (sum(row) - row[item]) / 3) for row in PEOPLE]) for item in range(4)]


def test_statistics_are_those_of_the_test_vectors() -> None:
    items = items_of_vector()
    correlations = [item.discrimination or 0.0 for item in items]
    assert [item.facility for item in items] == [0.75, 0.625, 0.5, 0.375]
    assert correlations == pytest.approx([0.3333, -0.0325, 0.7559, -0.1532], abs=0.0001)
    errors = [standard_error(value, 8) for value in correlations]
    assert errors == pytest.approx([0.3360, 0.3776, 0.1620, 0.3691], abs=0.0001)
    estimates = shrunken([(value, 8) for value in correlations])
    assert estimates == pytest.approx([0.2429, 0.1923, 0.4632, 0.1747], abs=0.0001)
    mean, error = fmean(correlations), errors[0] ** 2
    pull = (estimates[0] - mean) / (correlations[0] - mean)
    assert pull * error / (1 - pull) == pytest.approx(0.0213, abs=0.0001)  # tau2


def test_reliability_is_that_of_the_test_vector() -> None:
    totals = [sum(row) for row in PEOPLE]
    of_people = TotalSums(8, sum(totals), sum(total**2 for total in totals), 32)
    assert reliability(of_people, items_of_vector()) == pytest.approx(0.4430, abs=0.0001)


@pytest.mark.parametrize(
    "totals", [TotalSums(), TotalSums(1, 2, 4, 4), TotalSums(8, 16, 32, 32), TotalSums(8, 4, 4, 8)]
)
def test_reliability_needs_several_questions_and_different_results(totals: TotalSums) -> None:
    assert reliability(totals, items_of_vector()) is None


def test_language_bias_is_that_of_the_test_vector() -> None:
    bias = language_bias([Stratum(30, 40, 25, 40), Stratum(20, 40, 12, 40)])
    assert bias is not None
    assert exp(bias.index / 2.35) == pytest.approx(2.0612, abs=0.0001)  # alpha
    assert -bias.index == pytest.approx(-1.6998, abs=0.0001)  # delta: negative if the other language is harder
    assert bias.chi_square == pytest.approx(3.9079, abs=0.001)


def test_wilson_intervals_are_those_of_the_test_vectors() -> None:
    assert wilson(33 / 50, 50) == pytest.approx((0.5215, 0.7756), abs=0.0001)
    assert wilson(9 / 12, 12) == pytest.approx((0.4677, 0.9111), abs=0.0001)
