"""Event handlers: a closed account, a new password or an incident deletes open links and requests."""

from app.identity.events import PersonDeactivated
from app.recovery.service import address_change, password_reset, restore_access
from app.sign_in.events import IncidentBegun, PasswordChanged


def on_person_deactivated(event: PersonDeactivated) -> None:
    """Delete the password links, changes of address and access requests of a closed account."""
    password_reset.delete_links(event.person_id)
    address_change.delete_changes(event.person_id)
    restore_access.delete_requests(event.person_id)


def on_password_changed(event: PasswordChanged) -> None:
    """Delete the remaining password links of the person."""
    password_reset.delete_links(event.person_id)


def on_incident_begun(_event: IncidentBegun) -> None:
    """Delete the links, requests and open changes of address of all people: an attacker may have begun one."""
    password_reset.delete_all_links()
    restore_access.delete_all_requests()
    address_change.delete_open_changes()
