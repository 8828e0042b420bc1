"""Read a person with grants, posting and name, within what a user may see."""

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
from app.kernel import clock


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person holds or will hold."""

    id: UUID
    person_id: UUID
    held: RoleAssignment


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person as those see one who have the right: the country is where they serve or, left, last served."""

    person_id: UUID
    alias: str
    state: PersonState
    country: str
    agency_id: UUID | None
    posting_roles: tuple[str, ...]
    grants: tuple[Grant, ...]
    protected: bool = False  # under threat: the country is for the own contact point alone

    @property
    def active(self) -> bool:
        """Say whether the account is open."""
        return self.state is PersonState.ACTIVE

    @property
    def receiver(self) -> Recipient:
        """Return what the rules of roles need to know."""
        held = [one.held for one in self.grants]
        return Recipient(self.person_id, self.country, self.active, held, agency_id=self.agency_id)


@dataclass(frozen=True, slots=True)
class PersonName:
    """How a person is really called, and where they serve."""

    name: str
    latin_name: str


def person(actor: Actor, person_id: UUID, **_rest: object) -> PersonDetails:
    """Return a person whom the actor may see, or raise NoResultFound."""
    # a door gives no time, and postings and roles end by the day
    found = any_person(person_id, clock.today())
    if not allows(actor, Action.SEE_PERSON, found):
        raise NoResultFound
    return found


def any_person(person_id: UUID, today: date) -> PersonDetails:
    """Return a person, whoever asks, or raise NoResultFound."""
    found = select(Person.alias, Person.state, Person.protected)
    row = db.session.execute(found.where(Person.id == person_id, Person.erased_at.is_(None))).one()
    active = row[1] is PersonState.ACTIVE
    served = posting_for_display(postings.postings([person_id]).get(person_id, []), today, active=active)
    return PersonDetails(
        person_id=person_id,
        alias=row[0],
        state=row[1],
        country=served.country if served else "",
        agency_id=served.agency_id if served else None,
        posting_roles=served.roles if served else (),
        grants=tuple(grants([person_id], today).get(person_id, [])),
        protected=row[2],
    )


def decides(actor: Actor, today: date) -> bool:
    """Say whether somebody decides for the own country, and does not only stand in for whoever does."""
    held = grants([actor.id], today).get(actor.id, [])
    return decides_for([one.held for one in held], actor.country, today)


def countrymen(person_id: UUID) -> Select[UUID]:
    """Return the query for those who ever served in a country where this person did, for conditions of other rooms."""
    there = select(Posting.country).where(Posting.person_id == person_id)
    return select(Posting.person_id).where(Posting.country.in_(there), Posting.person_id != person_id)


def grants(ids: Collection[UUID], today: date) -> Mapping[UUID, list[Grant]]:
    """Return the roles that these people hold or will hold, in the order of their first days."""
    query = (
        select(RoleGrant)
        .where(RoleGrant.person_id.in_(ids), or_(RoleGrant.until.is_(None), RoleGrant.until >= today))
        .order_by(RoleGrant.since, RoleGrant.role, RoleGrant.id)
    )
    found: dict[UUID, list[Grant]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.person_id, []).append(Grant(one.id, one.person_id, role_assignment(one)))
    return found


def name(person_id: UUID) -> PersonName:
    """Return how a person is really called, for who has the right and has written that they look; "" where erased."""
    row = db.session.execute(
        select(Identity.name, Identity.latin_name).where(Identity.person_id == person_id)
    ).one_or_none()
    return PersonName(row[0], row[1] or "") if row else PersonName("", "")


def names(ids: Collection[UUID]) -> Mapping[UUID, PersonName]:
    """Return how people are really called, for who has the right and has written that they look; not the erased."""
    query = select(Identity.person_id, Identity.name, Identity.latin_name).where(Identity.person_id.in_(ids))
    return {row[0]: PersonName(row[1], row[2] or "") for row in db.session.execute(query)}


def agency(agency_id: UUID | None) -> str:
    """Return the name of a service."""
    if agency_id is None:
        return ""
    return db.session.scalars(select(Agency.name).where(Agency.id == agency_id)).one()


def role_assignment(one: RoleGrant) -> RoleAssignment:
    return RoleAssignment(one.role, one.scope, one.reach, one.since, one.until, one.deputy)


def has_role(held: RoleAssignment, country: str, agency_id: UUID | None, today: date) -> bool:
    """Say whether a role that is not over holds today for somebody who serves here."""
    return held.since <= today and is_in_scope(held.scope, held.reach, country, agency_id)


def posting_for_display(spans: list[PostingSpan], today: date, *, active: bool) -> PostingSpan | None:
    """Return where somebody serves today or, whose account is closed, served last."""
    begun = [span for span in spans if span.since <= today]
    if active:
        begun = [span for span in begun if span.until is None or span.until >= today]
    return begun[-1] if begun else None


def people_in_role(roles: Collection[Role], today: date) -> ColumnElement[bool]:
    holds = (
        RoleGrant.role.in_(roles),
        RoleGrant.since <= today,
        or_(RoleGrant.until.is_(None), RoleGrant.until >= today),
    )
    if Role.PRACTITIONER in roles:  # nearly everybody
        return select(RoleGrant.id).where(RoleGrant.person_id == Person.id, *holds).exists()
    return Person.id.in_(select(RoleGrant.person_id).where(*holds))
