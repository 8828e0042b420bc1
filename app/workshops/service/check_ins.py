"""Check in at a session by the code on the screen of the room, under the lock of the event's row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Role
from app.db.session import db, record
from app.identity.queries import roles
from app.kernel.errors import DomainError
from app.workshops.domain import check_in as rules
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.check_in import CheckInState
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.seats import BookingState
from app.workshops.events import AttendanceRecorded, CheckedIn, CheckInDecided, CheckInOpened, CheckInRefused
from app.workshops.models import AttendanceMark, Booking, WorkshopSession
from app.workshops.models.on_the_day import CheckIn, CheckInCode
from app.workshops.queries import check_ins, participants, workshops
from app.workshops.queries.check_ins import OpenSeat
from app.workshops.service import results
from app.workshops.service.store import locking

LATE_AFTER = timedelta(minutes=15)  # of the start of a session


@dataclass(frozen=True, slots=True)
class CheckInResult:
    """The session and the state of a check-in; no state if the code was refused."""

    state: CheckInState | None
    session_id: UUID | None = None


def open_codes(workshop_id: UUID, session_id: UUID, *, by: UUID, now: datetime) -> None:
    """Create the secret of a session so that the room can show codes; a repeated request changes nothing.

    Raises DomainError outside the time of the session.
    """
    workshop = locking.lock_workshop(workshop_id)
    session = _session(workshop_id, session_id)
    if check_ins.secret_of(session_id) is not None:
        return
    if workshop.state not in ACTIVE or not rules.is_open(session.starts_at, session.ends_at, now):
        raise DomainError("The code can be shown from half an hour before the session until its end.")
    secret = token_hex(rules.SECRET_BYTES)
    db.session.add(CheckInCode(session_id=session_id, secret=secret, opened_by=by, opened_at=now))
    record(CheckInOpened(at=now, actor_id=by, workshop_id=workshop_id, session_id=session_id))


def check_in(person_id: UUID, code: str, now: datetime) -> CheckInResult:
    """Check in with a code that the screen shows now; a repeated request changes nothing."""
    seat = _seat_by_valid_code(check_ins.open_seats(person_id, now), code, now)
    if seat is None:
        record(CheckInRefused(at=now, actor_id=person_id, person_id=person_id))
        return CheckInResult(None)
    return _save(seat, person_id, CheckInState.RECORDED, shown_at=now, taken_at=now, now=now)


def check_in_later(person_id: UUID, code: str, *, taken_at: datetime, now: datetime) -> CheckInResult:
    """Save a check-in that a device took without a connection; unless its code is still valid, it waits.

    A code that no session of the person has shown is refused. `taken_at` is the time of the device, which may be wrong:
    the trainer sees it beside the time at which the screen showed the code.
    """
    seats = check_ins.open_seats(person_id, now)
    seat = _seat_by_valid_code(seats, code, now)
    if seat is not None:
        return _save(seat, person_id, CheckInState.RECORDED, shown_at=now, taken_at=taken_at, now=now)
    for shown_seat in seats:
        last = min(now, shown_seat.ends_at)
        shown_at = rules.shown_at(shown_seat.secret, code, first=shown_seat.starts_at - rules.EARLY, last=last)
        if shown_at is not None:
            return _save(shown_seat, person_id, CheckInState.WAITING, shown_at=shown_at, taken_at=taken_at, now=now)
    record(CheckInRefused(at=now, actor_id=person_id, person_id=person_id))
    return CheckInResult(None)


def decide(workshop_id: UUID, check_in_id: UUID, *, is_confirmed: bool, by: UUID, now: datetime) -> None:
    """Confirm or decline a check-in that was sent later; a decided one does not change.

    Raises NoResultFound for a check-in of another event, DomainError for the own one and after the deadline.
    """
    locking.lock_workshop(workshop_id)
    row = db.session.get_one(CheckIn, check_in_id)
    booking = db.session.get_one(Booking, row.booking_id)
    if booking.workshop_id != workshop_id:
        raise NoResultFound
    if row.state is not CheckInState.WAITING:
        return
    if booking.person_id == by:
        raise DomainError("You cannot record your own attendance.")
    _check_time(workshop_id, row.session_id, by, now)
    row.state = CheckInState.CONFIRMED if is_confirmed else CheckInState.DECLINED
    row.decided_by, row.decided_at = by, now
    if is_confirmed:
        _add_mark(_session(workshop_id, row.session_id), booking, moment=row.shown_at, by=by, now=now)
    record(
        CheckInDecided(
            at=now, actor_id=by, workshop_id=workshop_id, session_id=row.session_id, person_id=booking.person_id,
            is_confirmed=is_confirmed,
        )
    )  # fmt: skip


def _seat_by_valid_code(seats: Sequence[OpenSeat], code: str, now: datetime) -> OpenSeat | None:
    is_valid = (seat for seat in seats if rules.is_open(seat.starts_at, seat.ends_at, now))
    return next((seat for seat in is_valid if rules.is_valid(seat.secret, code, now)), None)


def _save(
    seat: OpenSeat, person_id: UUID, state: CheckInState, *, shown_at: datetime, taken_at: datetime, now: datetime
) -> CheckInResult:
    locking.lock_workshop(seat.workshop_id)
    booking = db.session.get_one(Booking, seat.booking_id, populate_existing=True)
    if booking.state is not BookingState.SEATED:
        raise DomainError("You have no seat in this event any more.")
    query = select(CheckIn).where(CheckIn.session_id == seat.session_id, CheckIn.booking_id == seat.booking_id)
    row = db.session.scalars(query).one_or_none()
    if row is not None and _is_repeated(row, state):
        return CheckInResult(row.state, seat.session_id)
    row = row or CheckIn(id=uuid4(), session_id=seat.session_id, booking_id=seat.booking_id, taken_at=taken_at)
    row.state, row.shown_at, row.arrived_at = state, shown_at, now
    db.session.add(row)
    is_late = state is CheckInState.WAITING
    record(
        CheckedIn(
            at=now, actor_id=person_id, workshop_id=seat.workshop_id, session_id=seat.session_id, person_id=person_id,
            is_late=is_late,
        )
    )  # fmt: skip
    if not is_late:
        _add_mark(_session(seat.workshop_id, seat.session_id), booking, moment=shown_at, by=person_id, now=now)
    return CheckInResult(state, seat.session_id)


def _is_repeated(row: CheckIn, state: CheckInState) -> bool:
    """Return whether a check-in changes nothing; a valid code records a check-in that waits."""
    return row.state is not CheckInState.WAITING or state is CheckInState.WAITING


def _add_mark(session: WorkshopSession, booking: Booking, *, moment: datetime, by: UUID, now: datetime) -> None:
    """Record the participant as present or late, unless the attendance is recorded already."""
    if booking.id in participants.marks_of(session.id):
        return
    attendance = Attendance.LATE if moment > session.starts_at + LATE_AFTER else Attendance.PRESENT
    db.session.add(
        AttendanceMark(session_id=session.id, booking_id=booking.id, mark=attendance, recorded_by=by, recorded_at=now)
    )
    db.session.flush()  # handlers of the event read the new mark
    record(
        AttendanceRecorded(
            at=now, actor_id=by, workshop_id=session.workshop_id, session_id=session.id, people=(booking.person_id,)
        )
    )


def _check_time(workshop_id: UUID, session_id: UUID, by: UUID, now: datetime) -> None:
    workshop = workshops.get(workshop_id)
    session = next(session for session in workshop.sessions if session.id == session_id)
    coordinator = Role.COORDINATOR in roles.roles_of(by, now.date())
    if results.refusal_of(workshop, session, coordinator=coordinator, corrects=False, reason="-", now=now):
        raise DomainError("The time to record the attendance of this session is over.")


def _session(workshop_id: UUID, session_id: UUID) -> WorkshopSession:
    session = next((session for session in locking.sessions(workshop_id) if session.id == session_id), None)
    if session is None:
        raise NoResultFound
    return session
