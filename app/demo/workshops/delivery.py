"""Actions of trainers and assessors at an event of `programme`: attendance, scores by rubric, closing."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.demo.cast import roster
from app.demo.history.timeline import TimedAction
from app.demo.workshops.preparation import Season
from app.demo.workshops.programme import Fate, Gathering, Hours
from app.workshops.domain import times
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import HistoryKind, SessionKind
from app.workshops.queries import bookings, workshops
from app.workshops.service import closing, results
from app.workshops.service.store import locking
from app.workshops.shapes import BookingLine

CLOSED_AFTER = timedelta(days=3)
REOPENED_AFTER = timedelta(days=1)
ASKED_AFTER = timedelta(days=16)  # more than two weeks after the last day
MINUTES = timedelta(minutes=12)  # for each participant
EXCEPTIONS = (Attendance.LATE, Attendance.LATE, Attendance.LEFT_EARLY, Attendance.EXCUSED, Attendance.ABSENT)
SCORED_TWICE = 3  # each third seat is scored by a second assessor
SECOND_OPINION = (-2, -1, 0, 0, 0, 0)  # tenths by which the second assessor differs
EXCEPTION = 0.07  # ratio of attendance with an exception
HIGHEST, TENTHS = 3, 10  # points of a criterion; tenths of all points
NOT_YET = "VIC-02"  # competency that the practitioner of the tour does not reach in spring
TOUR_TENTHS = {NOT_YET: 7, "ONL-07": 8}  # of the practitioner of the tour, else 10: the second competency has lapsed


def actions(season: Season, event: Gathering) -> Iterator[TimedAction]:
    """Return the actions at an event, for a running event only the attendance of the first session."""
    if event.fate not in {Fate.HELD, Fate.RUNNING}:
        return
    absent = season.dice(event.code, "absent").randint(1, event.capacity)  # seat of an absent participant
    trainer = season.staff[event.trainers[0]]
    for index in _recorded_sessions(event):
        ends = _moment(season, event, event.sessions[index], ends=True)
        yield TimedAction(
            ends, trainer, partial(_record_attendance, season, event, index, trainer=trainer, absent=absent, now=ends)
        )
    if event.fate is Fate.HELD:
        if event.assessors:
            yield from _scoring(season, event, absent)
        yield from _coordinator_request(season, event, trainer) if event.left_open else _closing(season, event)


def _recorded_sessions(event: Gathering) -> list[int]:
    if event.fate is Fate.RUNNING:
        return [0]
    return [index for index in range(len(event.sessions)) if index not in event.unrecorded]


def _closing(season: Season, event: Gathering) -> Iterator[TimedAction]:
    """Return the closing of an event, and its reopening and second closing if there is a reason."""
    closed, by, key = season.day(event.last) + CLOSED_AFTER, season.staff[event.by[0]], event.code
    yield TimedAction(
        closed, by, lambda: closing.close(season.ids[key], by=by, now=closed, reason=event.closed_because)
    )
    if event.reopened_because:
        again, last = closed + REOPENED_AFTER, closed + 2 * REOPENED_AFTER
        yield TimedAction(
            again, by, lambda: closing.reopen(season.ids[key], by=by, now=again, reason=event.reopened_because)
        )
        yield TimedAction(last, by, lambda: closing.close(season.ids[key], by=by, now=last))


def _coordinator_request(season: Season, event: Gathering, trainer: UUID) -> Iterator[TimedAction]:
    """Return the question of the staff to the coordinators about late attendance."""
    asked, kind = season.day(event.last) + ASKED_AFTER, HistoryKind.ATTENDANCE_ASKED
    yield TimedAction(
        asked, trainer, lambda: closing.ask_coordinator(season.ids[event.code], kind, by=trainer, now=asked)
    )


def scores_by_criterion(tenths: int, criteria: Sequence[str], random: Random) -> dict[str, int]:
    """Return whole points for each criterion, together as near as possible to `tenths` of all points."""
    points = round(tenths / TENTHS * HIGHEST * len(criteria))
    least, extra = divmod(points, len(criteria))
    better = set(random.sample(list(criteria), extra))
    return {name: least + (name in better) for name in criteria}


def _record_attendance(
    season: Season, event: Gathering, index: int, *, trainer: UUID, absent: int, now: datetime
) -> None:
    workshop, dice = workshops.get(season.ids[event.code]), season.dice(event.code, "session", index)
    attendance = {booking.id: _attendance(season, booking, absent, dice) for booking in bookings.seated(workshop.id)}
    results.save_attendance(workshop.id, workshop.sessions[index].id, attendance, by=trainer, now=now)


def _attendance(season: Season, booking: BookingLine, absent: int, dice: Random) -> Attendance:
    if booking.person_id == season.officers[0].id:
        return Attendance.PRESENT
    if booking.seat == absent:
        return Attendance.ABSENT
    return dice.choice(EXCEPTIONS) if dice.random() < EXCEPTION else Attendance.PRESENT


def _scoring(season: Season, event: Gathering, absent: int) -> Iterator[TimedAction]:
    """Return the scoring of all seats by the assessors in turn, over the assessed sessions."""
    assessed = [hours for hours in event.sessions if hours.kind is SessionKind.ASSESSMENT]
    turns = -(-event.capacity // len(assessed))
    for index, seat in enumerate(range(1, event.capacity + 1)):
        if seat == absent:
            continue
        session, turn = divmod(index, turns)
        at = _moment(season, event, assessed[session]) + MINUTES * (turn + 1)
        by = season.staff[event.assessors[index % len(event.assessors)]]
        yield TimedAction(at, by, partial(_score, season, event, seat, by=by, now=at))
        if len(event.assessors) > 1 and (event.scored_by_two or seat % SCORED_TWICE == 0):
            second, later = season.staff[event.assessors[(index + 1) % len(event.assessors)]], at + MINUTES
            yield TimedAction(later, second, partial(_score, season, event, seat, by=second, now=later, is_second=True))


def _score(season: Season, event: Gathering, seat: int, *, by: UUID, now: datetime, is_second: bool = False) -> None:
    """Score a seat; a second assessor sees the same skill, and differs by up to two tenths."""
    workshop_id, dice = season.ids[event.code], season.dice(event.code, "seat", seat)
    skill = dice.choice(event.skills)
    if is_second:
        dice = season.dice(event.code, "second", seat)
        skill = max(0, skill + dice.choice(SECOND_OPINION))
    booking = next((seated for seated in bookings.seated(workshop_id) if seated.seat == seat), None)
    if booking is None:
        return
    locking.lock_workshop(workshop_id)
    workshop = workshops.get(workshop_id)
    for competency, level in event.subject.outcomes.items():
        tenths = min(TENTHS, skill + dice.choice((-1, 0, 0, 0, 0, 1)))
        if booking.person_id == season.officers[0].id:
            tenths = TOUR_TENTHS.get(competency, TENTHS)
        results.record_scores(
            workshop,
            booking.id,
            competency=competency,
            scores=scores_by_criterion(tenths, criteria_of(competency, level), dice),
            by=by,
            now=now,
        )


def criteria_of(competency: str, level: Level) -> tuple[str, ...]:
    """Return the criteria of a rubric. Raises RuntimeError if there is none."""
    rubrics = catalogue.rubrics()
    rubric = rubrics.get(competency, level) if rubrics else None
    if rubric is None:
        raise RuntimeError(f"no rubric for {competency} at {level}")
    return rubric.criteria


def _moment(season: Season, event: Gathering, hours: Hours, *, ends: bool = False) -> datetime:
    day = season.now.date() + timedelta(days=event.first + hours.day)
    return times.at(day, hours.ends if ends else hours.starts, roster.ZONES[event.host])
