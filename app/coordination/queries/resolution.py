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
    """What is late: rows by kind, cell and country, and late courses by person (for supervisors: of their officers)."""

    rows: Collection[tuple[LateKind, str, str]]
    people: Mapping[UUID, Collection[str]]


def late_rows(plan: Plan, now: datetime) -> frozenset[tuple[LateKind, str, str]]:
    """Return the rows of all countries that are late."""
    return frozenset(
        (line.kind, line.cell, country) for line in late.lines(READER, plan, now) for country in line.countries
    )


def late_now(reminders: Sequence[ReminderLine], rows: Collection[tuple[LateKind, str, str]], now: datetime) -> LateNow:
    """Return what is late of these reminders."""
    officers = [line.recipient_id for line in reminders if line.office is ReminderOffice.OFFICER and line.recipient_id]
    bosses = [line.recipient_id for line in reminders if line.office is ReminderOffice.SUPERVISOR and line.recipient_id]
    below = supervision.officers_of_each(bosses, now.date()) if bosses else {}
    people = {*officers, *(officer for team in below.values() for officer in team)}
    courses = completion.late_courses(people, now.date()) if people else {}
    by_person = {person_id: {str(course_id) for course_id in ids} for person_id, ids in courses.items()}
    teams = {boss: {cell for officer in team for cell in by_person.get(officer, ())} for boss, team in below.items()}
    return LateNow(rows, {officer: by_person.get(officer, set()) for officer in officers} | teams)


def is_late(line: ReminderLine, now_late: LateNow) -> bool:
    """Return whether a row of a reminder is still late."""
    if line.recipient_id is not None:
        cells = now_late.people.get(line.recipient_id, ())
        return any(subject.cell in cells for subject in line.subjects)
    return any((*subject.key, line.country) in now_late.rows for subject in line.subjects)
