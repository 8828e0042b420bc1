"""Read near dates for reminder mails; the cost of the queries grows with the dates, not with the people."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.queries import officers
from app.coordination.domain.reminders import ReminderOffice
from app.coordination.queries import reminders
from app.home import domain
from app.home.domain import Dated, DatedKind
from app.learning.domain.completion import AssignmentSource
from app.learning.queries import due_courses, suggestions
from app.messages import queries as messages
from app.workshops.queries import bookings

DatesByPerson = Mapping[UUID, list[Dated]]
DATED_KINDS: Mapping[ReminderOffice | None, DatedKind] = {  # contact points and supervisors: an answer
    ReminderOffice.OFFICER: DatedKind.DATE,
    None: DatedKind.ANSWER_CAME,
}


def people_near(now: datetime, after: UUID | None, size: int) -> list[UUID]:
    """Return the next people by id who may have a near date: a few statements for any number of people."""
    days, moments = domain.near_days(now.date()), domain.near_moments(now)
    framework = catalogue.competencies() or Competencies()
    people = {
        *suggestions.people_due(days, after, size),
        *bookings.people_starting(*moments, after, size),
        *officers.people_losing(framework, days, after, size),
        *reminders.people_asked(days, now.date(), after, size),
        *due_courses.people_due(days, now.date(), after, size),
    }
    return sorted(people)[:size]


def near(people: Collection[UUID], now: datetime) -> DatesByPerson:
    """Return dates that may be near: suggested courses, seats, and needed competencies that are about to end."""
    dates = {person_id: list(suggested) for person_id, suggested in near_suggestions(people, now).items()}
    for seat in bookings.starting(people, *domain.near_moments(now)):
        dates.setdefault(seat.person_id, []).append(Dated(f"seat:{seat.workshop_id}", seat.starts_at))
    framework, today = catalogue.competencies() or Competencies(), now.date()
    for ending in officers.needs_ending(framework, people, domain.near_days(today), today):
        dates.setdefault(ending.person_id, []).append(Dated(f"competence:{ending.competency}", ending.until))
    for person_id, asked in near_reminders(people, now).items():
        dates.setdefault(person_id, []).extend(asked)
    for person_id, due in near_courses(people, now).items():
        dates.setdefault(person_id, []).extend(due)
    return dates


def near_courses(people: Collection[UUID], now: datetime) -> DatesByPerson:
    """Return the dates of courses that may be near; those of suggestions are in `near_suggestions`."""
    dates: dict[UUID, list[Dated]] = {}
    for course in due_courses.due(people, domain.near_days(now.date()), now.date()):
        if course.source is not AssignmentSource.SUGGESTION:
            dated = Dated(f"course:{course.course_id}", course.due_on, DatedKind.DATE, course.country)
            dates.setdefault(course.person_id, []).append(dated)
    return dates


def near_reminders(people: Collection[UUID], now: datetime) -> DatesByPerson:
    """Return the dates that reminders ask of these people, and those for which answers came, if they may be near."""
    dates: dict[UUID, list[Dated]] = {}
    for asked in reminders.asked(people, domain.near_days(now.date()), now.date()):
        kind = DATED_KINDS.get(asked.office, DatedKind.ANSWER)
        key = f"{kind}:{asked.reminder_id}"
        dates.setdefault(asked.person_id, []).append(Dated(key, asked.wanted_by, kind, asked.country))
    return dates


def near_suggestions(people: Collection[UUID], now: datetime) -> DatesByPerson:
    """Return the suggested courses whose days may be near."""
    dates: dict[UUID, list[Dated]] = {}
    for line in suggestions.due(people, domain.near_days(now.date()), now.date()):
        if line.due_on is not None:
            dates.setdefault(line.person_id, []).append(Dated(f"suggestion:{line.id}", line.due_on))
    return dates


def mailed(people: Collection[UUID], now: datetime) -> Mapping[UUID, Mapping[str, frozenset[str]]]:
    """Return the fingerprints in mails of near dates by person and occasion; people without mails are left out."""
    facts_by_person = messages.facts_of(people, domain.near_occasions(now.date()))
    return {
        person_id: {occasion: frozenset(facts.get("said", ())) for occasion, facts in mails.items()}
        for person_id, mails in facts_by_person.items()
    }
