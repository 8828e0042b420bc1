import pytest
from hypothesis import example, given, strategies as st

from app.web.charts import Bar, ChartPoint, StackSegment, full_fields, spark, stack, target_bar, trend

number = st.floats(0, 1e6, allow_nan=False)


def percent(text: str | None) -> float:
    assert text is not None
    return float(text.removesuffix("%"))


def test_bar_ends_beyond_its_target() -> None:
    assert target_bar(baseline=20, now=84, expected=80, target=120) == Bar("64.81%", "15.43%", "61.73%", "92.59%")


def test_unknown_values_have_no_marker() -> None:
    assert target_bar(baseline=None, now=None, expected=None, target=60) == Bar(None, None, None, "92.59%")
    assert target_bar(baseline=0, now=0, expected=None, target=None) == Bar(None, None, None, None)


@given(number, number, number, number)
@example(0, 0, 0, 5e-324)
def test_markers_are_within_the_bar(baseline: float, now: float, expected: float, target: float) -> None:
    bar = target_bar(baseline=baseline, now=now, expected=expected, target=target)
    for place in (bar.now, bar.baseline, bar.expected, bar.target):
        assert place is None or 0 <= percent(place) <= 93


POINTS = [
    ChartPoint(0, 6.0, "Q1"),
    ChartPoint(1, None),
    ChartPoint(2, 6.0),
    ChartPoint(3, 17.0),
    ChartPoint(4, 31.0, "Q1"),
]


def test_a_trend_has_a_zero_line_a_goal_and_a_last_point() -> None:
    line = trend(POINTS, goal=60)
    assert line.zero == "88%"
    assert [level.value for level in line.levels] == [20.0, 40.0]  # 60 is the goal's own line
    assert line.goal is not None
    assert line.goal.value == 60
    assert percent(line.goal.y) < percent(line.levels[-1].y) < 88
    assert [marker.last for marker in line.markers] == [False, False, False, True]
    assert line.last == line.markers[-1]
    assert [tick.text for tick in line.ticks] == ["Q1", "Q1"]


def test_gap_breaks_the_line() -> None:
    assert trend(POINTS).path.count("M") == 1
    assert (
        trend(
            [ChartPoint(0, 1.0), ChartPoint(1, 2.0), ChartPoint(2, None), ChartPoint(3, 4.0), ChartPoint(4, 5.0)]
        ).path.count("M")
        == 2
    )


def test_forecast_continues_from_the_last_point() -> None:
    line = trend(POINTS, forecast=[ChartPoint(6, 20.0), ChartPoint(8, 12.0)])
    assert line.path.rsplit("L", 1)[1] == line.dashed.removeprefix("M").split("L")[0]
    assert line.falls
    assert line.forecast is not None
    assert percent(line.forecast.y) > percent(line.markers[-1].y)


def test_right_to_left_line_is_mirrored() -> None:
    there, back = (trend(POINTS, goal=60, forecast=[ChartPoint(8, 24.0)], mirrored=way) for way in (False, True))
    assert [100 - percent(m.x) for m in there.markers] == pytest.approx([percent(m.x) for m in back.markers], abs=0.02)
    assert [m.y for m in there.markers] == [m.y for m in back.markers]
    assert (there.start, back.start) == ("0%", "100%")


def test_empty_trend_has_no_line() -> None:
    line = trend([ChartPoint(0, None), ChartPoint(1, None)], goal=60)
    assert (line.path, line.dashed, line.markers, line.last) == ("", "", (), None)
    assert spark([None, None]).last is None
    assert spark([]).last is None
    assert stack([0, 0]) == ()


@given(st.lists(st.one_of(st.none(), number), min_size=1, max_size=12), st.one_of(st.none(), number), st.booleans())
@example([5e-324], None, False)
def test_no_point_leaves_the_drawing(values: list[float | None], goal: float | None, mirrored: bool) -> None:
    line = trend([ChartPoint(n, value) for n, value in enumerate(values)], goal=goal, mirrored=mirrored)
    for mark in line.markers:
        assert 4.9 <= percent(mark.x) <= 95.1
        assert 7.9 <= percent(mark.y) <= 88.1
    assert len(line.levels) <= 3
    assert all(7.9 <= percent(level.y) <= 88.1 for level in line.levels)


def test_a_spark_marks_its_last_point() -> None:
    line = spark([6, 6, 6, 17, 25, 31])
    assert line.path.startswith("M0 26L20 26L40 26L60 16.3")
    assert line.last is not None
    assert (line.last.x, line.last.y) == ("100%", "14.29%")
    assert spark([3]).path == ""


def test_parts_of_a_stack_fill_it() -> None:
    assert stack((1, 1)) == (StackSegment("0.25%", "49.5%", 1), StackSegment("50.25%", "49.5%", 2))
    parts = stack((62, 48, 31, 17))
    assert [part.kind for part in parts] == [1, 2, 3, 4]
    assert sum(percent(part.width) + 0.5 for part in parts) == pytest.approx(100, abs=0.05)


def test_fields_fill_from_five_on() -> None:
    assert [full_fields(n) for n in (0, 4, 5, 7, 9, 11, 400)] == [0, 0, 1, 2, 3, 4, 4]


def test_second_forecast_begins_at_the_last_point_too() -> None:
    line = trend(POINTS, forecast=[ChartPoint(6, 20.0)], booked=[ChartPoint(6, 50.0)])
    assert line.booked.split("L")[0] == line.dashed.split("L")[0]
    assert line.booked != line.dashed
    assert trend(POINTS).booked == ""


def test_label_of_a_forecast_at_zero_stands_above_it() -> None:
    assert not trend(POINTS, forecast=[ChartPoint(8, 0.0)]).falls
