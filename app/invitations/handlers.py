"""Event handlers: an incident expires open invitations, and the end of a role replaces an alias that names it.

Invitations expire by `clock.real_now()`; the time of an event may differ from it in a demonstration.
"""

from app.access.policy import Role
from app.identity.events import RoleEnded
from app.invitations.service import aliases, invitations
from app.kernel import clock
from app.rights.domain.roles import SCOPES
from app.sign_in.events import FactorsInvalidated, IncidentBegun


def on_incident_begun(event: IncidentBegun) -> None:
    """Expire all open invitations if the incident affects all users."""
    if event.everybody:
        invitations.expire(clock.real_now())


def on_factors_voided(event: FactorsInvalidated) -> None:
    """Expire the open invitations sent by a person whose second factors an incident invalidated."""
    invitations.expire(clock.real_now(), sender_id=event.person_id)


def on_role_ended(event: RoleEnded) -> None:
    """Replace an alias that names the ended role; `directory.jobs.delete_expired_rows` does it for single events."""
    if event.scope in SCOPES[Role(event.role)]:
        aliases.replace_reserved(event.person_id, clock.now())
