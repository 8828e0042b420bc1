"""Save attendance lists that devices send, each counted once by its key; remind trainers before the deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import update
from sqlalchemy.exc import NoResultFound

from app.access.targets import Target
from app.db.session import db, record
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.workshops.domain import attendance_lists
from app.workshops.domain.attendance import Attendance
from app.workshops.events import AttendanceListReceived
from app.workshops.models.on_the_day import AttendanceList
from app.workshops.queries import participants, workshops
from app.workshops.queries.attendance_lists import Conflicts, DueSession
from app.workshops.service import results
from app.workshops.service.store import locking


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAttendance:
    """An attendance list of a device: `last_shown` is the number of the last mark that it showed."""

    key: UUID
    marks: Mapping[UUID, Attendance]
    last_shown: int
    reason: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class ListResult:
    """How many marks of a list are new, and how many wait for a decision."""

    saved: int
    conflicts: int


def save_list(workshop_id: UUID, session_id: UUID, sent: SentAttendance, *, by: UUID, now: datetime) -> ListResult:
    """Save the marks of a list; a repeated list returns its first result.

    Marks that another user changed meanwhile wait for a decision. Raises DomainError as `results.save_attendance`,
    NoResultFound for a session of another event and for a key of another session.
    """
    locking.lock_workshop(workshop_id)
    row = db.session.get(AttendanceList, sent.key)
    if row is not None:
        if row.session_id != session_id or row.recorded_by != by:
            raise NoResultFound
        return ListResult(row.saved, len(msgspec.json.decode(row.conflicts, type=Conflicts)))
    merged = attendance_lists.merge(
        participants.marks_of(session_id, sent.last_shown),
        participants.marks_of(session_id),
        sent.marks,
        has_reason=bool(sent.reason.strip()),
    )
    saved = results.save_attendance(workshop_id, session_id, merged.saved, by=by, now=now, reason=sent.reason)
    conflicts = msgspec.json.encode({str(key): mark for key, mark in merged.conflicts.items()}).decode()
    db.session.add(
        AttendanceList(
            key=sent.key,
            session_id=session_id,
            recorded_by=by,
            taken_at=sent.taken_at,
            received_at=now,
            saved=len(saved),
            conflicts=conflicts,
        )
    )
    result = ListResult(len(saved), len(merged.conflicts))
    record(
        AttendanceListReceived(
            at=now, actor_id=by, workshop_id=workshop_id, session_id=session_id, saved=result.saved,
            conflicts=result.conflicts,
        )
    )  # fmt: skip
    return result


def settle_conflicts(session_id: UUID, now: datetime) -> None:
    """Settle the conflicts of a session: a user saw them and saved the attendance."""
    statement = update(AttendanceList).where(
        AttendanceList.session_id == session_id, AttendanceList.settled_at.is_(None)
    )
    db.session.execute(statement.values(settled_at=now))


def remind(session: DueSession, now: datetime) -> None:
    """Notify the trainers of a session once that its attendance is due."""
    until = attendance_lists.deadline(session.ends_at).astimezone(ZoneInfo(session.time_zone)).date()
    messages.tell_all(
        sorted(workshops.get(session.workshop_id).trainers),
        NoticeKind.ATTENDANCE_DUE,
        occasion=f"attendance-due:{session.session_id}",
        facts={"workshop": session.code, "until": until.isoformat()},
        path=ports().path_to(Target.TEACHING_WORKSHOP, session.workshop_id),
        now=now,
    )
