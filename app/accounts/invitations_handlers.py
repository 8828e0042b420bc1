"""Handlers of events that end open invitations and replace aliases.

Invitations end by real time, so the time of the event does not serve.
"""

from app.access.policy import Role
from app.accounts import aliases, invitations
from app.accounts.events import FactorsVoided, IncidentBegun, RoleEnded
from app.accounts.rights_rules import SCOPES
from app.kernel import clock


def on_incident_begun(event: IncidentBegun) -> None:
    """End all open invitations if the incident affects everybody."""
    if event.everybody:
        invitations.expire(clock.real_now())


def on_factors_voided(event: FactorsVoided) -> None:
    """End the open invitations that an affected person sent."""
    invitations.expire(clock.real_now(), sender_id=event.person_id)


def on_role_ended(event: RoleEnded) -> None:
    """Replace an alias that names the ended role; after a role at an event the nightly job does."""
    if event.scope in SCOPES[Role(event.role)]:
        aliases.replace_reserved(event.person_id, clock.now())
