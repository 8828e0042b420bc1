"""Read sittings, their seats and work: for invigilators and contact points, and for the officer with a seat."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, CountryScope, allows
from app.checks.domain.sittings import LEFT_OPEN_AFTER, LIVE, OPEN_WITHIN, RUNNING, SeatState, SittingState
from app.checks.models import SeatWork, Sitting, SittingInvigilator, SittingSeat, SittingTask
from app.checks.shapes import OfficerSeatLine, SittingDetails, SittingRow, SittingTaskLine, WorkLine
from app.db.session import db
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people

LISTED = 100


def visible(actor: Actor, sitting_id: UUID) -> SittingDetails:
    """Return a sitting that the actor watches or may change, or raise NoResultFound."""
    details = get(sitting_id)
    if actor.id not in details.invigilators and not allows(actor, Action.CHANGE_SITTING, details):
        raise NoResultFound
    return details


def get(sitting_id: UUID) -> SittingDetails:
    """Return a sitting, or raise NoResultFound; the caller checks the right."""
    rows = db.session.scalars(select(Sitting).where(Sitting.id == sitting_id)).all()
    return _details(rows)[0] if rows else _missing()


def of_code(code: str) -> SittingDetails | None:
    """Return the open or interrupted sitting with this code, or None."""
    rows = db.session.scalars(select(Sitting).where(Sitting.code == code, Sitting.state.in_(RUNNING))).all()
    return _details(rows)[0] if code and rows else None


def watched_by(actor: Actor, *, offset: int = 0, size: int = LISTED) -> list[SittingRow]:
    """Return the sittings that the actor watches, and for its contact point those of the country.

    First come the running and planned ones, the nearest first, then those that are over, the newest first: only
    these have pages, and later pages have no others.
    """
    listed = select(Sitting).where(_listed(actor))
    ahead = listed.where(Sitting.state.in_(LIVE)).order_by(Sitting.planned_for, Sitting.id)
    over = listed.where(Sitting.state.not_in(LIVE)).order_by(Sitting.planned_for.desc(), Sitting.id)
    rows = [] if offset else list(db.session.scalars(ahead.limit(LISTED)))
    return _rows(_details([*rows, *db.session.scalars(over.offset(offset).limit(size))]))


def count_past(actor: Actor) -> int:
    """Return how many sittings that are over `watched_by` lists."""
    past = select(func.count()).select_from(Sitting).where(_listed(actor), Sitting.state.not_in(LIVE))
    return db.session.scalar(past) or 0


def of_officer(person_id: UUID, *, since: datetime) -> list[tuple[SittingDetails, OfficerSeatLine]]:
    """Return the sittings in which an officer has a seat, from a time on, the earliest first; no cancelled ones."""
    query = (
        select(Sitting)
        .join(SittingSeat, SittingSeat.sitting_id == Sitting.id)
        .where(
            SittingSeat.person_id == person_id, Sitting.state != SittingState.CANCELLED, Sitting.planned_for >= since
        )
        .order_by(Sitting.planned_for)
    )
    details = {line.id: line for line in _details(db.session.scalars(query).all())}
    seats = _seats(SittingSeat.sitting_id.in_(details), SittingSeat.person_id == person_id)
    by_sitting = {seat.sitting_id: seat for seat in seats}
    return [(line, by_sitting[sitting_id]) for sitting_id, line in details.items()]


def own_seat(code: str, person_id: UUID) -> tuple[SittingDetails, OfficerSeatLine] | None:
    """Return the sitting of a code with the seat of a person, in any state; None without a seat."""
    rows = db.session.scalars(
        select(Sitting)
        .join(SittingSeat, SittingSeat.sitting_id == Sitting.id)
        .where(Sitting.code == code, SittingSeat.person_id == person_id)
    ).all()
    if not rows:
        return None
    [seat] = _seats(SittingSeat.sitting_id == rows[0].id, SittingSeat.person_id == person_id)
    return _details(rows)[0], seat


def seats_of(sitting_id: UUID) -> list[OfficerSeatLine]:
    """Return the seats of a sitting by alias."""
    return sorted(_seats(SittingSeat.sitting_id == sitting_id), key=lambda seat: alias_key(seat.alias.casefold()))


def seat(sitting_id: UUID, seat_id: UUID) -> OfficerSeatLine:
    """Return a seat of a sitting, or raise NoResultFound."""
    seats = _seats(SittingSeat.sitting_id == sitting_id, SittingSeat.id == seat_id)
    return seats[0] if seats else _missing()


def left_open(now: datetime, size: int) -> list[UUID]:
    """Return open and interrupted sittings that may have been left open, the oldest first; the rule decides."""
    is_old = (Sitting.state.in_(RUNNING), Sitting.planned_for <= now - LEFT_OPEN_AFTER)
    query = select(Sitting.id).where(*is_old, Sitting.opened_at <= now - LEFT_OPEN_AFTER)
    return list(db.session.scalars(query.order_by(Sitting.planned_for, Sitting.id).limit(size)))


def never_opened(now: datetime, size: int) -> list[UUID]:
    """Return planned sittings that can no longer be opened, the oldest first."""
    query = select(Sitting.id).where(Sitting.state == SittingState.PLANNED, Sitting.planned_for < now - OPEN_WITHIN)
    return list(db.session.scalars(query.order_by(Sitting.planned_for, Sitting.id).limit(size)))


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return one counting query for each kind of task of the start page.

    Open sittings in which the actor takes a seat, or works; and open ones that the actor watches.
    """
    queries: dict[str, Select[Any]] = {}
    if allows(actor, Action.TAKE_SEAT):
        seats = select(func.count()).select_from(SittingSeat).join(Sitting, Sitting.id == SittingSeat.sitting_id)
        own = seats.where(SittingSeat.person_id == actor.id, Sitting.state.in_(RUNNING))
        queries["own_sittings"] = own.where(SittingSeat.state.in_((SeatState.EXPECTED, SeatState.ARRIVED)))
        queries["own_checks"] = own.where(SittingSeat.state.in_((SeatState.CONFIRMED, SeatState.WORKING)))
    if allows(actor, Action.SEE_SITTINGS):
        watched = select(func.count()).select_from(SittingInvigilator).join(Sitting)
        queries["watched_sittings"] = watched.where(
            SittingInvigilator.person_id == actor.id, Sitting.state.in_(RUNNING)
        )
    return queries


