from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.backup.domain import status
from app.backup.domain.status import BackupRun, BackupState, BackupSummary, HolderCheck

NOW = datetime(2027, 3, 31, 12, tzinfo=UTC)
EVERY = timedelta(hours=6)
GOOD = BackupRun(name="academy-20270331T060000Z.age", started_at=NOW, took_ms=1, size=1, rows=1, faults=0, error="")
FAILED = replace(GOOD, name="", error="The disk is full.")


def _ago(run: BackupRun, **ago: int) -> BackupRun:
    return replace(run, started_at=NOW - timedelta(**ago))


@pytest.mark.parametrize(
    ("last", "is_due"),
    [
        (None, True),
        (_ago(GOOD, hours=5, minutes=59), False),
        (_ago(GOOD, hours=6), True),
        (_ago(FAILED, minutes=29), False),
        (_ago(FAILED, minutes=30), True),
        (_ago(GOOD, hours=-3), True),  # the clock was set back
    ],
)
def test_backup_is_due_after_its_period_or_earlier_after_a_failure(last: BackupRun | None, *, is_due: bool) -> None:
    assert status.is_due(last, EVERY, NOW) is is_due


@pytest.mark.parametrize("was_made", [True, False])
@pytest.mark.parametrize("has_place", [True, False])
@pytest.mark.parametrize("is_in_place", [True, False])
def test_attempt_of_the_job_or_without_a_place_is_of_the_schedule(
    *, was_made: bool, has_place: bool, is_in_place: bool
) -> None:
    facts = {"was_made": was_made, "has_place": has_place, "is_in_place": is_in_place}
    assert status.is_of_schedule(by_hand=False, **facts)
    assert status.is_of_schedule(by_hand=True, **facts) is (not has_place or (was_made and is_in_place))


@pytest.mark.parametrize(
    ("last", "good", "state"),
    [
        (None, None, BackupState.NEVER),
        (_ago(GOOD, hours=12), _ago(GOOD, hours=12), BackupState.GOOD),
        (_ago(GOOD, hours=14), _ago(GOOD, hours=14), BackupState.OLD),
        (_ago(FAILED, hours=1), _ago(GOOD, hours=2), BackupState.FAILED),
        (_ago(FAILED, hours=1), None, BackupState.FAILED),
    ],
)
def test_state_of_the_last_backup(last: BackupRun | None, good: BackupRun | None, state: BackupState) -> None:
    assert status.backup_state(BackupSummary(last, good, None), EVERY, NOW) is state


@pytest.mark.parametrize(
    ("check", "state"),
    [
        (None, BackupState.NEVER),
        (HolderCheck(NOW - timedelta(days=92), GOOD.name), BackupState.GOOD),
        (HolderCheck(NOW - timedelta(days=93), GOOD.name), BackupState.OLD),
    ],
)
def test_check_by_a_holder_is_old_after_three_months(check: HolderCheck | None, state: BackupState) -> None:
    assert status.check_state(check, NOW) is state
