"""Task count for the start page: the question about exact counts that a country has not answered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, exists, func, select

from app.access.policy import Action, Actor, Role, allows, own_scope
from app.identity.models import Country, RoleGrant
from app.identity.queries.roles import role_condition
from app.kernel import clock


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return a query that counts the open question to the contact point; a deputy cannot answer it."""
    if not allows(actor, Action.SET_COUNTRY, own_scope(actor)):
        return {}
    decides = exists().where(
        RoleGrant.person_id == actor.id,
        RoleGrant.role == Role.CONTACT_POINT,
        RoleGrant.deputy.is_(False),
        *role_condition(RoleGrant, clock.today()),
    )
    open_questions = select(func.count(Country.code)).where(
        Country.code == actor.country, Country.exact_counts.is_(None), decides
    )
    return {"exact_counts": open_questions}
