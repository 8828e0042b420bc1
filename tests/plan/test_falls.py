"""Falls: below 80 % of today's number at one of the next two quarter ends, or with a worse status."""

from datetime import date

import pytest

from app.plan.domain.falls import ComingFigure, fall_of, limited, month_ends_ahead, quarter_ends_ahead
from app.plan.domain.figures import IndicatorStatus as Status

SOON, LATER = date(2027, 9, 30), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("soon", "later", "falls"),
    [(80, 80, False), (79, 80, True), (100, 79, True), (120, 100, False), (None, 100, True), (0, 0, True)],
)
def test_number_below_80_percent_is_a_fall(soon: int | None, later: int | None, falls: bool) -> None:
    ahead = [ComingFigure(SOON, soon, Status.ON_TRACK), ComingFigure(LATER, later, Status.ON_TRACK)]
    assert (fall_of(100, Status.ON_TRACK, ahead) is not None) == falls


@pytest.mark.parametrize(
    ("now", "ahead", "falls"),
    [
        (Status.ON_TRACK, Status.AT_RISK, True),
        (Status.AT_RISK, Status.BEHIND, True),
        (Status.BEHIND, Status.BEHIND, False),
        (Status.BEHIND, Status.ON_TRACK, False),
        (Status.NOT_DUE, Status.BEHIND, False),
        (Status.ON_TRACK, Status.NO_DATA, False),
    ],
)
def test_worse_status_is_a_fall(now: Status, ahead: Status, falls: bool) -> None:
    assert (fall_of(100, now, [ComingFigure(SOON, 100, ahead)]) is not None) == falls


@pytest.mark.parametrize("number", [0, None])
def test_nothing_cannot_fall(number: float | None) -> None:
    assert fall_of(number, Status.ON_TRACK, [ComingFigure(SOON, 0, Status.BEHIND)]) is None


def test_status_with_a_fall_is_at_most_at_risk() -> None:
    assert {status: limited(status) for status in Status} == {
        Status.ON_TRACK: Status.AT_RISK,
        Status.AT_RISK: Status.AT_RISK,
        Status.BEHIND: Status.BEHIND,
        Status.NO_DATA: Status.NO_DATA,
        Status.NOT_DUE: Status.NOT_DUE,
    }


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        (date(2027, 7, 1), [SOON, LATER]),
        (SOON, [LATER, date(2028, 3, 31)]),
        (date(2027, 9, 29), [SOON, LATER]),
    ],
)
def test_next_two_quarter_ends_follow_today(today: date, ends: list[date]) -> None:
    assert quarter_ends_ahead(today) == ends


def test_month_ends_go_to_the_end_of_the_year() -> None:
    ends = month_ends_ahead(date(2027, 7, 31))
    assert (ends[0], ends[-1], len(ends)) == (date(2027, 8, 31), LATER, 5)
    assert month_ends_ahead(date(2027, 11, 2))[-1] == date(2028, 3, 31)
