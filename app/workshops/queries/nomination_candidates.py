"""Read the officers of a country as candidates for an event: what they need and lack, the most fitting first."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue, versions
from app.competence.domain.statuses import DUE_DAYS
from app.competence.queries import officers as competence
from app.competence.queries.needing import needing
from app.db import blind_index
from app.db.session import db
from app.identity.queries import people as accounts
from app.identity.queries.people import OfficerLine
from app.learning.queries import progress as learning
from app.workshops.domain.eligibility import Obstacle
from app.workshops.domain.nominations import LanguageLevel
from app.workshops.models import Workshop
from app.workshops.queries import nominations
from app.workshops.shapes import WorkshopFacts

COMPARED = 500  # officers by alias of whom the prepared ones come first: the work stays the same in a large country
WINDOW = 60  # officers who are put in order
PAGE_SIZE = 20
OnPerson = Callable[[ColumnElement[UUID]], ColumnElement[bool]]  # a condition on a person's id


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationCandidate:
    """An officer with the obstacles to the event, and the competencies of the event that the officer needs."""

    officer: OfficerLine
    obstacles: tuple[Obstacle, ...]
    needs: tuple[str, ...]

    @property
    def person_id(self) -> UUID:
        """Return the id of the person."""
        return self.officer.person_id


def candidates(
    workshop: WorkshopFacts, country: str, today: date, *, search: str, without: Collection[UUID]
) -> list[NominationCandidate]:
    """Return at most WINDOW officers of a country, the most fitting first; `search` is a part of their aliases.

    Without a search, officers who need a competency of the event and have done its courses are read first, then others
    in its roles, each by alias.
    """
    officers = _found(country, today, search, without) if search else _suggested(workshop, country, today, without)
    described = describe(workshop, officers, {}, today)
    return sorted(described, key=lambda candidate: (len(candidate.obstacles), not candidate.needs))


def officers(country: str, ids: Collection[UUID], today: date) -> Mapping[UUID, OfficerLine]:
    """Return those of these people who are officers of a country today."""
    if not ids:
        return {}
    lines = accounts.officers_of(country, today, having=lambda person_id: person_id.in_(ids), size=len(ids))
    return {line.person_id: line for line in lines}


def officers_by_text(country: str, texts: Collection[str], today: date) -> Mapping[str, OfficerLine]:
    """Return the officers of a country with these aliases or service numbers, by the text."""
    if not texts:
        return {}
    return accounts.officers_by_text(country, today, {text: blind_index.index("service", text) for text in texts})


def describe(
    workshop: WorkshopFacts,
    lines: Sequence[OfficerLine],
    answers: Mapping[UUID, LanguageLevel | None],
    today: date,
) -> list[NominationCandidate]:
    """Return what these officers lack and need, in the same order; `answers` are the levels of the language."""
    if not lines:
        return []
    ids = [line.person_id for line in lines]
    row = db.session.get_one(Workshop, workshop.id)
    obstacles = nominations.obstacles(row, {person_id: answers.get(person_id) for person_id in ids}, today)
    needs = _needs(workshop, lines, today)
    return [
        NominationCandidate(officer=line, obstacles=tuple(obstacles[line.person_id]), needs=needs[line.person_id])
        for line in lines
    ]


def _found(country: str, today: date, search: str, without: Collection[UUID]) -> list[OfficerLine]:
    matches = accounts.has_alias_with(search)
    return accounts.officers_of(
        country, today, having=lambda person_id: and_(matches(person_id), person_id.not_in(without)), size=WINDOW
    )


def _suggested(workshop: WorkshopFacts, country: str, today: date, without: Collection[UUID]) -> list[OfficerLine]:
    """Return officers in the roles of the event: those who need it and are prepared for it first."""
    fits, ready = _has_role(workshop), _is_ready(workshop, today)
    listed = accounts.officers_of(
        country, today, having=lambda person_id: and_(person_id.not_in(without), fits(person_id)), size=COMPARED
    )
    ids = [line.person_id for line in listed]
    first = accounts.officers_of(
        country, today, having=lambda person_id: and_(person_id.in_(ids), ready(person_id)), size=WINDOW
    )
    first_ids = {line.person_id for line in first}
    return [*first, *(line for line in listed if line.person_id not in first_ids)][:WINDOW]


def _has_role(workshop: WorkshopFacts) -> OnPerson:
    return accounts.serves_as(workshop.roles) if workshop.roles else lambda _person_id: true()


def _needed_courses(workshop: WorkshopFacts) -> list[UUID]:
    codes = set(workshop.prerequisites)
    return [record.id for record in versions.course_records() if record.code in codes] if codes else []


def _is_ready(workshop: WorkshopFacts, today: date) -> OnPerson:
    """Return the condition that an officer needs a competency of the event, and has done the courses before it."""
    courses = _needed_courses(workshop)
    framework = catalogue.competencies() or Competencies()
    conditions = [needing(framework, competency, today) for competency, _level in workshop.outcomes]
    done = learning.has_completed(courses)

    def having(person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
        needs = or_(false(), *(condition(person_id) for condition in conditions)) if conditions else true()
        return and_(needs, done(person_id)) if courses else needs

    return having


def _needs(workshop: WorkshopFacts, lines: Sequence[OfficerLine], today: date) -> Mapping[UUID, tuple[str, ...]]:
    """Return the competencies of the event that these officers need and do not hold for 28 days more."""
    framework = catalogue.competencies() or Competencies()
    ends = competence.ends(framework, {line.person_id: line.roles for line in lines})
    soon = today + timedelta(days=DUE_DAYS)
    practised = [competency for competency, _level in workshop.outcomes]
    return {
        line.person_id: tuple(
            name
            for name in practised
            if name in ends[line.person_id] and _ends_before(ends[line.person_id][name], soon)
        )
        for line in lines
    }


def _ends_before(until: date | None, day: date) -> bool:
    return until is None or until < day
