"""Lock the rows of sittings: first the sitting, then open attempts, then the seats.

Handing in an attempt locks it before its seat; the same order here keeps both from waiting for each other.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.checks.domain.sittings import WorkState
from app.checks.models import SeatWork, Sitting, SittingInvigilator, SittingSeat
from app.db.session import db
from app.kernel.errors import DomainError
from app.quizzes.service import watched


def lock_sitting(sitting_id: UUID) -> Sitting:
    """Lock a sitting until the transaction ends and return its row, or raise NoResultFound."""
    query = select(Sitting).where(Sitting.id == sitting_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def lock_open_attempts(*conditions: ColumnElement[bool]) -> None:
    """Lock the open attempts of the seats that fulfil these conditions."""
    query = select(SeatWork.attempt_id).join(SittingSeat, SittingSeat.id == SeatWork.seat_id)
    rows = db.session.scalars(query.where(SeatWork.state == WorkState.OPEN, *conditions))
    watched.lock([attempt_id for attempt_id in rows if attempt_id is not None])


def lock_seats(sitting_id: UUID) -> Sequence[SittingSeat]:
    """Lock the seats of a sitting in the order of their ids and return their rows."""
    query = select(SittingSeat).where(SittingSeat.sitting_id == sitting_id).order_by(SittingSeat.id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def lock_seat(seat_id: UUID) -> SittingSeat:
    """Lock a seat and return its row, or raise NoResultFound."""
    query = select(SittingSeat).where(SittingSeat.id == seat_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def lock_seat_of(sitting_id: UUID, person_id: UUID) -> SittingSeat | None:
    """Lock the seat of a person in a sitting and return its row, None without one."""
    own = (SittingSeat.sitting_id == sitting_id, SittingSeat.person_id == person_id)
    query = select(SittingSeat).where(*own).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def works_of(seat_ids: Sequence[UUID]) -> Sequence[SeatWork]:
    """Return the rows of the work of these seats, by seat and position."""
    query = select(SeatWork).where(SeatWork.seat_id.in_(seat_ids)).order_by(SeatWork.seat_id, SeatWork.position)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def sitting_of(seat: SittingSeat) -> Sitting:
    """Return the row of the sitting of a seat as it is now, without a lock."""
    query = select(Sitting).where(Sitting.id == seat.sitting_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def check_watches(sitting_id: UUID, person_id: UUID) -> None:
    """Raise DomainError unless a person is an invigilator of a sitting."""
    if db.session.get(SittingInvigilator, (sitting_id, person_id)) is None:
        raise DomainError("Only an invigilator of this sitting does this.")
