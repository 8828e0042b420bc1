from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from app.workshops.domain import attendance
from app.workshops.domain.attendance import ATTENDED, Attendance, AttendanceRefusal

STARTS = datetime(2027, 5, 4, 6, tzinfo=UTC)
ENDS = datetime(2027, 5, 4, 13, tzinfo=UTC)
MARKS = st.lists(st.one_of(st.none(), st.sampled_from(Attendance)), max_size=12)


def refusal(
    now: datetime, *, closed: bool = False, corrects: bool = False, coordinator: bool = False, reason: str = ""
) -> AttendanceRefusal | None:
    return attendance.refusal(
        now=now,
        starts_at=STARTS,
        ends_at=ENDS,
        closed=closed,
        corrects=corrects,
        coordinator=coordinator,
        reason=reason,
    )


@pytest.mark.parametrize(
    ("now", "given_", "expected"),
    [
        (STARTS - timedelta(seconds=1), {}, AttendanceRefusal.NOT_BEGUN),
        (STARTS - timedelta(seconds=1), {"coordinator": True, "reason": "early"}, AttendanceRefusal.NOT_BEGUN),
        (STARTS, {}, None),
        (ENDS, {"corrects": True}, AttendanceRefusal.NO_REASON),
        (ENDS, {"corrects": True, "reason": "  "}, AttendanceRefusal.NO_REASON),
        (ENDS, {"corrects": True, "reason": "wrong row"}, None),
        (ENDS + timedelta(days=14), {"corrects": True, "reason": "wrong row"}, None),
        (ENDS + timedelta(days=14, seconds=1), {"reason": "wrong row"}, AttendanceRefusal.COORDINATOR_ONLY),
        (ENDS + timedelta(days=15), {"coordinator": True}, AttendanceRefusal.NO_REASON),
        (ENDS + timedelta(days=15), {"coordinator": True, "reason": "sheet found"}, None),
        (ENDS + timedelta(days=1), {"closed": True, "reason": "wrong row"}, AttendanceRefusal.COORDINATOR_ONLY),
        (ENDS + timedelta(days=1), {"closed": True, "coordinator": True, "reason": "wrong row"}, None),
    ],
)
def test_refusal_depends_on_time_role_and_reason(
    now: datetime, given_: dict[str, bool | str], expected: AttendanceRefusal | None
) -> None:
    asked: Callable[..., AttendanceRefusal | None] = refusal
    assert asked(now, **given_) is expected


def test_changed_returns_only_new_marks() -> None:
    before = {1: Attendance.PRESENT, 2: Attendance.ABSENT}
    marks = {1: Attendance.PRESENT, 2: Attendance.EXCUSED, 3: Attendance.PRESENT}
    assert attendance.changed_marks(before, marks) == {2: Attendance.EXCUSED, 3: Attendance.PRESENT}


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY, Attendance.ABSENT], 0.75),
        ([Attendance.PRESENT, Attendance.EXCUSED, Attendance.EXCUSED, Attendance.EXCUSED], 0.25),
        ([Attendance.PRESENT, None], 0.5),
        ([Attendance.EXCUSED, Attendance.EXCUSED], 0.0),
        ([Attendance.LATE, Attendance.LEFT_EARLY], 1.0),
        ([], None),
    ],
)
def test_excused_and_missing_marks_count_as_missed(marks: list[Attendance | None], expected: float | None) -> None:
    assert attendance.attendance_rate(marks) == expected


@given(MARKS)
def test_attendance_rate_never_falls_when_a_mark_becomes_present(marks: list[Attendance | None]) -> None:
    before = attendance.attendance_rate(marks)
    for place, mark in enumerate(marks):
        if mark not in ATTENDED:
            better = attendance.attendance_rate([*marks[:place], Attendance.PRESENT, *marks[place + 1 :]])
            assert better is not None
            assert before is not None
            assert better > before


@given(MARKS)
def test_attendance_rate_is_a_ratio_of_all_sessions(marks: list[Attendance | None]) -> None:
    found = attendance.attendance_rate(marks)
    assert (found is None) == (not marks)
    assert found is None or found * len(marks) == pytest.approx(sum(mark in ATTENDED for mark in marks))


@given(MARKS, st.floats(0.01, 1))
def test_excused_earns_no_certificate_that_absent_does_not(marks: list[Attendance | None], needed: float) -> None:
    stern = [Attendance.ABSENT if mark is Attendance.EXCUSED else mark for mark in marks]
    earned = attendance.is_earned(attendance.attendance_rate(marks), needed)
    assert earned == attendance.is_earned(attendance.attendance_rate(stern), needed)
    assert not attendance.is_earned(attendance.attendance_rate([Attendance.EXCUSED] * len(marks)), needed)


@pytest.mark.parametrize(("reached", "earned"), [(0.8, True), (0.79, False), (1.0, True), (None, False)])
def test_certificate_needs_the_minimum_attendance_rate(reached: float | None, *, earned: bool) -> None:
    assert attendance.is_earned(reached, 0.8) is earned
