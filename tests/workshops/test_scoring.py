from datetime import UTC, date, datetime

import pytest

from app.workshops.domain import scoring

STARTS = datetime(2027, 5, 4, 6, tzinfo=UTC)
LAST = date(2027, 5, 5)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2027, 5, 4, 5, 59, tzinfo=UTC), False),
        (STARTS, True),
        (datetime(2027, 5, 19, 20, 59, tzinfo=UTC), True),
        # midnight of 20 May in Sofia, UTC+3
        (datetime(2027, 5, 19, 21, 0, tzinfo=UTC), False),
    ],
)
def test_scoring_ends_two_weeks_after_the_last_day(now: datetime, *, expected: bool) -> None:
    assert scoring.is_open(now, starts_at=STARTS, last_day=LAST, zone="Europe/Sofia") is expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"a": 0, "b": 3}, True),
        ({"a": 0}, False),
        ({"a": 0, "b": 3, "c": 1}, False),
        ({"a": 0, "b": 4}, False),
        ({"a": -1, "b": 3}, False),
    ],
)
def test_complete_scores_cover_exactly_the_criteria(scores: dict[str, int], *, expected: bool) -> None:
    assert scoring.is_complete(scores, ("a", "b")) is expected


def test_score_ratio_is_the_mean_divided_by_three() -> None:
    assert scoring.score_ratio({"a": 3, "b": 2, "c": 1, "d": 2}) == pytest.approx(2 / 3)
