"""Read check-ins: open sessions of a person, those that wait for a trainer, and the rate limit of wrong codes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.audit import queries as audit
from app.db.session import db
from app.kernel.events import stored_name
from app.sign_in.domain import CODE_LIMITS, LONGEST_CODE_WINDOW, remaining_wait
from app.workshops.domain.attendance_lists import RECORDED_WITHIN
from app.workshops.domain.check_in import EARLY, CheckInState
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.seats import BookingState
from app.workshops.events import CheckInRefused
from app.workshops.models import Booking, Workshop, WorkshopSession
from app.workshops.models.on_the_day import CheckIn, CheckInCode


@dataclass(frozen=True, slots=True)
class OpenSeat:
    """The seat of a person at a session whose codes the screen shows, or showed in the last days."""

    workshop_id: UUID
    session_id: UUID
    booking_id: UUID
    secret: bytes
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """A check-in: when the screen showed the code, when the device took it, when it arrived."""

    id: UUID
    workshop_id: UUID
    session_id: UUID
    booking_id: UUID
    person_id: UUID
    state: CheckInState
    shown_at: datetime
    taken_at: datetime
    arrived_at: datetime


def seconds_to_wait(person_id: UUID, now: datetime) -> int:
    """Return the seconds before a person may enter another code, after too many wrong ones."""
    failures = audit.times_of(stored_name(CheckInRefused), person_id, since=now - LONGEST_CODE_WINDOW)
    left = remaining_wait(failures, CODE_LIMITS, now)
    return int(left.total_seconds()) + 1 if left else 0


def open_seats(person_id: UUID, now: datetime) -> list[OpenSeat]:
    """Return the seats of a person at sessions with codes that have begun or begin soon, the newest first."""
    query = (
        select(
            Booking.workshop_id, WorkshopSession.id, Booking.id, CheckInCode.secret, WorkshopSession.starts_at,
            WorkshopSession.ends_at,
        )
        .join(WorkshopSession, WorkshopSession.workshop_id == Booking.workshop_id)
        .join(CheckInCode, CheckInCode.session_id == WorkshopSession.id)
        .join(Workshop, Workshop.id == Booking.workshop_id)
        .where(
            Booking.person_id == person_id,
            Booking.state == BookingState.SEATED,
            Workshop.state.in_(ACTIVE),
            WorkshopSession.starts_at <= now + EARLY,
            WorkshopSession.ends_at > now - RECORDED_WITHIN,
        )
        .order_by(WorkshopSession.starts_at.desc())
    )  # fmt: skip
    return [
        OpenSeat(row[0], row[1], row[2], bytes.fromhex(row[3]), row[4], row[5]) for row in db.session.execute(query)
    ]


def secret_of(session_id: UUID) -> bytes | None:
    """Return the secret of a session, or None before its check-in is opened."""
    secret = db.session.scalar(select(CheckInCode.secret).where(CheckInCode.session_id == session_id))
    return None if secret is None else bytes.fromhex(secret)


def with_codes(sessions: Collection[UUID]) -> frozenset[UUID]:
    """Return the sessions whose check-in was opened."""
    query = select(CheckInCode.session_id).where(CheckInCode.session_id.in_(sessions))
    return frozenset(db.session.scalars(query))


def counts(sessions: Collection[UUID]) -> Mapping[tuple[UUID, CheckInState], int]:
    """Return the number of check-ins by session and state."""
    query = (
        select(CheckIn.session_id, CheckIn.state, func.count())
        .where(CheckIn.session_id.in_(sessions))
        .group_by(CheckIn.session_id, CheckIn.state)
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def of_session(session_id: UUID) -> list[CheckInLine]:
    """Return the check-ins of a session in the order of their arrival."""
    return _lines(CheckIn.session_id == session_id)


def of_event(workshop_id: UUID) -> list[CheckInLine]:
    """Return the check-ins of an event in the order of their arrival."""
    return _lines(Booking.workshop_id == workshop_id)


def own(person_id: UUID, since: datetime) -> list[CheckInLine]:
    """Return the check-ins of a person that arrived since a moment, the earliest first."""
    return _lines((Booking.person_id == person_id) & (CheckIn.arrived_at >= since))


def _lines(condition: ColumnElement[bool]) -> list[CheckInLine]:
    query = (
        select(
            CheckIn.id, Booking.workshop_id, CheckIn.session_id, CheckIn.booking_id, Booking.person_id, CheckIn.state,
            CheckIn.shown_at, CheckIn.taken_at, CheckIn.arrived_at,
        )
        .join(Booking, Booking.id == CheckIn.booking_id)
        .where(condition)
        .order_by(CheckIn.arrived_at, CheckIn.id)
    )  # fmt: skip
    return [CheckInLine(*row) for row in db.session.execute(query)]
