"""Handlers of events that end password links, changes of address and requests for a second administrator's help."""

from app.accounts import addresses, readmission, recovery
from app.accounts.events import IncidentBegun, PasswordChanged, PersonDeactivated


def on_person_deactivated(event: PersonDeactivated) -> None:
    """Delete all that a closed account waits for."""
    recovery.delete_links(event.person_id)
    addresses.delete_changes(event.person_id)
    readmission.delete_requests(event.person_id)


def on_password_changed(event: PasswordChanged) -> None:
    """Delete the links to another password."""
    recovery.delete_links(event.person_id)


def on_incident_begun(_event: IncidentBegun) -> None:
    """Delete everybody's links, requests and open changes of address: an attacker may have begun one."""
    recovery.delete_all_links()
    readmission.delete_all_requests()
    addresses.delete_open_changes()
