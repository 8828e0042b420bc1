"""Use cases of a seat: expected, arrived with the code, confirmed, moved to another device, at work, finished."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID, uuid4

from sqlalchemy import exists, func, select

from app.access.targets import Target
from app.checks.domain import seats as rules
from app.checks.domain.seats import AT_WORK, SeatStep, noted
from app.checks.domain.sittings import MOST_ADDED_MINUTES, MOST_SEATS, RUNNING, SeatState, SittingState, WorkState
from app.checks.events import (
    IdentityConfirmed,
    MinutesAdded,
    SeatArrived,
    SeatDeviceRefused,
    SeatFinished,
    SeatMoved,
    SeatPlanned,
    SeatRefused,
    SittingCodeRefused,
    WorkBegun,
)
from app.checks.models import SeatWork, Sitting, SittingInvigilator, SittingSeat, SittingTask
from app.checks.service import _drawing, _locking, submission, surprise as picks
from app.checks.shapes import AttemptReader
from app.db.session import db, record
from app.identity.queries import postings, roles
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.quizzes.service import watched


class ArrivalResult(Enum):
    SEATED = auto()
    NO_SITTING = auto()  # no open sitting has this code, or none for this officer
    OTHER_DEVICE = auto()  # the seat is open in another sign-in session


@dataclass(frozen=True, slots=True)
class SeatDevice:
    """The digests of the sign-in session and of the browser of a request."""

    session_id: str
    browser_id: str


def expect(
    sitting_id: UUID, person_ids: Collection[UUID], *, now: datetime, surprise: Collection[UUID] = ()
) -> list[UUID]:
    """Give officers a seat in a planned or running sitting and notify them; return those who had none before.

    Those in `surprise` were drawn for a surprise check, and have no notice of it. Raises DomainError for an officer
    who is no practitioner of the country, or who watches the sitting, and above the number of seats.
    """
    sitting = _locking.lock_sitting(sitting_id)
    taken = {seat.person_id: seat for seat in _locking.lock_seats(sitting_id)}
    _mark_surprise(taken, surprise)
    new = [person_id for person_id in dict.fromkeys(person_ids) if person_id not in taken]
    _check_officers(sitting, new, now)
    if len(taken) + len(new) > MOST_SEATS:
        raise DomainError("A sitting has at most %(most)s seats.", most=MOST_SEATS)
    for person_id in new:
        _add_seat(sitting, person_id, is_surprise=person_id in surprise)
        record(SeatPlanned(at=now, sitting_id=sitting_id, person_id=person_id))
    db.session.flush()
    if surprise:
        picks.mark_seated(sitting_id, surprise, now)
    _notify(sitting, [person_id for person_id in new if person_id not in surprise], now)
    return new


def _mark_surprise(seats: Mapping[UUID, SittingSeat], drawn: Collection[UUID]) -> None:
    for person_id in seats.keys() & set(drawn):
        seats[person_id].is_surprise = True


def _notify(sitting: Sitting, person_ids: Sequence[UUID], now: datetime) -> None:
    messages.tell_all(
        person_ids,
        NoticeKind.CHECK_PLANNED,
        occasion=f"sitting:{sitting.id}:planned",
        facts={"day": sitting.planned_for.date().isoformat()},
        path=ports().path_to(Target.SITTINGS),
        now=now,
    )


def arrive(code: str, person_id: UUID, device: SeatDevice, *, now: datetime) -> ArrivalResult:
    """Take a seat with the code of a running sitting; a repeated request changes nothing.

    A wrong code is recorded and counts for the rate limit. Raises DomainError for an invigilator of the sitting, or a
    seat that an invigilator ended.
    """
    query = select(Sitting).where(Sitting.code == code, Sitting.state.in_(RUNNING))
    sitting = db.session.scalars(query).one_or_none()
    seat = _own_seat(sitting, person_id, now) if sitting is not None else None
    if sitting is None or seat is None:
        record(SittingCodeRefused(at=now, person_id=person_id))
        return ArrivalResult.NO_SITTING
    return _sit_down(sitting, seat, device, now)


def _sit_down(sitting: Sitting, seat: SittingSeat, device: SeatDevice, now: datetime) -> ArrivalResult:
    if seat.state is SeatState.REFUSED:
        raise DomainError("An invigilator ended your seat. Talk to the invigilator.")
    if seat.state in AT_WORK and seat.session_id != device.session_id:
        seat.device_refused_at = now
        record(SeatDeviceRefused(at=now, sitting_id=sitting.id, person_id=seat.person_id))
        return ArrivalResult.OTHER_DEVICE
    if seat.state is SeatState.EXPECTED:
        _bind(sitting, seat, device, now)
    return ArrivalResult.SEATED


def begin_work(code: str, reader: AttemptReader, position: int, device: SeatDevice, *, now: datetime) -> UUID:
    """Begin the work on a task of the sitting, or continue the open one; return its attempt.

    Raises DomainError unless the sitting is open and an invigilator confirmed the officer on this device, and if the
    officer has met too many of the questions.
    """
    seat, works = _lock_own(code, reader.person_id, device)
    sitting = _locking.sitting_of(seat)
    if sitting.state is not SittingState.OPEN:
        raise DomainError("The sitting is interrupted. Wait for the invigilator: your time stops.")
    seat.state = rules.after(seat.state, SeatStep.BEGIN)
    running = next((work.attempt_id for work in works if work.state is WorkState.OPEN), None)
    return running or _begin(sitting, seat, _waiting(works, position), reader, now)


def _begin(sitting: Sitting, seat: SittingSeat, work: SeatWork, reader: AttemptReader, now: datetime) -> UUID:
    task = db.session.get_one(SittingTask, (sitting.id, work.position))
    attempt_id = _drawing.start(task, reader, sitting.opened_at or now, now)
    work.attempt_id, work.state, work.began_at = attempt_id, WorkState.OPEN, now
    record(
        WorkBegun(at=now, sitting_id=sitting.id, person_id=seat.person_id, competency=task.competency, level=task.level)
    )
    return attempt_id


def _waiting(works: Collection[SeatWork], position: int) -> SeatWork:
    work = next((work for work in works if work.position == position), None)
    if work is None or work.state is not WorkState.WAITING:
        raise DomainError("You have done this part already.")
    return work


def confirm(seat_id: UUID, *, by: UUID, now: datetime) -> None:
    """Confirm the identity of an officer who arrived; a repeated request changes nothing.

    Raises DomainError for a person who does not watch the sitting, or for the own seat.
    """
    seat = _lock_watched(seat_id, by)
    if seat.state in (SeatState.CONFIRMED, SeatState.WORKING):
        return
    seat.state = rules.after(seat.state, SeatStep.CONFIRM)
    seat.confirmed_by, seat.confirmed_at = by, now
    record(IdentityConfirmed(at=now, sitting_id=seat.sitting_id, person_id=seat.person_id))


def refuse(seat_id: UUID, *, by: UUID, note: str, now: datetime) -> None:
    """End a seat: the identity was not confirmed, or the officer broke a rule. Its work has no result.

    Raises DomainError without a note.
    """
    seat = _lock_watched(seat_id, by)
    after = rules.after(seat.state, SeatStep.REFUSE)
    if not note.strip():
        raise DomainError("Say why the seat is ended.")
    submission.void(seat.id, _locking.works_of([seat.id]), now)
    seat.state, seat.finished_at, seat.session_id = after, now, None
    seat.note = noted(seat.note, note)
    record(SeatRefused(at=now, sitting_id=seat.sitting_id, person_id=seat.person_id))


def move_device(seat_id: UUID, *, by: UUID, now: datetime) -> None:
    """Let an officer continue on another device: the present one opens nothing any more; saved answers stay."""
    seat = _lock_watched(seat_id, by)
    seat.state = rules.after(seat.state, SeatStep.MOVE)
    seat.session_id, seat.browser_id, seat.moves = None, None, seat.moves + 1
    record(SeatMoved(at=now, sitting_id=seat.sitting_id, person_id=seat.person_id))


def add_minutes(seat_id: UUID, minutes: int, *, by: UUID, reason: str, now: datetime) -> None:
    """Give an officer further minutes for the open work, at most 30 in one sitting.

    Raises DomainError without a reason, without open work, or above the limit.
    """
    seat = _lock_watched(seat_id, by)
    if not reason.strip():
        raise DomainError("Say why minutes are added.")
    if not 0 < minutes <= MOST_ADDED_MINUTES - rules.minutes_added(seat.note):
        raise DomainError("Add at most %(most)s minutes for one officer.", most=MOST_ADDED_MINUTES)
    open_works = [work.attempt_id for work in _locking.works_of([seat.id]) if work.state is WorkState.OPEN]
    attempt_ids = [attempt_id for attempt_id in open_works if attempt_id is not None]
    if not attempt_ids:
        raise DomainError("The officer has no open work.")
    watched.move_deadlines(attempt_ids, timedelta(minutes=minutes))
    seat.note = noted(seat.note, rules.minutes_note(minutes, reason))
    record(MinutesAdded(at=now, sitting_id=seat.sitting_id, person_id=seat.person_id, minutes=minutes))


def finish(code: str, person_id: UUID, device: SeatDevice, *, now: datetime) -> None:
    """Finish the seat: what was not begun stays without a result. Raises DomainError while work is open."""
    seat, works = _lock_own(code, person_id, device)
    if any(work.state is WorkState.OPEN for work in works):
        raise DomainError("Hand in your open work first.")
    leave(seat, now)


def leave(seat: SittingSeat, now: datetime) -> None:
    """Finish a locked seat: from now on no session opens its work."""
    seat.state, seat.finished_at, seat.session_id = rules.after(seat.state, SeatStep.FINISH), now, None
    record(SeatFinished(at=now, sitting_id=seat.sitting_id, person_id=seat.person_id))


def _own_seat(sitting: Sitting, person_id: UUID, now: datetime) -> SittingSeat | None:
    """Lock and return the seat of a person; in a group, an officer of the country or agency gets one."""
    watches = exists().where(SittingInvigilator.sitting_id == sitting.id, SittingInvigilator.person_id == person_id)
    if db.session.scalar(select(watches)):
        raise DomainError("You watch this sitting, and cannot have a seat in it.")
    seat = _locking.lock_seat_of(sitting.id, person_id)
    if seat is not None or not sitting.is_group or not _is_of(sitting, person_id, now):
        return seat
    count = select(func.count()).select_from(SittingSeat).where(SittingSeat.sitting_id == sitting.id)
    if (db.session.scalar(count) or 0) >= MOST_SEATS:
        raise DomainError("A sitting has at most %(most)s seats.", most=MOST_SEATS)
    seat = _add_seat(sitting, person_id)
    db.session.flush()
    return seat


def _is_of(sitting: Sitting, person_id: UUID, now: datetime) -> bool:
    """Return whether a person is an officer of the country, and of the agency if the sitting is for one."""
    posting = postings.posting_on(person_id, now.date())
    if posting is None or person_id not in roles.practitioners([person_id], now.date()):
        return False
    return posting.country == sitting.country and sitting.agency_id in (None, posting.agency_id)


def _bind(sitting: Sitting, seat: SittingSeat, device: SeatDevice, now: datetime) -> None:
    shared = exists().where(
        SittingSeat.sitting_id == sitting.id,
        SittingSeat.id != seat.id,
        SittingSeat.browser_id == device.browser_id,
        SittingSeat.state.in_(AT_WORK),
    )
    shares_device = bool(device.browser_id) and bool(db.session.scalar(select(shared)))
    if seat.arrived_at is None:
        seat.arrived_at = now
        seat.is_late = rules.is_late(sitting.opened_at or now, now)
    seat.state = rules.after(seat.state, SeatStep.ARRIVE)
    seat.session_id, seat.browser_id = device.session_id, device.browser_id or None
    record(
        SeatArrived(
            at=now,
            sitting_id=sitting.id,
            person_id=seat.person_id,
            late=seat.is_late,
            shares_device=shares_device,
        )
    )


def _check_officers(sitting: Sitting, person_ids: Collection[UUID], now: datetime) -> None:
    if not person_ids:
        return
    watchers = select(SittingInvigilator.person_id).where(SittingInvigilator.sitting_id == sitting.id)
    if set(person_ids) & set(db.session.scalars(watchers)):
        raise DomainError("Who watches a sitting cannot have a seat in it.")
    countries = postings.countries(person_ids, now.date())
    serving = roles.practitioners(person_ids, now.date())
    if any(countries.get(each) != sitting.country or each not in serving for each in person_ids):
        raise DomainError("Only an officer of the country of the sitting can have a seat.")


def _add_seat(sitting: Sitting, person_id: UUID, *, is_surprise: bool = False) -> SittingSeat:
    seat = SittingSeat(
        id=uuid4(), sitting_id=sitting.id, person_id=person_id, state=SeatState.EXPECTED, is_surprise=is_surprise,
        is_late=False, moves=0, note="",
    )  # fmt: skip
    db.session.add(seat)
    db.session.flush()
    positions = select(SittingTask.position).where(SittingTask.sitting_id == sitting.id)
    for position in db.session.scalars(positions):
        db.session.add(SeatWork(seat_id=seat.id, position=position, state=WorkState.WAITING))
    return seat


def _lock_watched(seat_id: UUID, by: UUID) -> SittingSeat:
    """Lock a seat of a running sitting for one of its invigilators, who is never its officer."""
    _locking.lock_open_attempts(SittingSeat.id == seat_id)
    seat = _locking.lock_seat(seat_id)
    _locking.check_watches(seat.sitting_id, by)
    if seat.person_id == by:
        raise DomainError("You cannot confirm yourself.")
    if _locking.sitting_of(seat).state not in RUNNING:
        raise DomainError("This sitting is not open.")
    return seat


def _lock_own(code: str, person_id: UUID, device: SeatDevice) -> tuple[SittingSeat, list[SeatWork]]:
    """Lock the seat of a person in the sitting of a code, with its work; DomainError from another session."""
    sitting_id = db.session.scalar(select(Sitting.id).where(Sitting.code == code, Sitting.state.in_(RUNNING)))
    seat = _locking.lock_seat_of(sitting_id, person_id) if sitting_id is not None else None
    if seat is None:
        raise DomainError("No open sitting has this code.")
    if seat.session_id != device.session_id:
        raise DomainError("Your seat is not open on this device. Ask the invigilator.")
    return seat, list(_locking.works_of([seat.id]))
