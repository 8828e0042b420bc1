from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.references.plan import Baseline, Indicator, IndicatorTarget
from app.plan.domain.figures import IndicatorStatus, expected, figure, lower_is_better, status, targets_of
from app.plan.domain.sums import FigureSum

STARTS = date(2027, 1, 1)
TARGETS = (IndicatorTarget(2027, 60), IndicatorTarget(2028, 160), IndicatorTarget(2029, 260))


def indicator(*targets, baseline=None, unit="count"):
    return Indicator(
        id="OC1.1",
        level="outcome",
        result="OC1",
        rule="completers",
        definition_version=1,
        valid_from=STARTS,
        unit=unit,
        entered="platform",
        frequency="monthly",
        owner="coordinator",
        split_by=("country",),
        baseline=Baseline(STARTS, 0) if baseline is None else baseline,
        targets=targets,
    )


@pytest.mark.parametrize(
    ("rule", "unit", "settings", "sums", "value"),
    [
        ("completers", "count", {}, {}, 0),
        ("completers", "count", {}, {"IQ": FigureSum(3), "BG": FigureSum(4)}, 7),
        ("session_attendance", "percent", {}, {}, None),
        ("session_attendance", "percent", {}, {"IQ": FigureSum(3, 4), "BG": FigureSum(0, 2)}, 50),
        (
            "active_countries",
            "count",
            {"officers": 10},
            {"IQ": FigureSum(10), "BG": FigureSum(9), "": FigureSum(40)},
            1,
        ),
        ("observed", "count", {}, {}, None),
        ("observed", "count", {}, {"IQ": FigureSum(0, 1)}, 0),
        ("observed_countries", "count", {}, {"IQ": FigureSum(1, 1), "BG": FigureSum(0, 1)}, 1),
    ],
)
def test_figure_is_calculated_from_sums_and_missing_is_not_zero(rule, unit, settings, sums, value):
    assert figure(rule, unit, settings, sums) == value


@pytest.mark.parametrize(
    ("day", "planned"),
    [
        (date(2026, 6, 1), 0),
        (date(2027, 1, 1), 0),
        (date(2027, 12, 31), 60),
        (date(2028, 12, 31), 160),
        (date(2028, 7, 1), 110),
        (date(2031, 1, 1), 260),
    ],
)
def test_planned_value_lies_on_lines_between_the_targets(day, planned):
    assert expected(Baseline(STARTS, 0), TARGETS, day) == pytest.approx(planned, abs=0.2)


def test_planned_value_without_baseline_or_target():
    assert expected(Baseline(STARTS), TARGETS, date(2027, 2, 1)) == 60
    assert expected(Baseline(STARTS, 0), (), date(2027, 2, 1)) is None


@given(st.integers(0, 1500))
def test_planned_value_stays_between_its_points(n):
    assert 0 <= expected(Baseline(STARTS, 0), TARGETS, STARTS + timedelta(days=n)) <= 260


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (60, IndicatorStatus.ON_TRACK),
        (54, IndicatorStatus.ON_TRACK),
        (53.9, IndicatorStatus.AT_RISK),
        (36, IndicatorStatus.AT_RISK),
        (35.9, IndicatorStatus.BEHIND),
        (0, IndicatorStatus.BEHIND),
        (None, IndicatorStatus.NO_DATA),
    ],
)
def test_status_has_thresholds_at_nine_and_six_tenths(value, says):
    assert status(value, indicator(*TARGETS), day=date(2027, 12, 31), starts=STARTS) is says


def test_progress_counts_from_the_baseline():
    meetings = indicator(IndicatorTarget(2027, 6), baseline=Baseline(date(2023, 10, 6), 4))
    assert status(5, meetings, day=date(2027, 12, 31), starts=STARTS) is IndicatorStatus.BEHIND
    assert status(6, meetings, day=date(2027, 12, 31), starts=STARTS) is IndicatorStatus.ON_TRACK


def test_nothing_is_due_before_the_plan_begins_or_without_a_target():
    assert status(None, indicator(*TARGETS), day=date(2026, 12, 31), starts=STARTS) is IndicatorStatus.NOT_DUE
    assert status(5, indicator(), day=date(2027, 12, 31), starts=STARTS) is IndicatorStatus.NOT_DUE


def test_status_is_on_track_on_the_first_day():
    assert status(0, indicator(*TARGETS), day=STARTS, starts=STARTS) is IndicatorStatus.ON_TRACK


@pytest.mark.parametrize(
    ("value", "says"), [(96, IndicatorStatus.ON_TRACK), (120, IndicatorStatus.AT_RISK), (200, IndicatorStatus.BEHIND)]
)
def test_fewer_hours_are_better(value, says):
    hours = indicator(IndicatorTarget(2027, 96), baseline=Baseline(STARTS), unit="hours")
    assert status(value, hours, day=date(2027, 12, 31), starts=STARTS) is says


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (50, IndicatorStatus.ON_TRACK),
        (60, IndicatorStatus.AT_RISK),
        (80, IndicatorStatus.BEHIND),
        (110, IndicatorStatus.BEHIND),
    ],
)
def test_target_below_the_baseline_is_reached_by_a_lower_figure(value, says):
    falling = indicator(IndicatorTarget(2027, 50), baseline=Baseline(STARTS, 100))
    assert status(value + (5 if value == 60 else 0), falling, day=date(2027, 12, 31), starts=STARTS) is says
    assert lower_is_better(falling.baseline, falling.targets, "count")


def test_country_has_only_its_own_targets():
    shared = indicator(IndicatorTarget(2028, 8), IndicatorTarget(2027, 4), IndicatorTarget(2027, 1, country="IQ"))
    assert [one.value for one in targets_of(shared)] == [4, 8]
    assert [one.value for one in targets_of(shared, "IQ")] == [1]
    assert status(1, shared, day=date(2027, 12, 31), starts=STARTS, country="IQ") is IndicatorStatus.ON_TRACK
    assert status(1, shared, day=date(2027, 12, 31), starts=STARTS, country="BG") is IndicatorStatus.NOT_DUE
