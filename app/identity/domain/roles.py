"""Rules about role assignments."""

from collections.abc import Collection
from datetime import date

from app.access.people_rules import RoleAssignment, valid_assignments
from app.access.policy import Role

# who reads a country's names, or gives roles: a session that was left open gives and ends none of these, nor invites to
# one, nor gives what opens the names of a whole service
GUARDED = frozenset({Role.CONTACT_POINT, Role.COORDINATOR, Role.ADMINISTRATOR})


def decides_for(held: Collection[RoleAssignment], country: str, today: date) -> bool:
    """Say whether these roles decide for a country: a deputy's stand in for days, and leave what lasts as it is."""
    return any(one.role is Role.CONTACT_POINT and not one.deputy for one in valid_assignments(held, country, today))