def _listed(actor: Actor) -> ColumnElement[bool]:
    watches = exists().where(SittingInvigilator.sitting_id == Sitting.id, SittingInvigilator.person_id == actor.id)
    country = CountryScope(actor.country)
    if actor.country and allows(actor, Action.ANSWER_CHECK_REQUEST, country):
        return or_(watches, Sitting.country == actor.country)
    return watches


def _missing() -> Any:
    raise NoResultFound


def _details(rows: Sequence[Sitting]) -> list[SittingDetails]:
    ids = [row.id for row in rows]
    watchers: dict[UUID, list[UUID]] = {}
    task_lines: dict[UUID, list[SittingTaskLine]] = {}
    if ids:
        watching = select(SittingInvigilator.sitting_id, SittingInvigilator.person_id)
        watching = watching.where(SittingInvigilator.sitting_id.in_(ids))
        for sitting_id, person_id in db.session.execute(watching.order_by(SittingInvigilator.added_at)):
            watchers.setdefault(sitting_id, []).append(person_id)
        tasked = select(SittingTask).where(SittingTask.sitting_id.in_(ids)).order_by(SittingTask.position)
        for task in db.session.scalars(tasked):
            task_lines.setdefault(task.sitting_id, []).append(_task(task))
    return [_sitting(row, tuple(watchers.get(row.id, ())), tuple(task_lines.get(row.id, ()))) for row in rows]


def _sitting(row: Sitting, invigilators: tuple[UUID, ...], task_lines: tuple[SittingTaskLine, ...]) -> SittingDetails:
    return SittingDetails(
        id=row.id,
        code=row.code,
        country=row.country,
        agency_id=row.agency_id,
        location=row.place,
        is_group=row.is_group,
        planned_for=row.planned_for,
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        created_by=row.created_by,
        note=row.note,
        invigilators=invigilators,
        tasks=task_lines,
    )


def _task(task: SittingTask) -> SittingTaskLine:
    return SittingTaskLine(
        position=task.position,
        competency=task.competency,
        level=task.level,
        way=task.way,
        course_id=task.course_id,
        task=task.task,
        minutes=task.minutes,
    )


def _rows(lines: Collection[SittingDetails]) -> list[SittingRow]:
    done = func.count().filter(SittingSeat.state == SeatState.FINISHED)
    query = select(SittingSeat.sitting_id, func.count(), done).group_by(SittingSeat.sitting_id)
    rows = db.session.execute(query.where(SittingSeat.sitting_id.in_([line.id for line in lines])))
    counts = {row[0]: (row[1], row[2]) for row in rows}
    return [
        SittingRow(details=line, seats=counts.get(line.id, (0, 0))[0], finished=counts.get(line.id, (0, 0))[1])
        for line in lines
    ]


def _seats(*conditions: ColumnElement[bool]) -> list[OfficerSeatLine]:
    seats = db.session.scalars(select(SittingSeat).where(and_(*conditions))).all()
    works: dict[UUID, list[WorkLine]] = {}
    query = select(SeatWork).where(SeatWork.seat_id.in_([each.id for each in seats])).order_by(SeatWork.position)
    for work in db.session.scalars(query) if seats else ():
        works.setdefault(work.seat_id, []).append(_work(work))
    aliases = people.names([each.person_id for each in seats])
    return [_seat(each, aliases.get(each.person_id, ""), tuple(works.get(each.id, ()))) for each in seats]


def _work(work: SeatWork) -> WorkLine:
    return WorkLine(
        position=work.position,
        state=work.state,
        attempt_id=work.attempt_id,
        began_at=work.began_at,
        ended_at=work.ended_at,
    )


def _seat(row: SittingSeat, alias: str, works: tuple[WorkLine, ...]) -> OfficerSeatLine:
    return OfficerSeatLine(
        id=row.id,
        sitting_id=row.sitting_id,
        person_id=row.person_id,
        alias=alias,
        state=row.state,
        is_surprise=row.is_surprise,
        arrived_at=row.arrived_at,
        is_late=row.is_late,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        session_id=row.session_id,
        browser_id=row.browser_id,
        moves=row.moves,
        device_refused_at=row.device_refused_at,
        finished_at=row.finished_at,
        note=row.note,
        works=works,
    )
