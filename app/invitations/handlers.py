"""Handlers of events that end open invitations and replace aliases.

Invitations end by real time, so the time of the event does not serve.
"""

from app.access.policy import Role
from app.identity.events import RoleEnded
from app.invitations.service import aliases, invitations
from app.kernel import clock
from app.rights.domain.roles import SCOPES
from app.sign_in.events import FactorsInvalidated, IncidentBegun


def on_incident_begun(event: IncidentBegun) -> None:
    """End all open invitations if the incident affects everybody."""
    if event.everybody:
        invitations.expire(clock.real_now())


def on_factors_voided(event: FactorsInvalidated) -> None:
    """End the open invitations that an affected person sent."""
    invitations.expire(clock.real_now(), sender_id=event.person_id)


def on_role_ended(event: RoleEnded) -> None:
    """Replace an alias that names the ended role; after a role at an event the nightly job does."""
    if event.scope in SCOPES[Role(event.role)]:
        aliases.replace_reserved(event.person_id, clock.now())
