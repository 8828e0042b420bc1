from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from app.backup.domain.retention import RECENT, Keep, kept

NOW = datetime(2027, 3, 31, 12, tzinfo=UTC)
KEEP = Keep(days=7, weeks=5, months=12)
moments = st.sets(st.integers(0, 24 * 800).map(lambda hours: NOW - timedelta(hours=hours)), max_size=60)
keeps = st.builds(Keep, days=st.integers(0, 9), weeks=st.integers(0, 9), months=st.integers(0, 14))


def _months(made_at: frozenset[datetime] | set[datetime]) -> set[tuple[int, int]]:
    return {(moment.year, moment.month) for moment in made_at}


def test_four_backups_a_day_leave_days_weeks_and_months() -> None:
    made_at = {NOW - timedelta(hours=6 * number) for number in range(4 * 400)}
    result = kept(made_at, NOW, KEEP)
    assert len([moment for moment in result if moment > NOW - RECENT]) == 8
    assert len({moment.date() for moment in result if moment > NOW - timedelta(days=7)}) == 7
    assert len(_months(result)) == 12
    assert len(result) < 30


@given(moments, keeps)
def test_newest_and_recent_backups_are_always_kept(made_at: set[datetime], keep: Keep) -> None:
    result = kept(made_at, NOW, keep)
    assert result <= made_at
    assert {moment for moment in made_at if moment > NOW - RECENT} <= result
    assert not made_at or max(made_at) in result


@given(moments, keeps)
def test_kept_backups_stay_kept_when_the_rule_is_applied_again(made_at: set[datetime], keep: Keep) -> None:
    result = kept(made_at, NOW, keep)
    assert kept(result, NOW, keep) == result


@given(moments, keeps)
def test_number_of_older_backups_is_limited(made_at: set[datetime], keep: Keep) -> None:
    older = [moment for moment in kept(made_at, NOW, keep) if moment <= NOW - RECENT]
    assert len(older) <= keep.days + keep.weeks + keep.months + 1


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60), keeps)
def test_deleting_after_each_backup_keeps_each_of_the_last_months(pauses: list[int], keep: Keep) -> None:
    now, left, all_of_them = NOW, set[datetime](), set[datetime]()
    for hours in pauses:
        now += timedelta(hours=hours)
        all_of_them.add(now)
        left = set(kept(left | {now}, now, keep))
    assert sorted(_months(all_of_them))[-keep.months :] == sorted(_months(left))[-keep.months :] or not keep.months
