"""Match the addresses and numbers of an imported sheet with accounts and open invitations, for `intake`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_, select

from app.access.policy import Role
from app.db.session import db
from app.identity.domain.alias_order import alias_key
from app.identity.domain.people import PersonState
from app.identity.models import Agency, Identity, Person, Posting, RoleGrant
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan
from app.invitations.models import Invitation
from app.invitations.queries.invitations import IS_OPEN


@dataclass(frozen=True, slots=True)
class MatchedAccount:
    """A person with an account: identity, posting of the day or the nearest one, roles of the day."""

    person_id: UUID
    alias: str
    mail: str
    mail_index: str
    name: str
    latin_name: str
    service_number: str
    active: bool
    posting: PostingSpan | None
    moves: bool  # a later posting exists
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Awaited:
    """An open invitation."""

    invited_by: UUID
    country: str
    role: Role
    name: str
    latin_name: str
    service_number: str
    agency_id: UUID
    posting_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberOwner:
    """The owner of a service number: index of the mail address, country of the last posting or ""."""

    mail_index: str
    country: str


def accounts(indexes: Collection[str], today: date) -> Mapping[str, MatchedAccount]:
    """Return the accounts of mail addresses, by index of the address."""
    rows = db.session.execute(_ACCOUNTS.where(Identity.mail_index.in_(indexes))).all()
    return {account.mail_index: account for account in _accounts(rows, today)}


def accounts_of(ids: Collection[UUID], today: date) -> Mapping[UUID, MatchedAccount]:
    """Return the accounts of people, by id."""
    rows = db.session.execute(_ACCOUNTS.where(Person.id.in_(ids))).all()
    return {account.person_id: account for account in _accounts(rows, today)}


def officers(country: str, today: date, *, agency_id: UUID | None, after: str, size: int) -> list[MatchedAccount]:
    """Return a page of the officers and supervisors of a country by alias; `after` is the last alias before it."""
    beyond = Person.alias_key > alias_key(after)
    query = _serving(_ACCOUNTS, country, today).where(beyond).order_by(Person.alias_key).limit(size)
    if agency_id is not None:
        query = query.where(Posting.agency_id == agency_id)
    return _accounts(db.session.execute(query).all(), today)


def awaited(indexes: Collection[str]) -> Mapping[str, Awaited]:
    """Return the open invitations to mail addresses, by index of the address."""
    query = select(Invitation).where(Invitation.mail_index.in_(indexes), *IS_OPEN)
    return {invitation.mail_index: _awaited(invitation) for invitation in db.session.scalars(query)}


def number_owners(indexes: Collection[str], today: date) -> Mapping[str, NumberOwner]:
    """Return the owners of service numbers by index: a person, else an open invitation."""
    invited = select(Invitation.service_index, Invitation.mail_index, Invitation.country)
    persons = select(Identity.service_index, Identity.mail_index, Identity.person_id)
    owners = {
        row[0]: NumberOwner(row[1], row[2])
        for row in db.session.execute(invited.where(Invitation.service_index.in_(indexes), *IS_OPEN))
    }
    rows = db.session.execute(persons.where(Identity.service_index.in_(indexes))).all()
    spans = postings.postings([row[2] for row in rows])
    for row in rows:
        posting = postings.nearest(spans.get(row[2], []), today)
        owners[row[0]] = NumberOwner(row[1], posting.country if posting else "")
    return {index: owner for index, owner in owners.items() if index is not None}


def agency_names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the names of agencies by id."""
    return {row[0]: row[1] for row in db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)))}


def accepted(ids: Collection[UUID]) -> set[UUID]:
    """Return which of these invitations were accepted."""
    query = select(Invitation.id).where(Invitation.id.in_(ids), Invitation.accepted_at.is_not(None))
    return set(db.session.scalars(query))


def invitation_aliases(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the suggested aliases of invitations by id."""
    rows = db.session.execute(select(Invitation.id, Invitation.alias).where(Invitation.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def officer_aliases(country: str, today: date) -> list[tuple[str, UUID, str]]:
    """Return alias, agency id and agency name of the officers and supervisors of a country, by alias."""
    query = _serving(select(Person.alias, Posting.agency_id, Agency.name), country, today)
    rows = db.session.execute(query.join(Agency, Agency.id == Posting.agency_id).order_by(Person.alias_key))
    return [(row[0], row[1], row[2]) for row in rows]


def _serving(query: Any, country: str, today: date) -> Any:
    """Add the condition that people are officers or supervisors of a country."""
    serves = (Posting.country == country, Posting.since <= today, or_(Posting.until.is_(None), Posting.until >= today))
    holds = (RoleGrant.since <= today, or_(RoleGrant.until.is_(None), RoleGrant.until >= today))
    supervises = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, RoleGrant.role == Role.SUPERVISOR, *holds)
    return query.join(Posting, and_(Posting.person_id == Person.id, *serves)).where(
        Person.state == PersonState.ACTIVE, or_(Posting.roles != "", supervises.exists())
    )


def _accounts(rows: Sequence[Row[*tuple[Any, ...]]], today: date) -> list[MatchedAccount]:
    ids = [row.id for row in rows]
    spans = postings.postings(ids)
    holds = (RoleGrant.since <= today, or_(RoleGrant.until.is_(None), RoleGrant.until >= today))
    roles: dict[UUID, set[Role]] = {}
    for person_id, role in db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(ids), *holds)
    ):
        roles.setdefault(person_id, set()).add(role)
    return [
        MatchedAccount(
            person_id=row.id, alias=row.alias, mail=row.mail, mail_index=row.mail_index, name=row.name,
            latin_name=row.latin_name or "", service_number=row.service_number or "",
            active=row.state is PersonState.ACTIVE, posting=postings.nearest(spans.get(row.id, []), today),
            moves=any(span.since > today for span in spans.get(row.id, [])), roles=frozenset(roles.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def _awaited(invitation: Invitation) -> Awaited:
    return Awaited(
        invited_by=invitation.invited_by, country=invitation.country, role=invitation.role,
        name=invitation.name, latin_name=invitation.latin_name or "", service_number=invitation.service_number or "",
        agency_id=invitation.agency_id, posting_roles=tuple(invitation.posting_roles.split()),
    )  # fmt: skip


_ACCOUNTS = select(
    Person.id, Person.alias, Person.state, Identity.mail, Identity.mail_index, Identity.name, Identity.latin_name,
    Identity.service_number,
).join(Identity, Identity.person_id == Person.id)  # fmt: skip
