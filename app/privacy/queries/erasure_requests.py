"""Reading what a contact point may change of an officer, and requests to be erased."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import NoResultFound

from app.access.people_rules import Helper, helper
from app.access.policy import Action, Actor, Role, Scope, allows, own_scope
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.queries import people, roles
from app.identity.queries import postings as identity_postings
from app.identity.queries.postings import PostingSpan
from app.kernel import clock
from app.privacy.models import ErasureRequest
from app.recovery.domain import counted
from app.rights.queries import roles as rights_roles


@dataclass(frozen=True, slots=True)
class CountryScope:
    """The own country of a contact point, as the policy asks for it."""

    country: str


@dataclass(frozen=True, slots=True)
class Service:
    """Where an officer of a country serves, served and will serve, and what is said about it."""

    person_id: UUID
    alias: str
    country: str
    postings: tuple[PostingSpan, ...]  # by their first days
    active: bool
    protected: bool
    leaves_on: date | None
    practises: bool  # has roles of the framework, or could have
    erasure_asked_at: datetime | None
    ends_here: bool  # the contact point may end the service; of staff beyond the country, a coordinator closes first

    def on(self, day: date) -> PostingSpan:
        """Return the posting of a day, or the nearest one."""
        found = identity_postings.nearest(self.postings, day)
        if found is None:
            raise NoResultFound
        return found


def service(actor: Actor, person_id: UUID, **_rest: object) -> Service:
    """Return another officer of the actor's country for its contact point, or raise NoResultFound."""
    if not allows(actor, Action.CHANGE_SERVICE, own_scope(actor)) or person_id == actor.id:
        raise NoResultFound
    # a door gives no time, and a posting ends by the day
    today = clock.today()
    spans = tuple(identity_postings.postings([person_id]).get(person_id, ()))
    last = identity_postings.nearest(spans, today)
    person, held = people.get(person_id), roles.roles_valid_from(person_id, today)
    active = person.state is PersonState.ACTIVE
    if last is None or last.country != actor.country or person.erased_at is not None:
        raise NoResultFound
    return Service(
        person_id=person_id,
        alias=person.alias,
        country=last.country,
        postings=spans,
        active=active,
        protected=person.protected,
        leaves_on=person.leaves_on,
        practises=any(role is Role.PRACTITIONER for role, _scope in held),
        erasure_asked_at=erasure_asked_at(person_id),
        ends_here=not active or helper(counted(held)) is Helper.CONTACT_POINT,
    )


def ending(actor: Actor, person_id: UUID, **_rest: object) -> Service:
    """Return the same if the contact point may end the service or erase the person, or raise NoResultFound."""
    found = service(actor, person_id)
    if not found.ends_here:
        raise NoResultFound
    return found


def erasure_asked_at(person_id: UUID) -> datetime | None:
    """Return the time of a person's erasure request, or None."""
    request = db.session.get(ErasureRequest, person_id)
    return None if request is None else request.asked_at


class Decider(StrEnum):
    """Who processes an erasure request first."""

    CONTACT_POINT = "contact_point"  # another contact point of the country, not a deputy
    SECRETARIAT = "secretariat"  # no contact point decides: coordinators name one
    NOBODY = "nobody"  # there is no coordinator either


def decider(person_id: UUID, today: date) -> Decider:
    """Return who would process an erasure request today: people do not decide their own requests."""
    posting = identity_postings.posting_on(person_id, today)
    if posting is not None and rights_roles.deciding(posting.country, today) - {person_id}:
        return Decider.CONTACT_POINT
    return Decider.SECRETARIAT if coordinators(person_id, today) else Decider.NOBODY


def coordinators(but: UUID, today: date) -> list[UUID]:
    """Return all coordinators except one person."""
    holders = roles.holders(Scope.ALL, "", today)
    return [holder_id for role, holder_id in holders if role is Role.COORDINATOR and holder_id != but]


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return queries of the number of erasure requests of the own country and of the oldest one."""
    if not allows(actor, Action.CHANGE_SERVICE, CountryScope(actor.country)):
        return {}
    served_last = identity_postings.served_last_in(actor.country, clock.today())
    requests = (ErasureRequest.person_id.in_(served_last), ErasureRequest.person_id != actor.id)
    order = (ErasureRequest.asked_at, ErasureRequest.person_id)
    return {
        "erasures": select(func.count()).select_from(ErasureRequest).where(*requests),
        "erased_first": select(ErasureRequest.person_id).where(*requests).order_by(*order).limit(1),
    }


def agency_names(country: str) -> dict[UUID, str]:
    """Return the agencies of a country."""
    return {key: name for key, _country, name in people.agencies(country)}
