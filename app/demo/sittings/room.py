"""Steps of a watched sitting with services: plan, open, seats, work, interruption, close."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from app.catalogue.domain.items import Level
from app.checks.domain.sittings import Way
from app.checks.queries import desk_tasks, sittings as queries
from app.checks.service import closing, seats, sittings as service
from app.checks.service.seats import SeatDevice
from app.checks.service.sittings import CheckAim, NewSitting
from app.checks.shapes import AttemptReader, OfficerSeatLine
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.sittings import answers
from app.demo.sittings.programme import RUNS_FOR, STAGES, SeatStage, WatchedSitting
from app.identity.queries import postings
from app.quizzes.domain.saves import Save
from app.quizzes.queries import lock, questions_of_attempt
from app.quizzes.service import attempts

PLANNED_BEFORE = timedelta(days=6)
MINUTE = timedelta(minutes=1)
LATE, BEGINS, FINISHES, CLOSES = 25 * MINUTE, 12 * MINUTE, 33 * MINUTE, 220 * MINUTE  # after the start
INTERRUPTED, RESUMED, MOVED = 18 * MINUTE, 27 * MINUTE, 14 * MINUTE
FOR_ANSWER, FOR_TASK = 6 * MINUTE, 17 * MINUTE
RELIABLE = 10  # tenths of an officer whose work is not marked otherwise
Quality = Callable[[int, int], int]  # tenths that the work of an officer on a task earns


@dataclass(slots=True)
class Room:
    """A sitting with its officers; `id` and `code` are set when it is planned."""

    office: DemoStaff
    plan: WatchedSitting
    officers: Sequence[UUID]
    starts: datetime
    quality: Quality = lambda _officer, _position: RELIABLE
    id: UUID | None = None
    code: str = ""

    @property
    def sitting_id(self) -> UUID:
        """Return the id of the planned sitting."""
        assert self.id is not None  # noqa: S101 - actions run in the order of time
        return self.id

    def seat(self, person_id: UUID) -> OfficerSeatLine:
        """Return the seat of an officer."""
        return next(seat for seat in queries.seats_of(self.sitting_id) if seat.person_id == person_id)

    def invigilator(self, number: int) -> UUID:
        """Return one of the invigilators, in turn."""
        aliases = self.plan.invigilators
        return self.office.staff[aliases[number % len(aliases)]]


def room(office: DemoStaff, plan: WatchedSitting, officers: Sequence[UUID], quality: Quality | None = None) -> Room:
    """Return a sitting that is not planned yet, with as many officers as it has seats."""
    new = Room(office, plan, officers[: plan.seats], plan.starts(office.now))
    if quality is not None:
        new.quality = quality
    return new


def planned(room: Room) -> Iterator[TimedAction]:
    """Return the planning of a sitting with seats for its officers, at most six days ahead."""
    at = min(room.starts - PLANNED_BEFORE, room.office.now - 20 * MINUTE)
    yield TimedAction(at, room.invigilator(0), partial(_plan, room, at))


def cancelled(room: Room) -> Iterator[TimedAction]:
    """Return the planning of a sitting and its cancellation on the day before the tour."""
    yield from planned(room)
    at, by = room.office.now - timedelta(hours=20), room.invigilator(0)
    yield TimedAction(at, by, lambda: service.cancel(room.sitting_id, note=room.plan.note, now=at))


def whole(room: Room) -> Iterator[TimedAction]:
    """Return a sitting from its planning to its close."""
    yield from _begun(room)
    if room.plan.interruption:
        yield from _interruption(room)
    for number, officer in enumerate(room.officers):
        if number != room.plan.absent:
            yield from _seat(room, number, officer)
    at, by = room.starts + CLOSES, room.invigilator(0)
    yield TimedAction(at, by, lambda: closing.close(room.sitting_id, by=by, note=room.plan.note, now=at))


def running(room: Room) -> Iterator[TimedAction]:
    """Return the steps of the sitting that runs at the beginning of the tour."""
    room.starts = room.office.now - RUNS_FOR
    yield from _begun(room)
    for number, (officer, stage) in enumerate(zip(room.officers, STAGES, strict=False)):
        yield from _seat_until(room, number, officer, stage)


def _begun(room: Room) -> Iterator[TimedAction]:
    at, by = room.starts - PLANNED_BEFORE, room.invigilator(0)
    yield TimedAction(at, by, partial(_plan, room, at))
    opened = room.starts
    yield TimedAction(opened, by, lambda: service.open_sitting(room.sitting_id, by=by, now=opened))


def _plan(room: Room, now: datetime) -> None:
    plan = room.plan
    lines = {line.task.id: line for line in desk_tasks.all_tasks()}
    aims = [
        CheckAim(
            competency=lines[name].task.competency,
            level=lines[name].task.level,
            way=Way.DESK_TASK,
            course_id=lines[name].course_id,
            task=name,
        )
        for name in plan.tasks
    ]
    aims += [CheckAim(competency=name, level=Level.FOUNDATION, way=Way.QUESTIONS) for name in plan.questions]
    by = room.invigilator(0)
    room.id = service.plan(
        NewSitting(
            country=plan.country, planned_for=room.starts, aims=aims, officers=_serving(room, now),
            location=plan.location, is_group=plan.is_group,
        ),
        by=by,
        now=now,
    )  # fmt: skip
    room.code = queries.get(room.id).code
    for alias in plan.invigilators[1:]:
        service.add_invigilator(room.id, room.office.staff[alias], by=by, now=now)


def _serving(room: Room, now: datetime) -> Sequence[UUID]:
    """Return the officers with a posting when the sitting is planned; the others come with the code."""
    countries = postings.countries(room.officers, now.date())
    return [officer for officer in room.officers if officer in countries]


def _interruption(room: Room) -> Iterator[TimedAction]:
    begins, ends, by = room.starts + INTERRUPTED, room.starts + RESUMED, room.invigilator(1)
    yield TimedAction(
        begins, by, lambda: service.interrupt(room.sitting_id, by=by, reason=room.plan.interruption, now=begins)
    )
    yield TimedAction(ends, by, lambda: service.resume(room.sitting_id, by=by, now=ends))


def _seat(room: Room, number: int, officer: UUID) -> Iterator[TimedAction]:
    """Return the seat of an officer in a sitting that took place: arrival, work, and what happens between."""
    arrives = room.starts + (LATE + INTERRUPTED if number == room.plan.late else MINUTE * (number + 1))
    begins, finishes = arrives + BEGINS - MINUTE * number, arrives + FINISHES
    yield from _arrival(room, number, officer, arrives)
    yield TimedAction(begins, officer, partial(_begin, room, officer, begins))
    if number == room.plan.moved:
        yield from _move(room, number, officer, begins + MINUTE)
    yield from _works(room, number, officer, finishes)


def _seat_until(room: Room, number: int, officer: UUID, stage: SeatStage) -> Iterator[TimedAction]:
    """Return the seat of an officer in the running sitting."""
    arrives = room.starts + MINUTE * number
    if stage is SeatStage.EXPECTED:
        return
    if stage is SeatStage.ARRIVED:
        yield TimedAction(arrives, officer, partial(_arrive, room, officer, "", arrives))
        return
    yield from _arrival(room, number, officer, arrives)
    begins, last = arrives + 2 * MINUTE, room.office.now - 2 * MINUTE
    if stage is SeatStage.WORKING:
        begins = last - 6 * MINUTE
        yield TimedAction(begins, officer, partial(_begin, room, officer, begins))
        if number == room.plan.moved:
            yield from _move(room, number, officer, begins + MINUTE)
        yield TimedAction(last, officer, partial(_save, room, number, officer, 1, last))
    elif stage is SeatStage.FINISHED:
        yield TimedAction(begins, officer, partial(_begin, room, officer, begins))
        yield from _works(room, number, officer, begins + MINUTE)


def _arrival(room: Room, number: int, officer: UUID, at: datetime) -> Iterator[TimedAction]:
    yield TimedAction(at, officer, partial(_arrive, room, officer, "", at))
    confirmed, by = at + MINUTE, room.invigilator(number)
    yield TimedAction(confirmed, by, lambda: seats.confirm(room.seat(officer).id, by=by, now=confirmed))


def _move(room: Room, number: int, officer: UUID, at: datetime) -> Iterator[TimedAction]:
    """Return how an officer continues on another device."""
    by, again, confirmed = room.invigilator(number), at + MINUTE, at + 2 * MINUTE
    yield TimedAction(at, by, lambda: seats.move_device(room.seat(officer).id, by=by, now=at))
    yield TimedAction(again, officer, partial(_arrive, room, officer, "second", again))
    yield TimedAction(confirmed, by, lambda: seats.confirm(room.seat(officer).id, by=by, now=confirmed))


def _arrive(room: Room, officer: UUID, which: str, now: datetime) -> None:
    seats.arrive(room.code, officer, _device(officer, which), now=now)


def _device(officer: UUID, which: str) -> SeatDevice:
    name = f"{which}{officer.hex}"
    return SeatDevice(session_id=name, browser_id=name)


def _own_device(room: Room, officer: UUID) -> SeatDevice:
    """Return the device on which the seat is open."""
    seat = room.seat(officer)
    return SeatDevice(session_id=seat.session_id or "", browser_id=seat.browser_id or "")


def _begin(room: Room, officer: UUID, now: datetime, position: int = 1) -> UUID:
    reader = AttemptReader(officer, "en", 0)
    return seats.begin_work(room.code, reader, position, _own_device(room, officer), now=now)


def _save(room: Room, number: int, officer: UUID, position: int, now: datetime) -> UUID:
    """Save the answers to a task, on which the officer works already or begins now."""
    attempt_id = _begin(room, officer, now, position)
    paper = questions_of_attempt(lock(attempt_id))
    tenths = room.quality(number, position)
    saved = [
        Save(question, question, answers.body(item, tenths, number), None, marked=False)
        for question, item in enumerate(paper.items, 1)
    ]
    if tenths < answers.FAIR and room.plan.questions:
        saved = saved[: len(saved) // 2]  # the officer does not know the others
    attempts.save(attempt_id, [save for save in saved if save.body is not None], arrived_at=now, now=now)
    return attempt_id


def _works(room: Room, number: int, officer: UUID, at: datetime) -> Iterator[TimedAction]:
    """Return the work on all tasks, one after the other; each is handed in before the next one begins."""
    for position in range(1, room.plan.parts + 1):
        yield TimedAction(at, officer, partial(_work, room, number, officer, position, at))
        at += FOR_TASK


def _work(room: Room, number: int, officer: UUID, position: int, now: datetime) -> None:
    attempts.hand_in(_save(room, number, officer, position, now), now + FOR_ANSWER)
