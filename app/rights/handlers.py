"""Event handler: an incident expires the open requests for a further administrator."""

from app.kernel import clock
from app.rights.service import roles
from app.sign_in.events import IncidentBegun


def on_incident_begun(_event: IncidentBegun) -> None:
    """End all open requests for an administrator: an attacker may have made one."""
    roles.expire_requests(clock.real_now())
