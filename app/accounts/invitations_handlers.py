"""Handlers of events that end open invitations; they end by real time, so the time of the event does not serve."""

from app.accounts import invitations
from app.accounts.events import FactorsVoided, IncidentBegun
from app.kernel import clock


def on_incident_begun(event: IncidentBegun) -> None:
    """End all open invitations if the incident affects everybody."""
    if event.everybody:
        invitations.expire(clock.real_now())


def on_factors_voided(event: FactorsVoided) -> None:
    """End the open invitations that an affected person sent."""
    invitations.expire(clock.real_now(), sender_id=event.person_id)
