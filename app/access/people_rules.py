"""Rules about other people: who may restore access, close an account, confirm as the second person, and invite."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, assert_never
from uuid import UUID

from app.access.policy import Actor, Role, Scope

PEOPLE_OF_A_COUNTRY = (Role.PRACTITIONER, Role.SUPERVISOR)
# to which roles a role invites, no others than those that it assigns: never to itself; an administrator needs two
# administrators and is not invited
INVITES_TO: Mapping[Role, tuple[Role, ...]] = {
    Role.CONTACT_POINT: PEOPLE_OF_A_COUNTRY,
    Role.COORDINATOR: (Role.CONTACT_POINT, Role.TRAINER, Role.CO_CHAIR),
    Role.ADMINISTRATOR: (Role.CONTACT_POINT, Role.COORDINATOR),
}
# a site begins with an administrator alone: the first contact point of a country comes from them, no further one does
FIRST_ALONE: Mapping[Role, Role] = {Role.ADMINISTRATOR: Role.CONTACT_POINT}
ANYWHERE = (Role.COORDINATOR, Role.ADMINISTRATOR)  # whose invitations reach beyond the own country


class Helper(StrEnum):
    """Who restores the access of an account."""

    CONTACT_POINT = "contact_point"
    COORDINATOR = "coordinator"
    TWO_ADMINISTRATORS = "two_administrators"


class HelpedAccount(Protocol):
    """An account with the country of the posting of today ("" for none) and who restores its access."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def country(self) -> str: ...
    @property
    def helper(self) -> Helper: ...


def helper(roles: Set[Role]) -> Helper:
    """Return who restores the access of an account with these roles: the most guarded role decides."""
    if Role.ADMINISTRATOR in roles:
        return Helper.TWO_ADMINISTRATORS
    return Helper.CONTACT_POINT if roles <= frozenset(PEOPLE_OF_A_COUNTRY) else Helper.COORDINATOR


def can_restore_access(actor: Actor, account: HelpedAccount) -> bool:
    """Return whether the actor may restore access, end the sessions and change the address of an account, not the own.

    The policy asks for the role and the country of the actor alone; this rule asks for the roles of the account, too.
    """
    if actor.id == account.person_id:
        return False
    match account.helper:
        case Helper.CONTACT_POINT:
            same_country = actor.country != "" and actor.country == account.country
            return Role.CONTACT_POINT in actor.roles and same_country
        case Helper.COORDINATOR:
            return Role.COORDINATOR in actor.roles
        case Helper.TWO_ADMINISTRATORS:
            return Role.ADMINISTRATOR in actor.roles
        case _:
            assert_never(account.helper)


def can_close(actor: Actor, account: HelpedAccount) -> bool:
    """Return whether the actor may close an account: an administrator's is closed on the console of the server."""
    return account.helper is not Helper.TWO_ADMINISTRATORS and can_restore_access(actor, account)


def can_confirm(first: UUID, second: UUID, person_id: UUID) -> bool:
    """Return whether two administrators may restore the access of a third: three different people."""
    return len({first, second, person_id}) == 3


def can_invite(roles: Set[Role], own_country: str, role: Role, country: str, *, led: bool) -> bool:
    """Return whether somebody with these roles, of this country, may invite to a role in a country.

    `led`: the country has or had a contact point.
    """
    for own_role in roles:
        in_reach = own_role in ANYWHERE or (own_country != "" and own_country == country)
        if role in INVITES_TO.get(own_role, ()) and in_reach and not (led and FIRST_ALONE.get(own_role) is role):
            return True
    return False


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """A role that somebody holds."""

    role: Role
    scope: Scope
    reach: str
    since: date
    until: date | None
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives: the country served in ("" for none), whether the account is open, the roles held now or later.

    `stood_in`: as a deputy, those of the last months, too. `agency_id`: of the service served in.
    """

    id: UUID
    country: str
    active: bool
    held: Collection[RoleAssignment]
    stood_in: Collection[RoleAssignment] = ()
    agency_id: UUID | None = None


def is_in_scope(scope: Scope, reach: str, country: str | None, agency_id: UUID | None) -> bool:
    """Say whether a role holds for who serves here: a country's or a service's role stays behind with it."""
    match scope:
        case Scope.COUNTRY:
            return reach == country
        case Scope.AGENCY:
            return agency_id is not None and reach == agency_id.hex
        case _:
            return True


def valid_assignments(held: Collection[RoleAssignment], country: str, today: date) -> list[RoleAssignment]:
    """Return the roles held today by which one gives or decides: a service's role does neither."""
    return [
        one
        for one in held
        if one.since <= today
        and (one.until is None or one.until >= today)
        and is_in_scope(one.scope, one.reach, country, None)
    ]
