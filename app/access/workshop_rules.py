"""Rules beside the policy about workshops: rights of coordinators, naming of trainers and assessors."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from app.access.policy import Actor, Role


class HasAuthor(Protocol):
    """An object that a person created."""

    @property
    def made_by(self) -> UUID: ...


def runs_every_workshop(actor: Actor) -> bool:
    """Return whether the actor runs each event without a role in it, may reopen it and correct late attendance."""
    return Role.COORDINATOR in actor.roles


def can_name_staff(actor: Actor, workshop: HasAuthor) -> bool:
    """Return whether the actor may name the trainers and assessors of an event."""
    return Role.COORDINATOR in actor.roles or actor.id == workshop.made_by


def can_name(actor: Actor, role: Role, person_id: UUID, roles: Collection[Role]) -> bool:
    """Return whether the actor may name a person with these roles for a role in an event: never themselves.

    An author who is no coordinator names only people who have the role elsewhere already.
    """
    return actor.id != person_id and (Role.COORDINATOR in actor.roles or role in roles)


def sees_every_cascade(actor: Actor) -> bool:
    """Return whether the actor sees the national sessions of all countries."""
    return Role.COORDINATOR in actor.roles


def sees_cascades_of_country(actor: Actor) -> bool:
    """Return whether the actor sees the national sessions of the own country."""
    return Role.CONTACT_POINT in actor.roles and bool(actor.country)
