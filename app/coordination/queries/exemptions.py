"""Read exemptions of officers within the scope of a contact point or a supervisor; count those that wait."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows, own_scope
from app.coordination.domain.matrix import Misfit, exemption_misfit
from app.coordination.shapes import ExemptOfficer, VisibleExemption
from app.db.session import db
from app.identity.queries import people as accounts
from app.kernel import clock
from app.learning.domain.completion import OPEN_STATES, CompletionState
from app.learning.domain.requirements import ExemptionState
from app.learning.queries import completion, requirements
from app.learning.shapes import CourseState, ExemptionLine, OfficerCoursesFilter
from app.rights.queries import supervision

UNDONE = frozenset({ExemptionState.PROPOSED, ExemptionState.AGREED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionBatch:
    """A course from which the actor exempted several officers at one moment."""

    country: str
    supervisors: frozenset[UUID]
    course_id: UUID
    lines: Sequence[ExemptionLine]

    @property
    def open_lines(self) -> list[ExemptionLine]:
        """Return the exemptions that can still be undone."""
        return [line for line in self.lines if line.state in UNDONE and line.agreed_by is None]


def own_batch(actor: Actor, exemption_id: UUID) -> ExemptionBatch:
    """Return the batch of an exemption that the actor set in the own country, or raise NoResultFound."""
    lines = requirements.exemption_batch(exemption_id)
    first = lines[0]
    if first.set_by != actor.id or first.country != actor.country:
        raise NoResultFound
    people = [line.person_id for line in lines]
    above = supervision.supervisors_of_each(people, clock.today())
    is_own = all(actor.id in above.get(person_id, ()) for person_id in people)
    supervisors = frozenset({actor.id}) if is_own else frozenset[UUID]()
    return ExemptionBatch(country=first.country, supervisors=supervisors, course_id=first.course_id, lines=lines)


def misfits(people: Collection[UUID], course_id: UUID, by: Actor, today: date) -> dict[UUID, Misfit]:
    """Return the officers of the own country whom an exemption from a course does not fit, each with the reason."""
    wanted = OfficerCoursesFilter(country=by.country, people=people, courses=[course_id])
    rows = completion.officers(today, wanted, size=len(people)).rows
    states = {row.person_id: row.courses[course_id].state for row in rows if course_id in row.courses}
    current = requirements.exemptions(by.country, people=people)
    exempt = {line.person_id for line in current if line.course_id == course_id and line.until >= today}
    reasons = {
        person_id: exemption_misfit(
            states.get(person_id), is_self=person_id == by.id, has_exemption=person_id in exempt
        )
        for person_id in people
    }
    return {person_id: reason for person_id, reason in reasons.items() if reason is not None}


def officer(actor: Actor, person_id: UUID) -> ExemptOfficer:
    """Return another officer for whom the actor may set an exemption, or raise NoResultFound."""
    if not actor.country or person_id == actor.id or not allows(actor, Action.SET_EXEMPTION, own_scope(actor)):
        raise NoResultFound
    today = clock.today()  # loaders receive no time
    line = accounts.officer(person_id, actor.country, today)
    supervisors = supervision.supervisors_of(person_id, today)
    loaded = ExemptOfficer(person_id=person_id, alias=line.alias, country=actor.country, supervisors=supervisors)
    if not allows(actor, Action.SET_EXEMPTION, loaded):
        raise NoResultFound
    return loaded


def visible(actor: Actor, exemption_id: UUID) -> VisibleExemption:
    """Return an exemption within the scope of the actor, never an own one, or raise NoResultFound."""
    line = requirements.exemption(exemption_id)
    if line.person_id == actor.id or line.country != actor.country:
        raise NoResultFound
    loaded = VisibleExemption(line=line, supervisors=supervision.supervisors_of(line.person_id, clock.today()))
    if not allows(actor, Action.SET_EXEMPTION, loaded):
        raise NoResultFound
    return loaded


def lines(actor: Actor, today: date) -> list[ExemptionLine]:
    """Return the exemptions that wait or are valid: of the own country, or of the officers whom the actor supervises.

    Those whose last day has passed and own ones are left out.
    """
    people = None if _sees_country(actor) else _supervised(actor, today)
    listed = requirements.exemptions(actor.country, people=people)
    return [line for line in listed if line.until >= today and line.person_id != actor.id]


def lines_of(officer: ExemptOfficer, today: date) -> list[ExemptionLine]:
    """Return the exemptions of an officer that wait or are valid."""
    listed = requirements.exemptions(officer.country, people=[officer.person_id])
    return [line for line in listed if line.until >= today]


def open_courses(person_id: UUID, today: date) -> list[CourseState]:
    """Return the courses that an officer is asked to complete and has not completed."""
    asked = OPEN_STATES | {CompletionState.EXEMPT}
    states = completion.course_states(person_id, today).values()
    return [state for state in states if state.state in asked or state.problem is not None]


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the query that counts the exemptions which wait for the actor as the second person."""
    if not actor.country or not allows(actor, Action.AGREE_EXEMPTION, own_scope(actor)):
        return {}
    people = None if _sees_country(actor) else supervision.officers_of(actor.id, clock.today())
    return {"exemptions": requirements.waiting_exemptions(actor, people=people)}


def _sees_country(actor: Actor) -> bool:
    """Return whether the actor sees all officers of the own country, as its contact point."""
    return allows(actor, Action.SEE_OFFICERS, own_scope(actor))


def _supervised(actor: Actor, today: date) -> Collection[UUID]:
    return frozenset(db.session.scalars(supervision.officers_of(actor.id, today)))
