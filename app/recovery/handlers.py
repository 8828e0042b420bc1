"""Handlers of events that end password links, changes of address and requests for a second administrator's help."""

from app.identity.events import PersonDeactivated
from app.recovery.service import address_change, password_reset, restore_access
from app.sign_in.events import IncidentBegun, PasswordChanged


def on_person_deactivated(event: PersonDeactivated) -> None:
    """Delete all that a closed account waits for."""
    password_reset.delete_links(event.person_id)
    address_change.delete_changes(event.person_id)
    restore_access.delete_requests(event.person_id)


def on_password_changed(event: PasswordChanged) -> None:
    """Delete the links to another password."""
    password_reset.delete_links(event.person_id)


def on_incident_begun(_event: IncidentBegun) -> None:
    """Delete everybody's links, requests and open changes of address: an attacker may have begun one."""
    password_reset.delete_all_links()
    restore_access.delete_all_requests()
    address_change.delete_open_changes()
