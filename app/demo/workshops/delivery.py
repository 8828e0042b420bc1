"""What trainers and assessors did at an event of the year: attendance with its exceptions, rubrics, the closing."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.demo.cast import roster
from app.demo.history.timeline import Deed
from app.demo.workshops.preparation import Season
from app.demo.workshops.programme import Fate, Gathering, Hours
from app.workshops.domain import times
from app.workshops.domain.attendance import Mark
from app.workshops.domain.events import HistoryKind, SessionKind
from app.workshops.queries import bookings, workshops
from app.workshops.service import closing, results
from app.workshops.shapes import BookingLine

CLOSED_AFTER = timedelta(days=3)
REOPENED_AFTER = timedelta(days=1)
ASKED_AFTER = timedelta(days=16)  # more than two weeks after the last day
MINUTES = timedelta(minutes=12)  # with each participant
EXCEPTIONS = (Mark.LATE, Mark.LATE, Mark.LEFT_EARLY, Mark.EXCUSED, Mark.ABSENT)
EXCEPTION = 0.07  # of all marks
HIGHEST, TENTHS = 3, 10  # of a line of a rubric; of a hand that is sure
NOT_YET = "VIC-02"  # what the tour's practitioner could not quite show in spring
TOUR_TENTHS = {NOT_YET: 7, "ONL-07": 8}  # of the tour's practitioner, who else is sure: the second has lapsed by now


def deeds(season: Season, it: Gathering) -> Iterator[Deed]:
    """Return what happened at the event up to now; of one that is running, the first session's attendance alone."""
    if it.fate not in {Fate.HELD, Fate.RUNNING}:
        return
    absent = season.dice(it.code, "absent").randint(1, it.capacity)  # by seat: somebody does not come at all
    trainer = season.staff[it.trainers[0]]
    sessions = list(enumerate(it.sessions))
    kept = [(place, hours) for place, hours in sessions if place not in it.unkept]
    for place, hours in kept if it.fate is Fate.HELD else sessions[:1]:
        ends = _moment(season, it, hours, ends=True)
        yield Deed(ends, trainer, partial(_attend, season, it, place, trainer=trainer, absent=absent, now=ends))
    if it.fate is Fate.HELD:
        if it.assessors:
            yield from _scores(season, it, absent)
        yield from _asked(season, it, trainer) if it.left_open else _closed(season, it)


def _closed(season: Season, it: Gathering) -> Iterator[Deed]:
    """Return how an event was closed, and where it was reopened, how it was closed again."""
    closed, by, key = season.day(it.last) + CLOSED_AFTER, season.staff[it.by[0]], it.code
    yield Deed(closed, by, lambda: closing.close(season.ids[key], by=by, now=closed, reason=it.closed_because))
    if it.reopened_because:
        again, last = closed + REOPENED_AFTER, closed + 2 * REOPENED_AFTER
        yield Deed(again, by, lambda: closing.reopen(season.ids[key], by=by, now=again, reason=it.reopened_because))
        yield Deed(last, by, lambda: closing.close(season.ids[key], by=by, now=last))


def _asked(season: Season, it: Gathering, trainer: UUID) -> Iterator[Deed]:
    """Return how the staff of an event asked the coordinators about attendance once its time was over."""
    asked, kind = season.day(it.last) + ASKED_AFTER, HistoryKind.ATTENDANCE_ASKED
    yield Deed(asked, trainer, lambda: closing.ask_coordinator(season.ids[it.code], kind, by=trainer, now=asked))


def lines(tenths: int, criteria: Sequence[str], random: Random) -> dict[str, int]:
    """Return a score for each criterion, together as near to so many tenths of all points as whole points come."""
    points = round(tenths / TENTHS * HIGHEST * len(criteria))
    each, more = divmod(points, len(criteria))
    better = set(random.sample(list(criteria), more))
    return {name: each + (name in better) for name in criteria}


def _attend(season: Season, it: Gathering, place: int, *, trainer: UUID, absent: int, now: datetime) -> None:
    workshop, dice = workshops.get(season.ids[it.code]), season.dice(it.code, "session", place)
    marks = {one.id: _mark(season, one, absent, dice) for one in bookings.seated(workshop.id)}
    results.save_attendance(workshop.id, workshop.sessions[place].id, marks, by=trainer, now=now)


def _mark(season: Season, one: BookingLine, absent: int, dice: Random) -> Mark:
    if one.person_id == season.officers[0].id:
        return Mark.PRESENT
    if one.seat == absent:
        return Mark.ABSENT
    return dice.choice(EXCEPTIONS) if dice.random() < EXCEPTION else Mark.PRESENT


def _scores(season: Season, it: Gathering, absent: int) -> Iterator[Deed]:
    """Return the scoring of each seat in turn, by the assessors in turn, over the assessed sessions."""
    assessed = [hours for hours in it.sessions if hours.kind is SessionKind.ASSESSMENT]
    turns = -(-it.capacity // len(assessed))
    for place, seat in enumerate(range(1, it.capacity + 1)):
        if seat == absent:
            continue
        session, turn = divmod(place, turns)
        at = _moment(season, it, assessed[session]) + MINUTES * (turn + 1)
        by = season.staff[it.assessors[place % len(it.assessors)]]
        yield Deed(at, by, partial(_score, season, it, seat, by=by, now=at))


def _score(season: Season, it: Gathering, seat: int, *, by: UUID, now: datetime) -> None:
    workshop_id, dice = season.ids[it.code], season.dice(it.code, "seat", seat)
    hand = dice.choice(it.marks)
    booking = next((one for one in bookings.seated(workshop_id) if one.seat == seat), None)
    if booking is None:
        return
    for competency, level in it.subject.outcomes.items():
        tenths = min(TENTHS, hand + dice.choice((-1, 0, 0, 0, 0, 1)))
        if booking.person_id == season.officers[0].id:
            tenths = TOUR_TENTHS.get(competency, TENTHS)
        results.score(
            workshop_id,
            booking.id,
            competency=competency,
            scores=lines(tenths, criteria_of(competency, level), dice),
            by=by,
            now=now,
        )


def criteria_of(competency: str, level: Level) -> tuple[str, ...]:
    rubrics = catalogue.rubrics()
    found = rubrics.get(competency, level) if rubrics else None
    if found is None:
        raise RuntimeError(f"no rubric for {competency} at {level}")
    return found.criteria


def _moment(season: Season, it: Gathering, hours: Hours, *, ends: bool = False) -> datetime:
    day = season.now.date() + timedelta(days=it.first + hours.day)
    return times.at(day, hours.ends if ends else hours.starts, roster.ZONES[it.host])
