"""Read the matrix of officers: pages of a filter, the officers selected in it, who a suggestion fits, its batches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, true
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue, publications
from app.catalogue.shapes import Outline
from app.competence.queries.needing import needing
from app.coordination.domain.matrix import Candidate, Misfit, misfit
from app.identity.queries import officer_facts, people as accounts
from app.identity.queries.people import OfficerLine
from app.kernel import clock
from app.learning.domain import Suggester
from app.learning.domain.completion import CompletionFlag, CompletionState
from app.learning.queries import completion, progress, requirements, suggestions
from app.learning.queries.suggestions import SuggestionBatchLine
from app.learning.shapes import OfficerCoursesFilter, OfficerCoursesPage
from app.rights.queries import supervision

ENGLISH = "en"  # counts as a language that every officer reads


@dataclass(frozen=True, slots=True)
class MatrixScope:
    """The officers whom a matrix lists: all of a country (`supervised` None), or those of a supervisor there."""

    country: str
    supervised: Select[UUID] | None = None

    def contains(self, person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
        """Return the condition that a person, an officer of the country, is in the matrix."""
        return true() if self.supervised is None else person_id.in_(self.supervised)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFilter:
    """The filter of a matrix; `needs` is a competency that the officers need and do not hold for 28 days more."""

    needs: str = ""
    role: str = ""
    agency_id: UUID | None = None
    states: Sequence[CompletionState | CompletionFlag] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionBatch:
    """A course that the actor suggested to several officers at one moment."""

    country: str
    supervisors: frozenset[UUID]
    course_id: UUID
    lines: Sequence[SuggestionBatchLine]


def country_scope(actor: Actor) -> MatrixScope:
    """Return all officers of the actor's country."""
    return MatrixScope(actor.country)


def team_scope(actor: Actor) -> MatrixScope:
    """Return the officers whom the actor supervises today."""
    return MatrixScope(actor.country, supervision.officers_of(actor.id, clock.today()))


def officers(
    scope: MatrixScope, wanted: MatrixFilter, today: date, *, after: str, size: int = completion.PAGE_SIZE
) -> OfficerCoursesPage:
    """Return a page of the officers of a filter by alias, with their states in all courses."""
    courses_filter = _courses_filter(scope, wanted)
    return completion.officers(today, courses_filter, after=after, size=size, further=_further(scope, wanted, today))


def listed(scope: MatrixScope, wanted: MatrixFilter, today: date, *, after: str = "", size: int) -> list[OfficerLine]:
    """Return the officers of a filter by alias, at most `size`."""
    having = completion.matching(today, _courses_filter(scope, wanted), _further(scope, wanted, today))
    return accounts.officers_of(scope.country, today, role=wanted.role, having=having, after=after, size=size)


def selected(scope: MatrixScope, ids: Collection[UUID], today: date) -> list[OfficerLine]:
    """Return these officers by alias; raise NoResultFound if one of them is not in the matrix."""
    lines = accounts.officers_of(
        scope.country,
        today,
        having=lambda person_id: and_(person_id.in_(ids), scope.contains(person_id)),
        size=len(ids),
    )
    if len(lines) != len(ids):
        raise NoResultFound
    return lines


def misfits(people: Collection[UUID], current: Outline, by: UUID, today: date) -> Mapping[UUID, Misfit]:
    """Return the officers among these whom a suggestion of a course does not fit, each with the reason."""
    course_id = current.course_id
    readable, facts = progress.open_to(people, today), officer_facts.facts_of(people)
    suggested, completed = suggestions.with_live(people, course_id), _completed(people, course_id)
    languages = publications.publications([course_id])[course_id][-1].languages
    reasons = {
        person_id: misfit(
            Candidate(
                is_self=person_id == by,
                may_read=course_id in readable[person_id],
                has_completed=person_id in completed,
                is_suggested=person_id in suggested,
                reads_language=bool(languages & (facts[person_id].languages | {ENGLISH})),
            )
        )
        for person_id in people
    }
    return {person_id: reason for person_id, reason in reasons.items() if reason is not None}


def courses_to_suggest() -> list[Outline]:
    """Return the published courses that practitioners may read, by code."""
    return catalogue.all_visible(Actor(UUID(int=0), "", frozenset({Role.PRACTITIONER})))


def own_batch(actor: Actor, suggestion_id: UUID) -> SuggestionBatch:
    """Return the batch of a suggestion that the actor wrote in the own country, or raise NoResultFound."""
    lines = suggestions.batch(suggestion_id)
    first = lines[0]
    if first.suggested_by != actor.id or first.country != actor.country:
        raise NoResultFound
    is_supervisor = first.suggested_as is Suggester.SUPERVISOR
    supervisors = frozenset({actor.id}) if is_supervisor else frozenset[UUID]()
    return SuggestionBatch(country=first.country, supervisors=supervisors, course_id=first.course_id, lines=lines)


def required_courses(country: str, today: date) -> frozenset[UUID]:
    """Return the courses that are required in a country today, of any role."""
    return frozenset(
        line.course_id
        for line in requirements.lines(country=country, drafts=False)
        if line.starts <= today and (line.ends is None or line.ends >= today)
    )


def framework() -> Competencies:
    """Return the framework of competencies in force, or an empty one."""
    return catalogue.competencies() or Competencies()


def _courses_filter(scope: MatrixScope, wanted: MatrixFilter) -> OfficerCoursesFilter:
    return OfficerCoursesFilter(country=scope.country, role=wanted.role, states=wanted.states)


def _further(scope: MatrixScope, wanted: MatrixFilter, today: date) -> completion.OnPerson:
    conditions: list[completion.OnPerson] = [scope.contains]
    if wanted.needs:
        conditions.append(needing(framework(), wanted.needs, today))
    if wanted.agency_id is not None:
        conditions.append(accounts.serves_in(wanted.agency_id, today))
    return lambda person_id: and_(*(condition(person_id) for condition in conditions))


def _completed(people: Collection[UUID], course_id: UUID) -> frozenset[UUID]:
    by_person = progress.enrolments(people)
    return frozenset(
        person_id
        for person_id, lines in by_person.items()
        if any(line.course_id == course_id and line.completed_on is not None and not line.has_ended for line in lines)
    )
