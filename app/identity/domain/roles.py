"""Rules about role assignments."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.policy import Role, Scope


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


# who reads a country's names, or gives roles: a session that was left open gives and ends none of these, nor invites to
# one, nor gives what opens the names of a whole service
GUARDED = frozenset({Role.CONTACT_POINT, Role.COORDINATOR, Role.ADMINISTRATOR})


def has_role_in(scope: Scope, reach: str, country: str | None, agency_id: UUID | None) -> bool:
    """Say whether a role holds for who serves here: a country's or a service's role stays behind with it."""
    match scope:
        case Scope.COUNTRY:
            return reach == country
        case Scope.AGENCY:
            return agency_id is not None and reach == agency_id.hex
        case _:
            return True


def has_role(held: Collection[RoleAssignment], country: str, today: date) -> list[RoleAssignment]:
    """Return the roles held today by which one gives or decides: a service's role does neither."""
    return [
        one
        for one in held
        if one.since <= today
        and (one.until is None or one.until >= today)
        and has_role_in(one.scope, one.reach, country, None)
    ]


def decides_for(held: Collection[RoleAssignment], country: str, today: date) -> bool:
    """Say whether these roles decide for a country: a deputy's stand in for days, and leave what lasts as it is."""
    return any(one.role is Role.CONTACT_POINT and not one.deputy for one in has_role(held, country, today))
