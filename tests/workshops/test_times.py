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
def test_local_time_follows_the_zone_in_summer_and_winter(day: date, zone: str, utc: datetime) -> None:
    assert times.at(day, time(9), zone) == utc


def test_first_of_a_repeated_hour_counts() -> None:
    assert times.at(date(2027, 10, 31), time(3, 30), "Europe/Sofia") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_skipped_hour_does_not_exist() -> None:
    assert not times.exists(SPRING, time(3, 30), "Europe/Sofia")
    assert times.exists(SPRING, time(4), "Europe/Sofia")
    assert times.exists(date(2027, 10, 31), time(3, 30), "Europe/Sofia")


def test_deadline_is_the_local_end_of_its_day() -> None:
    assert times.end_of(date(2027, 4, 20), "Europe/Sofia") == datetime(2027, 4, 20, 21, tzinfo=UTC)
    assert times.end_of(date(2027, 4, 20), "Asia/Karachi") == datetime(2027, 4, 20, 19, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Europe/Nowhere", "../etc/passwd", "/etc/passwd", "Europe", "a\0b"])
def test_unknown_zone_is_invalid(name: str) -> None:
    assert not times.is_zone(name)


def test_months_between_two_days() -> None:
    assert list(times.months(date(2027, 11, 30), date(2028, 1, 1))) == [
        date(2027, 11, 1),
        date(2027, 12, 1),
        date(2028, 1, 1),
    ]
