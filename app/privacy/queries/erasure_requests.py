"""Read erasure requests, who decides on them, and their counts for the start page of contact points."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.access.people_rules import PersonCard
from app.access.policy import Action, Actor, Role, Scope, allows, own_scope
from app.db.session import db
from app.identity.queries import postings, roles
from app.kernel import clock
from app.privacy.models import ErasureRequest
from app.rights.queries import roles as rights_roles


def has_request(_actor: Actor, person: PersonCard) -> bool:
    """Return whether a person asked for erasure."""
    return erasure_asked_at(person.person_id) is not None


def erasure_asked_at(person_id: UUID) -> datetime | None:
    """Return the time of a person's erasure request, or None."""
    request = db.session.get(ErasureRequest, person_id)
    return None if request is None else request.asked_at


class Decider(StrEnum):
    """Who processes an erasure request first."""

    CONTACT_POINT = "contact_point"  # another contact point of the country, not a deputy
    SECRETARIAT = "secretariat"  # no contact point decides: coordinators name one
    NONE = "none"  # there is no coordinator either


def decider(person_id: UUID, today: date) -> Decider:
    """Return who would process an erasure request today: people do not decide their own requests."""
    posting = postings.posting_on(person_id, today)
    if posting is not None and rights_roles.deciders_of(posting.country, today) - {person_id}:
        return Decider.CONTACT_POINT
    return Decider.SECRETARIAT if coordinators(person_id, today) else Decider.NONE


def coordinators(but: UUID, today: date) -> list[UUID]:
    """Return all coordinators except one person."""
    holders = roles.holders(Scope.ALL, "", today)
    return [holder_id for role, holder_id in holders if role is Role.COORDINATOR and holder_id != but]


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return queries of the number of erasure requests of the own country and of the oldest one."""
    if not allows(actor, Action.CHANGE_SERVICE, own_scope(actor)):
        return {}
    served_last = postings.served_last_in(actor.country, clock.today())
    requests = (ErasureRequest.person_id.in_(served_last), ErasureRequest.person_id != actor.id)
    order = (ErasureRequest.asked_at, ErasureRequest.person_id)
    return {
        "erasures": select(func.count()).select_from(ErasureRequest).where(*requests),
        "erased_first": select(ErasureRequest.person_id).where(*requests).order_by(*order).limit(1),
    }
