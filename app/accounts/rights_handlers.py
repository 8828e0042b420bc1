"""Handlers of events that end requests for administrators."""

from app.accounts import rights
from app.accounts.events import IncidentBegun
from app.kernel import clock


def on_incident_begun(_event: IncidentBegun) -> None:
    """End all open requests for an administrator: an attacker may have made one."""
    rights.expire_requests(clock.real_now())
