from collections.abc import Iterator

import pytest
from flask_babel import force_locale

from app.reports.domain.document import Series, TrendBlock, TrendPoint
from app.reports.service.trend_charts import chart_of, number

DAYS = ("2026-12-31", "2027-03-31", "2027-06-30", "2027-09-30")


@pytest.fixture(autouse=True)
def _english(context: None) -> Iterator[None]:
    with force_locale("en"):
        yield


def _series(*values: float | None, start: int = 0, is_forecast: bool = False) -> Series:
    points = tuple(TrendPoint(day=DAYS[start + n], value=value) for n, value in enumerate(values))
    return Series(name="s", points=points, is_forecast=is_forecast)


def _trend(*series: Series, target: float | None = None, unit: str = "count") -> TrendBlock:
    return TrendBlock(caption="c", description="d", unit=unit, series=series, target=target)


@pytest.mark.parametrize(
    "series",
    [
        (),
        (_series(),),
        (_series(None, None),),
        (_series(5),),
        (_series(0, 0, 0),),
        (_series(1, 2, is_forecast=True),),
        (_series(1, 2), _series(None, None, start=2, is_forecast=True)),
    ],
    ids=range(7),
)
def test_trend_with_few_values_is_drawn(series: tuple[Series, ...]) -> None:
    chart = chart_of(_trend(*series))
    assert all(float(piece.x1.rstrip("%")) <= 100 for piece in chart.strokes)


def test_missing_value_breaks_the_line() -> None:
    chart = chart_of(_trend(_series(1, 2, None, 4)))
    assert [piece.look for piece in chart.strokes] == ["main"]
    assert len(chart.line.markers) == 3


def test_forecasts_are_dashed_and_begin_at_the_last_value() -> None:
    ahead = _series(3, 4, start=2, is_forecast=True)
    chart = chart_of(_trend(_series(1, 2), ahead, ahead, _series(1, 1, 1, 1)))
    assert [piece.look for piece in chart.strokes] == ["other"] * 3 + ["long"] * 2 + ["dash"] * 2 + ["main"]
    dashed = next(piece for piece in chart.strokes if piece.look == "dash")
    assert (dashed.x1, dashed.y1) == (chart.line.last.x, chart.line.last.y)


def test_other_lines_are_on_the_scale_of_the_first() -> None:
    alone = chart_of(_trend(_series(10, 10))).strokes[0]
    with_larger = chart_of(_trend(_series(10, 10), _series(20, 20)))
    assert with_larger.strokes[-1].y1 > alone.y1
    assert with_larger.strokes[0].y1 == alone.y1


def test_texts_of_the_drawing_are_digits() -> None:
    chart = chart_of(_trend(_series(10, 12.5), target=50, unit="percent"))
    assert (chart.last, chart.goal) == ("12.5%", "50%")
    assert [tick.text for tick in chart.line.ticks] == ["12/2026", "03/2027"]


@pytest.mark.parametrize(
    ("value", "unit", "expected"), [(1234.0, "count", "1,234"), (0.5, "hours", "0.5"), (85.0, "percent", "85%")]
)
def test_number_is_written_with_its_unit(value: float, unit: str, expected: str) -> None:
    assert number(value, unit) == expected
