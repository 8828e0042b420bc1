"""Near dates by the local calendar of a person, and the time of their mails."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from app.home import domain
from app.home.domain import Dated

ZONES = ("Europe/Sofia", "Asia/Karachi", "Asia/Baghdad", "Pacific/Kiritimati", "Etc/GMT+12", "America/St_Johns", "UTC")
SOFIA = ZoneInfo("Europe/Sofia")
# the clocks of Sofia go forward on 28 March 2027, and back on 31 October
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2027, 1, 1, tzinfo=UTC) + minutes * HOUR / 60)
zones = st.sampled_from(ZONES)


def _at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = SOFIA) -> datetime:
    return datetime.combine(day, time(hour, minute), zone)


@pytest.mark.parametrize("hour", [0, 7, 23])
@pytest.mark.parametrize("today", [date(2027, 6, 1), SPRING - DAY, SPRING, AUTUMN - 2 * DAY, AUTUMN])
def test_day_is_near_from_three_days_before_until_its_end(today: date, hour: int) -> None:
    near = [ahead for ahead in (-1, 0, 1, 3, 4, 400) if domain.is_near(today + ahead * DAY, _at(today, hour, 59))]
    assert near == [0, 1, 3]


@pytest.mark.parametrize("today", [date(2027, 6, 1), SPRING - DAY, SPRING, AUTUMN - 3 * DAY, AUTUMN])
def test_moment_is_near_by_its_day_until_it_has_passed(today: date) -> None:
    local = _at(today, 9)
    last, after = _at(today + 3 * DAY, 23, 59), _at(today + 4 * DAY, 0)
    found = [domain.is_near(by.astimezone(UTC), local) for by in (local - HOUR, local, local + HOUR, last, after)]
    assert found == [False, False, True, True, False]


def test_moment_is_near_by_local_calendar() -> None:
    starts = datetime(2027, 6, 4, 22, tzinfo=UTC)  # 4 June in London, 5 June in Karachi
    now = datetime(2027, 6, 1, 9, tzinfo=UTC)
    assert domain.is_near(starts, now.astimezone(ZoneInfo("Europe/London")))
    assert not domain.is_near(starts, now.astimezone(ZoneInfo("Asia/Karachi")))


@pytest.mark.parametrize(("hour", "due"), [(0, False), (6, False), (7, True), (23, True)])
def test_near_mail_is_due_from_seven_local_time(hour: int, *, due: bool) -> None:
    local = _at(SPRING, hour)
    assert domain.near_is_due(local, ()) is due
    assert not domain.near_is_due(local, [domain.near_occasion(SPRING)])
    assert domain.near_is_due(local, [domain.near_occasion(SPRING - DAY)]) is due


def test_fingerprint_depends_on_key_and_date_and_reveals_neither() -> None:
    day, moment = date(2027, 6, 4), datetime(2027, 6, 4, 9, tzinfo=UTC)
    things = [Dated("a", day), Dated("a", day + DAY), Dated("b", day), Dated("a", moment)]
    assert len({one.fingerprint for one in things}) == 4
    assert Dated("a", moment).fingerprint == Dated("a", moment.astimezone(SOFIA)).fingerprint
    assert all(len(one.fingerprint) == 16 and int(one.fingerprint, 16) >= 0 for one in things)


def test_mailed_date_is_not_mailed_again_but_changed_date_is() -> None:
    local, thing = _at(date(2027, 6, 1), 9), Dated("a", date(2027, 6, 3))
    before = {domain.near_occasion(date(2027, 5, 31)): [thing.fingerprint]}
    moved = Dated("a", date(2027, 6, 4))
    assert domain.near_of_the_day([thing], local, {}) == {thing.fingerprint}
    assert domain.near_of_the_day([thing], local, before) == frozenset()
    assert domain.near_of_the_day([thing, moved], local, before) == {moved.fingerprint}


def test_sent_mail_of_the_day_does_not_change() -> None:
    local, old, new = _at(date(2027, 6, 1), 9), Dated("a", date(2027, 6, 3)), Dated("b", date(2027, 6, 3))
    today = {domain.near_occasion(local.date()): [old.fingerprint]}
    assert domain.near_of_the_day([old, new], local, today) == {old.fingerprint}
    tomorrow = local + DAY
    assert domain.near_of_the_day([old, new], tomorrow, today) == {new.fingerprint}


@given(moments, zones, st.integers(-20, 200))
def test_near_days_and_moments_cover_all_time_zones(now: datetime, zone: str, hours: int) -> None:
    local, by = now.astimezone(ZoneInfo(zone)), now + hours * HOUR
    first, last = domain.near_days(now.date())
    if domain.is_near(by.date(), local):
        assert first <= by.date() <= last
    if domain.is_near(by, local):
        begin, end = domain.near_moments(now)
        assert begin <= by < end


@given(
    start=st.sampled_from([datetime(2027, 3, 24, tzinfo=UTC), datetime(2027, 10, 27, 11, tzinfo=UTC)]),
    zone=zones,
    days=st.lists(st.integers(0, 9), max_size=4),
    hours=st.lists(st.integers(0, 200), max_size=4),
)
def test_hourly_job_mails_each_date_once_and_once_per_day(
    start: datetime, zone: str, days: Sequence[int], hours: Sequence[int]
) -> None:
    there = ZoneInfo(zone)
    first = start.astimezone(there).date()
    things = [Dated(f"day {n}", first + one * DAY) for n, one in enumerate(days)]
    things += [Dated(f"moment {n}", start + one * HOUR) for n, one in enumerate(hours)]
    sent: dict[str, frozenset[str]] = {}
    when: dict[str, datetime] = {}
    for n in range(24 * 14):
        now = start + n * HOUR
        local = now.astimezone(there)
        known = {one: marks for one, marks in sent.items() if one in domain.near_occasions(now.date())}
        if domain.near_is_due(local, known) and (marks := domain.near_of_the_day(things, local, known)):
            assert local.hour >= 7
            assert sent.setdefault(domain.near_occasion(local.date()), marks) is marks
            when |= dict.fromkeys(marks, local)
    assert max(Counter(mark for marks in sent.values() for mark in marks).values(), default=1) == 1
    for thing in things:
        day = thing.by.astimezone(there).date() if isinstance(thing.by, datetime) else thing.by
        if day > first or thing.fingerprint in when:  # a moment of the first day may come before the first mail
            assert when[thing.fingerprint].date() == max(day - 3 * DAY, first)
