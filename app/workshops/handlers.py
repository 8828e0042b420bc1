"""React to events of other packages: withdraw bookings of people who leave, delete reasons about them."""

from app.access.policy import Role
from app.directory.events import IdentityRemoved
from app.identity.events import PersonDeactivated, RoleEnded
from app.identity.queries import roles as accounts
from app.workshops.service import bookings, results


def on_person_deactivated(event: PersonDeactivated) -> None:
    """Withdraw the bookings of a deactivated person from events that have not begun."""
    bookings.withdraw_all(event.person_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete reasons about a person whose identity was removed: they may contain personal data."""
    results.delete_reasons(event.person_id)


def on_role_ended(event: RoleEnded) -> None:
    """Withdraw the bookings of a person who is no longer a practitioner: only practitioners have seats."""
    person_id = event.person_id
    if event.role == Role.PRACTITIONER and not accounts.practitioners([person_id], event.at.date()):
        bookings.withdraw_all(person_id, event.at)
