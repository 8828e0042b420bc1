"""All actions of the demonstration in watched sittings: groups, role models, requests; the running and planned ones."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from app.demo.cast import roster
from app.demo.cast.careers import CourseMaterial
from app.demo.history import accounts
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.sittings import check_requests, marks, programme, role_officers, room, watched_groups
from app.demo.sittings.programme import MarksGiven, WatchedSitting
from app.demo.sittings.role_officers import ModelOfficer

ASSESSORS_CAME = timedelta(days=140)
RELIABLE = 8  # tenths of the products without a marking yet
RUBRIC_OF_BANK = "VIC-01.practitioner"
PRESENT = -30  # day on which officers of a group have to serve


def actions(
    office: DemoStaff, models: Sequence[ModelOfficer], courses: Sequence[CourseMaterial]
) -> Iterator[TimedAction]:
    """Return all actions of the half year in sittings with desk tasks, and the checks by invigilators."""
    yield from accounts.supervisor_assignments([model.officer for model in models], office.staff)
    yield from marks.calibrations(office, office.now - ASSESSORS_CAME)
    yield marks.comments_of_bank(office, RUBRIC_OF_BANK, office.at(programme.GROUP_OF_EIGHT.day + 3))
    yield from role_officers.actions(office, models, courses)
    others = office.officers[len(roster.TOUR) :]
    yield from watched_groups.actions(office, others, role_officers.verified(models))
    yield from _sittings(office, models)


def _sittings(office: DemoStaff, models: Sequence[ModelOfficer]) -> Iterator[TimedAction]:
    first, *others = _of_country(office, roster.FIRST)
    lapsing = [model.officer for model in models if not model.model.is_verified]
    people = [*others, *lapsing]  # a demonstration with few officers has too few of the country
    yield from check_requests.actions(office, people)
    ids = [officer.id for officer in people]
    eight = room.room(office, programme.GROUP_OF_EIGHT, ids, _quality_by(programme.GROUP_MARKS))
    yield from room.whole(eight)
    yield from marks.marked(eight, programme.GROUP_MARKS)
    six = room.room(office, programme.GROUP_OF_SIX, ids[4:], _quality_by(programme.SIX_MARKS))
    yield from room.whole(six)
    yield from marks.marked(six, programme.SIX_MARKS)
    yield from room.whole(room.room(office, programme.FIRST_RESPONDERS, ids[1:], programme.questions_answered))
    yield from room.running(room.room(office, programme.RUNNING, [first.id, *ids[1:]]))
    for plan in programme.PLANNED:
        yield from room.planned(room.room(office, plan, _seated(office, plan, ids)))
    yield from room.cancelled(room.room(office, programme.CANCELLED, ids[2:]))


def _seated(office: DemoStaff, plan: WatchedSitting, ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the officers of a planned sitting; those of the first country ask for what it checks."""
    if plan.country == roster.FIRST:
        return ids[3:]
    return [officer.id for officer in _of_country(office, plan.country)]


def _of_country(office: DemoStaff, country: str) -> Sequence[DemoOfficer]:
    return [
        officer
        for officer in office.officers
        if officer.player.country == country and officer.since < office.at(PRESENT)
    ]


def _quality_by(marks_given: Mapping[tuple[int, int], Sequence[MarksGiven]]) -> room.Quality:
    """Return how good the work is: what the last assessor gives for it."""
    return lambda number, position: (
        marks_given[number, position][-1].tenths if (number, position) in marks_given else RELIABLE
    )
