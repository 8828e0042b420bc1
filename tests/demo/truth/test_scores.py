import math

import pytest
from hypothesis import given, strategies as st

from app.demo.truth.scores import Score, calibration, mean, score

CHANCES = st.floats(0, 1)


def test_score_of_true_values_is_zero() -> None:
    assert score([0.2, 0.4], [0.2, 0.4]) == Score(0.0, 0.0, None)


def test_bias_has_sign_and_rmse_has_none() -> None:
    found = score([0.5, 0.1], [0.2, 0.4], 0.03)
    assert found.bias == pytest.approx(0.0)
    assert found.rmse == pytest.approx(0.3)
    assert found.ece == 0.03


def test_calibration_of_known_chances() -> None:
    assert calibration([0.55, 0.55], [True, False]) == pytest.approx(0.05)
    assert calibration([0.9] * 10, [False] * 10) == pytest.approx(0.9)
    assert calibration([1.0, 0.0], [True, False]) == 0


def test_calibration_errors_of_two_bins_do_not_cancel() -> None:
    assert calibration([0.2, 0.8], [True, False]) == pytest.approx(0.8)


def test_mean_skips_missing_calibration() -> None:
    found = mean([Score(0.1, 0.2, None), Score(0.3, 0.4, 0.02)])
    assert (found.bias, found.rmse, found.ece) == pytest.approx((0.2, 0.3, 0.02))
    assert mean([Score(0.1, 0.2)]).ece is None


@given(st.lists(st.tuples(CHANCES, CHANCES), min_size=1))
def test_rmse_is_at_least_bias(pairs: list[tuple[float, float]]) -> None:
    told, true = zip(*pairs, strict=True)
    found = score(told, true)
    assert abs(found.bias) <= found.rmse + 1e-9 <= 1 + 1e-9


@given(st.lists(st.tuples(CHANCES, st.booleans()), min_size=1))
def test_calibration_is_between_0_and_1(pairs: list[tuple[float, bool]]) -> None:
    chances, came_true = zip(*pairs, strict=True)
    found = calibration(chances, came_true)
    assert 0 <= found <= 1
    assert not math.isnan(found)
