from datetime import UTC, datetime, timedelta

import pytest

from app.operations.domain import GRACE, JobState, Planned, Run, clocks_differ, line, short_of_space

NOW = datetime(2027, 3, 1, tzinfo=UTC)
HOURLY = Planned("job", timedelta(hours=1))
LIMIT = timedelta(hours=3) + GRACE
GIB = 1024**3


def _run(started: timedelta, good: timedelta | None, error: str = "") -> Run:
    return Run("job", NOW - started, None if good is None else NOW - good, error, 1, 5)


@pytest.mark.parametrize(
    ("run", "state"),
    [
        (None, JobState.NEVER),
        (_run(timedelta(0), None), JobState.GOOD),
        (_run(timedelta(0), LIMIT), JobState.GOOD),
        (_run(timedelta(0), LIMIT + timedelta(seconds=1)), JobState.LATE),
        (_run(LIMIT + timedelta(seconds=1), None), JobState.LATE),
        (_run(timedelta(0), timedelta(hours=1), "OSError"), JobState.FAILED),
        (_run(timedelta(0), LIMIT + timedelta(seconds=1), "OSError"), JobState.LATE),
    ],
)
def test_job_without_a_good_run_for_three_intervals_is_late(run: Run | None, state: JobState) -> None:
    assert line(HOURLY, run, NOW).state is state


def test_next_run_follows_the_last_start() -> None:
    assert line(HOURLY, None, NOW).next_at is None
    assert line(HOURLY, _run(timedelta(minutes=10), None), NOW).next_at == NOW + timedelta(minutes=50)


@pytest.mark.parametrize(
    ("free", "total", "short"),
    [(2 * GIB, 20 * GIB, False), (GIB - 1, 10 * GIB, True), (2 * GIB, 100 * GIB, True), (GIB // 2, GIB // 2, False)],
)
def test_disk_space_is_short_below_a_gibibyte_or_a_twentieth(free: int, total: int, short: bool) -> None:
    assert short_of_space(free, total) is short


def test_clocks_may_differ_by_two_seconds() -> None:
    assert not clocks_differ(NOW, NOW + timedelta(seconds=2))
    assert clocks_differ(NOW, NOW - timedelta(seconds=2, microseconds=1))
