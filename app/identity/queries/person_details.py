"""Load a person with posting, roles and real name; only `person` checks what the actor may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.people_rules import Recipient, RoleAssignment, is_in_scope
from app.access.policy import Action, Actor, Role, allows
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.domain.roles import decides_for
from app.identity.models import Agency, Identity, Person, Posting, RoleGrant
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan
from app.identity.queries.roles import role_condition
from app.kernel import clock


@dataclass(frozen=True, slots=True)
class GrantedRole:
    """A current or future role of a person."""

    id: UUID
    person_id: UUID
    assignment: RoleAssignment


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person as authorised users see them: the country is that of the current posting, else of the last."""

    person_id: UUID
    alias: str
    state: PersonState
    country: str
    agency_id: UUID | None
    posting_roles: tuple[str, ...]
    grants: tuple[GrantedRole, ...]
    protected: bool = False  # under threat: only the own contact point sees the country

    @property
    def active(self) -> bool:
        """Return whether the account is open."""
        return self.state is PersonState.ACTIVE

    @property
    def assignments(self) -> list[RoleAssignment]:
        """Return the current and future role assignments."""
        return [grant.assignment for grant in self.grants]

    @property
    def receiver(self) -> Recipient:
        """Return the person as the rules of roles need them."""
        return Recipient(self.person_id, self.country, self.active, self.assignments, agency_id=self.agency_id)


@dataclass(frozen=True, slots=True)
class PersonName:
    """The real name of a person."""

    name: str
    latin_name: str


def person(actor: Actor, person_id: UUID) -> PersonDetails:
    """Return a person whom the actor may see, or raise NoResultFound."""
    # loaders of views have no time parameter, and postings and roles end by the day
    details = any_person(person_id, clock.today())
    if not allows(actor, Action.SEE_PERSON, details):
        raise NoResultFound
    return details


def any_person(person_id: UUID, today: date) -> PersonDetails:
    """Return a person without a check of rights, or raise NoResultFound."""
    columns = select(Person.alias, Person.state, Person.protected)
    row = db.session.execute(columns.where(Person.id == person_id, Person.erased_at.is_(None))).one()
    active = row[1] is PersonState.ACTIVE
    posting = posting_for_display(postings.postings([person_id]).get(person_id, []), today, active=active)
    return PersonDetails(
        person_id=person_id,
        alias=row[0],
        state=row[1],
        country=posting.country if posting else "",
        agency_id=posting.agency_id if posting else None,
        posting_roles=posting.roles if posting else (),
        grants=tuple(grants([person_id], today).get(person_id, [])),
        protected=row[2],
    )


def decides(actor: Actor, today: date) -> bool:
    """Return whether the actor decides for the own country as contact point, not as a deputy."""
    own_grants = grants([actor.id], today).get(actor.id, [])
    return decides_for([grant.assignment for grant in own_grants], actor.country, today)


def countrymen(person_id: UUID) -> Select[UUID]:
    """Return the query of the people who ever served in a country of this person, for conditions of other packages."""
    countries = select(Posting.country).where(Posting.person_id == person_id)
    return select(Posting.person_id).where(Posting.country.in_(countries), Posting.person_id != person_id)


def grants(ids: Collection[UUID], today: date) -> Mapping[UUID, list[GrantedRole]]:
    """Return the current and future roles of these people, in the order of their first days."""
    query = (
        select(RoleGrant)
        .where(RoleGrant.person_id.in_(ids), or_(RoleGrant.until.is_(None), RoleGrant.until >= today))
        .order_by(RoleGrant.since, RoleGrant.role, RoleGrant.id)
    )
    by_person: dict[UUID, list[GrantedRole]] = {}
    for row in db.session.scalars(query):
        by_person.setdefault(row.person_id, []).append(GrantedRole(row.id, row.person_id, role_assignment(row)))
    return by_person


def name(person_id: UUID) -> PersonName:
    """Return the real name of a person, "" if erased. The caller checks the right and records the view."""
    return names([person_id]).get(person_id, PersonName("", ""))


def names(ids: Collection[UUID]) -> Mapping[UUID, PersonName]:
    """Return the real names of people, without the erased. The caller checks the right and records the view."""
    query = select(Identity.person_id, Identity.name, Identity.latin_name).where(Identity.person_id.in_(ids))
    return {row[0]: PersonName(row[1], row[2] or "") for row in db.session.execute(query)}


def agency(agency_id: UUID | None) -> str:
    """Return the name of an agency."""
    if agency_id is None:
        return ""
    return db.session.scalars(select(Agency.name).where(Agency.id == agency_id)).one()


def role_assignment(row: RoleGrant) -> RoleAssignment:
    return RoleAssignment(row.role, row.scope, row.reach, row.since, row.until, row.deputy)


def has_role(assignment: RoleAssignment, country: str, agency_id: UUID | None, today: date) -> bool:
    """Return whether a role that has not ended is valid today at this posting."""
    return assignment.since <= today and is_in_scope(assignment.scope, assignment.reach, country, agency_id)


def posting_for_display(spans: list[PostingSpan], today: date, *, active: bool) -> PostingSpan | None:
    """Return the posting of today or, for a closed account, the last posting."""
    begun = [span for span in spans if span.since <= today]
    if active:
        begun = [span for span in begun if span.until is None or span.until >= today]
    return begun[-1] if begun else None


def people_in_role(roles: Collection[Role], today: date) -> ColumnElement[bool]:
    has_role_today = (RoleGrant.role.in_(roles), *role_condition(RoleGrant, today))
    if Role.PRACTITIONER in roles:  # nearly all people
        return select(RoleGrant.id).where(RoleGrant.person_id == Person.id, *has_role_today).exists()
    return Person.id.in_(select(RoleGrant.person_id).where(*has_role_today))
