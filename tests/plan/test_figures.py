from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.domain.references.plan import Baseline, Indicator, IndicatorTarget
from app.plan.domain.figures import Status, Sum, expected, figure, lower_is_better, status, targets_of

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
        ("completers", "count", {}, {"IQ": Sum(3), "BG": Sum(4)}, 7),
        ("session_attendance", "percent", {}, {}, None),
        ("session_attendance", "percent", {}, {"IQ": Sum(3, 4), "BG": Sum(0, 2)}, 50),
        ("active_countries", "count", {"officers": 10}, {"IQ": Sum(10), "BG": Sum(9), "": Sum(40)}, 1),
        ("observed", "count", {}, {}, None),
        ("observed", "count", {}, {"IQ": Sum(0, 1)}, 0),
        ("observed_countries", "count", {}, {"IQ": Sum(1, 1), "BG": Sum(0, 1)}, 1),
    ],
)
def test_a_figure_is_made_of_sums_and_missing_is_not_zero(rule, unit, settings, sums, value):
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
def test_the_plan_runs_in_lines_from_the_baseline_over_the_ends_of_the_years(day, planned):
    assert expected(Baseline(STARTS, 0), TARGETS, day) == pytest.approx(planned, abs=0.2)


def test_without_a_measured_baseline_the_first_year_is_level_and_without_a_target_there_is_no_plan():
    assert expected(Baseline(STARTS), TARGETS, date(2027, 2, 1)) == 60
    assert expected(Baseline(STARTS, 0), (), date(2027, 2, 1)) is None


@given(st.integers(0, 1500))
def test_the_planned_line_never_leaves_its_points(n):
    assert 0 <= expected(Baseline(STARTS, 0), TARGETS, STARTS + timedelta(days=n)) <= 260


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (60, Status.ON_TRACK),
        (54, Status.ON_TRACK),
        (53.9, Status.AT_RISK),
        (36, Status.AT_RISK),
        (35.9, Status.BEHIND),
        (0, Status.BEHIND),
        (None, Status.NO_DATA),
    ],
)
def test_a_status_compares_with_nine_and_six_tenths_of_the_planned_progress(value, says):
    assert status(value, indicator(*TARGETS), day=date(2027, 12, 31), starts=STARTS) is says


def test_progress_counts_from_the_baseline():
    meetings = indicator(IndicatorTarget(2027, 6), baseline=Baseline(date(2023, 10, 6), 4))
    assert status(5, meetings, day=date(2027, 12, 31), starts=STARTS) is Status.BEHIND
    assert status(6, meetings, day=date(2027, 12, 31), starts=STARTS) is Status.ON_TRACK


def test_nothing_is_due_before_the_plan_begins_or_without_a_target():
    assert status(None, indicator(*TARGETS), day=date(2026, 12, 31), starts=STARTS) is Status.NOT_DUE
    assert status(5, indicator(), day=date(2027, 12, 31), starts=STARTS) is Status.NOT_DUE


def test_on_the_first_day_nothing_planned_is_on_track():
    assert status(0, indicator(*TARGETS), day=STARTS, starts=STARTS) is Status.ON_TRACK


@pytest.mark.parametrize(("value", "says"), [(96, Status.ON_TRACK), (120, Status.AT_RISK), (200, Status.BEHIND)])
def test_hours_are_better_the_fewer_they_are(value, says):
    hours = indicator(IndicatorTarget(2027, 96), baseline=Baseline(STARTS), unit="hours")
    assert status(value, hours, day=date(2027, 12, 31), starts=STARTS) is says


@pytest.mark.parametrize(
    ("value", "says"), [(50, Status.ON_TRACK), (60, Status.AT_RISK), (80, Status.BEHIND), (110, Status.BEHIND)]
)
def test_a_target_below_the_baseline_is_reached_by_falling(value, says):
    falling = indicator(IndicatorTarget(2027, 50), baseline=Baseline(STARTS, 100))
    assert status(value + (5 if value == 60 else 0), falling, day=date(2027, 12, 31), starts=STARTS) is says
    assert lower_is_better(falling.baseline, falling.targets, "count")


def test_a_country_has_its_own_targets_alone():
    shared = indicator(IndicatorTarget(2028, 8), IndicatorTarget(2027, 4), IndicatorTarget(2027, 1, country="IQ"))
    assert [one.value for one in targets_of(shared)] == [4, 8]
    assert [one.value for one in targets_of(shared, "IQ")] == [1]
    assert status(1, shared, day=date(2027, 12, 31), starts=STARTS, country="IQ") is Status.ON_TRACK
    assert status(1, shared, day=date(2027, 12, 31), starts=STARTS, country="BG") is Status.NOT_DUE
