"""The roles whose assignment needs reauthentication (GUARDED), and who decides for a country."""

from collections.abc import Collection
from datetime import date

from app.access.people_rules import RoleAssignment, valid_assignments
from app.access.policy import Role

# roles that read the names of a country or assign roles: to assign, revoke or invite to them takes a recent
# reauthentication, since a session may have been left open
GUARDED = frozenset({Role.CONTACT_POINT, Role.COORDINATOR, Role.ADMINISTRATOR})


def decides_for(assignments: Collection[RoleAssignment], country: str, today: date) -> bool:
    """Return whether these roles include a contact point of the country who is no deputy."""
    return any(
        assignment.role is Role.CONTACT_POINT and not assignment.deputy
        for assignment in valid_assignments(assignments, country, today)
    )
