from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain import retention
from app.catalogue.domain.references.plan import PlanPeriod
from app.catalogue.domain.retention import Days

DAY = timedelta(days=1)
FIRST = PlanPeriod(date(2027, 1, 1), date(2029, 12, 31))
EXTENDED = PlanPeriod(date(2027, 1, 1), date(2030, 12, 31))
SECOND = PlanPeriod(date(2031, 1, 1), date(2033, 6, 30))


@pytest.mark.parametrize("day", [FIRST.starts, date(2028, 2, 29), FIRST.ends])
def test_detail_is_deleted_24_months_after_its_period(day: date) -> None:
    assert retention.gone_from([FIRST], day) == date(2032, 1, 1)
    assert retention.gone_from([FIRST, SECOND], day) == date(2032, 1, 1)


@pytest.mark.parametrize(
    ("ends", "gone"),
    [
        (date(2028, 2, 29), date(2030, 3, 1)),
        (date(2026, 2, 28), date(2028, 2, 29)),
        (date(2027, 8, 31), date(2029, 9, 1)),
        (date(2027, 12, 30), date(2029, 12, 31)),
    ],
)
def test_months_are_counted_by_the_calendar(ends: date, gone: date) -> None:
    assert retention.gone_from([PlanPeriod(date(2025, 1, 1), ends)], date(2025, 6, 1)) == gone


def test_nothing_is_deleted_without_a_plan() -> None:
    assert retention.gone_from([], date(2027, 5, 1)) is None
    assert retention.expired_days([], date(9999, 12, 31)) == ()


def test_newest_version_that_contains_the_day_decides() -> None:
    day = date(2027, 5, 1)
    assert retention.gone_from([FIRST, EXTENDED], day) == date(2033, 1, 1)
    assert retention.gone_from([EXTENDED, FIRST], day) == date(2032, 1, 1)
    assert retention.gone_from([EXTENDED, FIRST], date(2030, 5, 1)) == date(2033, 1, 1)  # the newest says nothing of it


def test_detail_after_the_last_plan_is_not_deleted() -> None:
    late = FIRST.ends + DAY
    assert retention.gone_from([FIRST], late) is None
    assert retention.gone_from([FIRST, EXTENDED], late) == date(2033, 1, 1)


def test_detail_before_a_plan_is_deleted_with_the_next_plan() -> None:
    assert retention.gone_from([FIRST, SECOND], date(2025, 3, 1)) == date(2032, 1, 1)
    assert retention.gone_from([FIRST, SECOND], date(2030, 3, 1)) == date(2035, 7, 1)
    # of two that begin on one day the newer
    assert retention.gone_from([FIRST, EXTENDED], date(2025, 3, 1)) == date(2033, 1, 1)


def test_a_period_that_ends_at_the_end_of_days_never_ends() -> None:
    endless = PlanPeriod(date(2027, 1, 1), date(9999, 12, 31))
    assert retention.gone_from([endless], date(2027, 5, 1)) is None
    assert retention.expired_days([endless], date(9999, 12, 31)) == ()
    assert retention.expired_days([FIRST, endless], date(2040, 1, 1)) == ()


def test_period_that_ends_before_it_begins_contains_no_day() -> None:
    assert retention.gone_from([PlanPeriod(date(2028, 1, 1), date(2027, 1, 1))], date(2026, 1, 1)) is None


def test_expired_days_are_returned_as_ranges() -> None:
    assert retention.expired_days([FIRST, SECOND], date(2031, 12, 31)) == ()
    assert retention.expired_days([FIRST, SECOND], date(2032, 1, 1)) == (Days(date.min, FIRST.ends),)
    assert retention.expired_days([FIRST, SECOND], date(2035, 7, 1)) == (Days(date.min, SECOND.ends),)
    extended_in_part = [
        PlanPeriod(date(2027, 1, 1), date(2027, 12, 31)),
        PlanPeriod(date(2027, 4, 1), date(2040, 12, 31)),
    ]
    assert retention.expired_days(extended_in_part, date(2032, 1, 1)) == (Days(date.min, date(2027, 3, 31)),)


def test_range_contains_its_days_completely() -> None:
    days = Days(date(2027, 1, 1), date(2027, 1, 2))
    first, last = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 2, 23, 59, 59, 999_999, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    assert [days.holds(at) for at in (first - tick, first, last, last + tick)] == [False, True, True, False]


_DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
_PERIODS = st.lists(st.builds(PlanPeriod, _DAYS, _DAYS), max_size=5)


@given(_PERIODS, _DAYS, st.dates(date(2020, 1, 1), date(2036, 12, 31)))
def test_ranges_contain_exactly_the_expired_days(periods: list[PlanPeriod], day: date, today: date) -> None:
    found, gone = retention.expired_days(periods, today), retention.gone_from(periods, day)
    assert any(one.since <= day <= one.until for one in found) == (gone is not None and gone <= today)
    assert all(one.since <= one.until for one in found)
    assert all(one.until + DAY < following.since for one, following in pairwise(found))
