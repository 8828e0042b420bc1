"""Gathering what has a date soon, for mails: beginning with the things, so that it costs what there is of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.queries import officers
from app.home import domain
from app.home.domain import Dated
from app.learning.queries import suggestions
from app.messages import queries as messages
from app.workshops.queries import bookings

Things = Mapping[UUID, list[Dated]]


def people_near(now: datetime, after: UUID | None, size: int) -> list[UUID]:
    """Return the next people by id for whom something may be near: three statements, however many people there are."""
    days, moments = domain.near_days(now.date()), domain.near_moments(now)
    framework = catalogue.competencies() or Competencies()
    found = {
        *suggestions.people_due(days, after, size),
        *bookings.people_starting(*moments, after, size),
        *officers.people_losing(framework, days, after, size),
    }
    return sorted(found)[:size]


def near(people: Collection[UUID], now: datetime) -> Things:
    """Return what may be near for these people: courses suggested, seats, what they need and are about to lose."""
    found = {person_id: list(things) for person_id, things in near_suggestions(people, now).items()}
    for seat in bookings.starting(people, *domain.near_moments(now)):
        found.setdefault(seat.person_id, []).append(Dated(f"seat:{seat.workshop_id}", seat.starts_at))
    framework, today = catalogue.competencies() or Competencies(), now.date()
    for one in officers.losing(framework, people, domain.near_days(today), today):
        found.setdefault(one.person_id, []).append(Dated(f"competence:{one.competency}", one.until))
    return found


def near_suggestions(people: Collection[UUID], now: datetime) -> Things:
    """Return the suggested courses whose days may be near for these people."""
    found: dict[UUID, list[Dated]] = {}
    for line in suggestions.due(people, domain.near_days(now.date()), now.date()):
        if line.due_on is not None:
            found.setdefault(line.person_id, []).append(Dated(f"suggestion:{line.id}", line.due_on))
    return found


def said(people: Collection[UUID], now: datetime) -> Mapping[UUID, Mapping[str, frozenset[str]]]:
    """Return by occasion what mails of near dates have said to these people; who had none is left out."""
    found = messages.facts_of(people, domain.near_occasions(now.date()))
    return {
        person_id: {occasion: frozenset(facts.get("said", ())) for occasion, facts in mails.items()}
        for person_id, mails in found.items()
    }
