"""Find reminders whose rows are no longer late, a page at a time, from sets that are read once for a page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access.policy import Actor, Role
from app.catalogue.domain.references.plan import Plan
from app.coordination.domain.late import LateKind
from app.coordination.domain.reminders import ReminderOffice
from app.coordination.queries import late
from app.coordination.shapes import ReminderLine
from app.learning.queries import completion
from app.rights.queries import supervision

READER = Actor(UUID(int=0), "", frozenset({Role.COORDINATOR}))  # the job reads what a coordinator may see


@dataclass(frozen=True, slots=True)
class LateNow:
    """What is late: rows by kind, cell and country, late courses by officer, those of their officers by supervisor."""

    rows: Collection[tuple[LateKind, str, str]]
    officers: Mapping[UUID, Collection[str]]
    teams: Mapping[UUID, Collection[str]]


def late_rows(plan: Plan, now: datetime) -> frozenset[tuple[LateKind, str, str]]:
    """Return the rows of all countries that are late."""
    return frozenset(
        (line.kind, line.cell, country) for line in late.lines(READER, plan, now) for country in line.countries
    )


def late_now(reminders: Sequence[ReminderLine], rows: Collection[tuple[LateKind, str, str]], now: datetime) -> LateNow:
    """Return what is late of these reminders."""
    today = now.date()
    officers, supervisors = _people(reminders, ReminderOffice.OFFICER), _people(reminders, ReminderOffice.SUPERVISOR)
    below = supervision.officers_of_each(supervisors, today) if supervisors else {}
    people = officers.union(*below.values())
    courses = completion.late_courses(people, today) if people else {}
    cells = {person_id: {str(course_id) for course_id in ids} for person_id, ids in courses.items()}
    teams = {chief: set[str]().union(*(cells.get(officer, ()) for officer in team)) for chief, team in below.items()}
    return LateNow(rows, cells, teams)


def _people(reminders: Sequence[ReminderLine], office: ReminderOffice) -> set[UUID]:
    return {line.recipient_id for line in reminders if line.office is office and line.recipient_id is not None}


def is_late(line: ReminderLine, now_late: LateNow) -> bool:
    """Return whether a row of a reminder is still late."""
    if line.recipient_id is not None:
        courses = now_late.officers if line.office is ReminderOffice.OFFICER else now_late.teams
        cells = courses.get(line.recipient_id, ())
        return any(subject.cell in cells for subject in line.subjects)
    return any((*subject.key, line.country) in now_late.rows for subject in line.subjects)
