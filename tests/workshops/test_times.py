from datetime import UTC, date, datetime, time

import pytest

from app.workshops.domain import times

SPRING = date(2027, 3, 28)  # clocks of Sofia go from 03:00 to 04:00


@pytest.mark.parametrize(
    ("day", "zone", "utc"),
    [
        (date(2027, 3, 27), "Europe/Sofia", datetime(2027, 3, 27, 7, tzinfo=UTC)),
        (date(2027, 3, 29), "Europe/Sofia", datetime(2027, 3, 29, 6, tzinfo=UTC)),
        (date(2027, 3, 29), "Asia/Karachi", datetime(2027, 3, 29, 4, tzinfo=UTC)),
    ],
)
def test_nine_in_the_morning_is_nine_at_the_place(day: date, zone: str, utc: datetime) -> None:
    assert times.at(day, time(9), zone) == utc


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    assert times.at(date(2027, 10, 31), time(3, 30), "Europe/Sofia") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_an_hour_that_is_left_out_does_not_exist() -> None:
    assert not times.exists(SPRING, time(3, 30), "Europe/Sofia")
    assert times.exists(SPRING, time(4), "Europe/Sofia")
    assert times.exists(date(2027, 10, 31), time(3, 30), "Europe/Sofia")


def test_a_deadline_ends_with_the_last_minute_of_its_day_at_the_place() -> None:
    assert times.end_of(date(2027, 4, 20), "Europe/Sofia") == datetime(2027, 4, 20, 21, tzinfo=UTC)
    assert times.end_of(date(2027, 4, 20), "Asia/Karachi") == datetime(2027, 4, 20, 19, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Europe/Nowhere", "../etc/passwd", "/etc/passwd", "Europe", "a\0b"])
def test_what_is_no_zone(name: str) -> None:
    assert not times.is_zone(name)


def test_months_from_one_day_to_another() -> None:
    assert list(times.months(date(2027, 11, 30), date(2028, 1, 1))) == [
        date(2027, 11, 1),
        date(2027, 12, 1),
        date(2028, 1, 1),
    ]
