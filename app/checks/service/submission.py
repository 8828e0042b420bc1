"""What follows when work of a sitting is handed in or void: its state, the product of a desk task, a finished seat."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.checks.domain.seats import SeatStep, can
from app.checks.domain.sittings import SeatState, Way, WorkState
from app.checks.events import SeatFinished, WorkSubmitted
from app.checks.models import SeatWork, SittingSeat, SittingTask
from app.checks.service import products
from app.db.session import db, record
from app.quizzes.queries import watched as watched_queries
from app.quizzes.queries.watched import WatchedResult
from app.quizzes.service import watched

DONE = frozenset({WorkState.SUBMITTED, WorkState.COUNTED, WorkState.VOID})


def submit(attempt_ids: Collection[UUID], now: datetime) -> list[SeatWork]:
    """Mark the open work of these ended attempts as submitted, and create the products of its desk tasks.

    A seat without further work is finished. Returns the rows of the work; attempts without open work are left out.
    """
    query = select(SeatWork).where(SeatWork.attempt_id.in_(attempt_ids), SeatWork.state == WorkState.OPEN)
    works = db.session.scalars(query.order_by(SeatWork.seat_id, SeatWork.position)).all()
    if not works:
        return []
    results = watched_queries.results([work.attempt_id for work in works if work.attempt_id is not None])
    seats = _seats(works)
    tasks = _tasks(seats.values())
    for work in works:
        result = results.get(work.attempt_id) if work.attempt_id else None
        if result is not None:
            _submit(work, seats[work.seat_id], tasks, result, now)
    _finish_seats(seats.values(), now)
    return list(works)


def void(seat_id: UUID, works: Iterable[SeatWork], now: datetime) -> None:
    """End the work of a seat without a result: open attempts are handed in, and no marker sees its products."""
    uncounted = [work for work in works if work.state is not WorkState.COUNTED]
    attempt_ids = [work.attempt_id for work in uncounted if work.state is WorkState.OPEN and work.attempt_id]
    watched.hand_in(attempt_ids, now)
    for work in uncounted:
        work.state, work.ended_at = WorkState.VOID, work.ended_at or now
    products.withdraw_of_seat(seat_id)


def void_waiting(works: Iterable[SeatWork], now: datetime) -> None:
    """End the work that was never begun, without a result."""
    for work in works:
        if work.state is WorkState.WAITING:
            work.state, work.ended_at = WorkState.VOID, now


def _submit(
    work: SeatWork,
    seat: SittingSeat,
    tasks: dict[tuple[UUID, int], SittingTask],
    result: WatchedResult,
    now: datetime,
) -> None:
    task = tasks[seat.sitting_id, work.position]
    work.state, work.ended_at = WorkState.SUBMITTED, result.ended_at
    record(
        WorkSubmitted(
            at=now, sitting_id=seat.sitting_id, person_id=seat.person_id, competency=task.competency, level=task.level
        )
    )
    if task.way is Way.DESK_TASK:
        products.create(seat, work, task, result, now)


def _seats(works: Sequence[SeatWork]) -> dict[UUID, SittingSeat]:
    query = select(SittingSeat).where(SittingSeat.id.in_({work.seat_id for work in works})).order_by(SittingSeat.id)
    return {seat.id: seat for seat in db.session.scalars(query)}


def _tasks(seats: Iterable[SittingSeat]) -> dict[tuple[UUID, int], SittingTask]:
    query = select(SittingTask).where(SittingTask.sitting_id.in_({seat.sitting_id for seat in seats}))
    return {(task.sitting_id, task.position): task for task in db.session.scalars(query)}


def _finish_seats(seats: Iterable[SittingSeat], now: datetime) -> None:
    """Finish the seats whose work is all done, so that a shared device is free at once."""
    rows = list(seats)
    query = select(SeatWork.seat_id).where(
        SeatWork.seat_id.in_([seat.id for seat in rows]), SeatWork.state.not_in(DONE)
    )
    busy = set(db.session.scalars(query))
    for seat in rows:
        if seat.id not in busy and can(seat.state, SeatStep.FINISH):
            seat.state, seat.finished_at, seat.session_id = SeatState.FINISHED, now, None
            record(SeatFinished(at=now, sitting_id=seat.sitting_id, person_id=seat.person_id))
