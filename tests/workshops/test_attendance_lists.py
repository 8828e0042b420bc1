"""Attendance lists that devices send: each counts once, differences wait for a decision."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from flask import Flask
from hypothesis import given as each, strategies as st

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.messages.models import Notice
from app.workshops import jobs
from app.workshops.domain import attendance_lists as rules
from app.workshops.domain.attendance import Attendance
from app.workshops.models import AttendanceMark
from app.workshops.queries import attendance_lists as queries, bookings, participants, workshops
from app.workshops.service import attendance_lists, results
from app.workshops.service.attendance_lists import ListResult, SentAttendance
from tests.support import factories, workshop_events
from tests.support.workshop_pages import at

ENDS = datetime(2027, 5, 4, 13, 30, tzinfo=UTC)  # 16:30 in Sofia
NOW = ENDS + timedelta(minutes=10)
MARKS = st.dictionaries(st.integers(1, 6), st.sampled_from(Attendance))


@each(MARKS, MARKS, MARKS, st.booleans())
def test_merge_saves_or_keeps_apart_each_changed_mark(
    shown: dict[int, Attendance], current: dict[int, Attendance], sent: dict[int, Attendance], has_reason: bool
) -> None:
    merged = rules.merge(shown, current, sent, has_reason=has_reason)
    changed = {key for key, mark in sent.items() if shown.get(key) is not mark and current.get(key) is not mark}
    assert merged.saved.keys() | merged.conflicts.keys() == changed
    assert not merged.saved.keys() & merged.conflicts.keys()
    assert all(key not in current or (current[key] is shown.get(key) and has_reason) for key in merged.saved)


def event(people: int) -> tuple[UUID, UUID, list[UUID], UUID]:
    """Return an event: event, its first session, the bookings, a trainer."""
    workshop_id = workshop_events.announced(capacity=max(people, 2))
    workshop_events.booked(workshop_id, people)
    trainer = factories.person(country="BG", grants=((Role.TRAINER, Scope.EVENT, str(workshop_id)),))
    return (
        workshop_id,
        workshops.get(workshop_id).sessions[0].id,
        [line.id for line in bookings.seated(workshop_id)],
        trainer,
    )


def send(
    workshop_id: UUID, session_id: UUID, marks: Mapping[UUID, Attendance], *, by: UUID, key: UUID | None = None
) -> ListResult:
    sent = SentAttendance(key=key or uuid4(), marks=marks, last_shown=0, reason="", taken_at=NOW)
    with transaction():
        return attendance_lists.save_list(workshop_id, session_id, sent, by=by, now=NOW)


def test_list_of_thirty_is_counted_once_when_sent_twice(context: Flask) -> None:
    workshop_id, session_id, seated, trainer = event(30)
    marks, key = dict.fromkeys(seated, Attendance.PRESENT), uuid4()
    first = send(workshop_id, session_id, marks, by=trainer, key=key)
    again = send(workshop_id, session_id, marks, by=trainer, key=key)
    assert first == again == ListResult(30, 0)
    assert db.session.query(AttendanceMark).count() == 30


def test_same_list_of_two_devices_has_no_conflict(context: Flask) -> None:
    workshop_id, session_id, seated, trainer = event(2)
    marks = dict.fromkeys(seated, Attendance.PRESENT)
    send(workshop_id, session_id, marks, by=trainer)
    assert send(workshop_id, session_id, marks, by=trainer) == ListResult(0, 0)


def test_different_mark_of_a_second_device_waits_until_attendance_is_saved(context: Flask) -> None:
    workshop_id, session_id, (first, second), trainer = event(2)
    send(workshop_id, session_id, {first: Attendance.PRESENT, second: Attendance.PRESENT}, by=trainer)
    result = send(workshop_id, session_id, {first: Attendance.PRESENT, second: Attendance.ABSENT}, by=trainer)
    assert result == ListResult(0, 1)
    assert participants.marks_of(session_id)[second] is Attendance.PRESENT
    assert queries.open_conflicts(session_id)[0].marks == {second: Attendance.ABSENT}
    with transaction():
        results.save_attendance(
            workshop_id, session_id, {second: Attendance.ABSENT}, by=trainer, now=NOW, reason="Left before it began"
        )
        attendance_lists.settle_conflicts(session_id, NOW)
    assert queries.open_conflicts(session_id) == []


def test_trainers_get_one_notice_on_the_last_day_before_the_deadline(context: Flask) -> None:
    _workshop_id, _session_id, _seated, trainer = event(1)
    for days in (1, 2, 2.5, 4):
        at(ENDS + timedelta(days=days, hours=1))
        jobs.remind_attendance()
    notices = db.session.query(Notice).filter_by(person_id=trainer).all()
    assert [(notice.kind, notice.path.rpartition("/")[0]) for notice in notices] == [
        ("attendance_due", "/teaching/workshops")
    ]


def test_no_notice_comes_when_all_marks_are_saved(context: Flask) -> None:
    workshop_id, session_id, seated, trainer = event(1)
    send(workshop_id, session_id, {seated[0]: Attendance.PRESENT}, by=trainer)
    at(ENDS + timedelta(days=2, hours=1))
    assert jobs.remind_attendance() == 0
