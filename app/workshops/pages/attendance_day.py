"""Build the parts of the attendance page about check-ins that were sent later and lists of devices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.identity.queries import people as accounts
from app.workshops import labels
from app.workshops.domain import attendance_lists as rules
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.check_in import CheckInState
from app.workshops.queries import attendance_lists, check_ins
from app.workshops.queries.check_ins import CheckInLine
from app.workshops.queries.participants import Participant
from app.workshops.shapes import SessionFacts, WorkshopFacts

CLOCK_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCheckInRow:
    """A check-in that waits; `warning` if its times do not fit, `action` is "" for the actor's own."""

    alias: str
    times: str
    warning: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRow:
    """A mark that differs between the saved attendance and a list that a device sent."""

    alias: str
    saved: str
    other: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceDay:
    """Check-ins and lists of a session; `list_url` is "" when no list may be taken on a device."""

    has_codes: bool
    late: Sequence[LateCheckInRow]
    conflicts: Sequence[ConflictRow]
    room_url: str
    list_url: str


def attendance_day(
    actor: Actor, workshop: WorkshopFacts, session: SessionFacts, people: Sequence[Participant], now: datetime
) -> AttendanceDay:
    """Return the check-ins and lists of a session."""
    by_booking = {person.booking_id: person for person in people}
    waiting = [line for line in check_ins.of_session(session.id) if line.state is CheckInState.WAITING]
    is_running = session.starts_at <= now < rules.deadline(session.ends_at)
    return AttendanceDay(
        has_codes=check_ins.secret_of(session.id) is not None,
        late=[_late(actor, workshop, line, by_booking) for line in waiting if line.booking_id in by_booking],
        conflicts=_conflicts(workshop, session, by_booking),
        room_url=url_for("workshops.show_room", workshop_id=workshop.id, number=session.number)
        if now < session.ends_at
        else "",
        list_url=url_for("workshops.receive_list", workshop_id=workshop.id, number=session.number)
        if is_running
        else "",
    )


def _late(
    actor: Actor, workshop: WorkshopFacts, line: CheckInLine, people: Mapping[UUID, Participant]
) -> LateCheckInRow:
    times = _(
        "Code shown at %(shown)s, arrived at %(arrived)s",
        shown=_clock(line.shown_at, workshop),
        arrived=_clock(line.arrived_at, workshop),
    )
    differs = abs(line.taken_at - line.shown_at) > CLOCK_TOLERANCE
    action = url_for("workshops.decide_check_in", workshop_id=workshop.id, check_in_id=line.id)
    return LateCheckInRow(
        alias=people[line.booking_id].alias,
        times=times,
        warning=_("The clock of the device says %(time)s.", time=_clock(line.taken_at, workshop)) if differs else "",
        action="" if line.person_id == actor.id else action,
    )


def _conflicts(workshop: WorkshopFacts, session: SessionFacts, people: Mapping[UUID, Participant]) -> list[ConflictRow]:
    lists = attendance_lists.open_conflicts(session.id)
    aliases = accounts.names([entry.recorded_by for entry in lists]) if lists else {}
    rows: list[ConflictRow] = []
    for entry in lists:
        source = _(
            "List of %(alias)s, taken at %(time)s",
            alias=aliases.get(entry.recorded_by, ""),
            time=_clock(entry.taken_at, workshop),
        )
        rows += _conflicts_of_list(entry.marks, session.id, people, source)
    return rows


def _conflicts_of_list(
    marks: Mapping[UUID, Attendance], session_id: UUID, people: Mapping[UUID, Participant], source: str
) -> list[ConflictRow]:
    rows = []
    for booking_id, other in marks.items():
        person = people.get(booking_id)
        saved = person.marks.get(session_id) if person else None
        if person is None or saved is None or saved is other:
            continue
        rows.append(
            ConflictRow(
                alias=person.alias,
                saved=labels.attendance_label(saved),
                other=labels.attendance_label(other),
                source=source,
            )
        )
    return rows


def _clock(moment: datetime, workshop: WorkshopFacts) -> str:
    return labels.time_of(moment, workshop.time_zone)
