"""What this room does when another one speaks."""

from app.access.policy import Role
from app.directory.events import IdentityRemoved
from app.identity.events import PersonDeactivated, RoleEnded
from app.identity.queries import roles as accounts
from app.workshops.service import bookings, results


def on_person_deactivated(happened: PersonDeactivated) -> None:
    """Give the seats and queue places of somebody who left to others; what has begun stays as it was."""
    bookings.give_up_all(happened.person_id, happened.at)


def on_identity_removed(happened: IdentityRemoved) -> None:
    """Keep no words about somebody whose name is kept no longer."""
    results.delete_reasons(happened.person_id)


def on_role_ended(happened: RoleEnded) -> None:
    """Do the same for somebody who is no practitioner any more: only practitioners have seats."""
    person_id = happened.person_id
    if happened.role == Role.PRACTITIONER and not accounts.practitioners([person_id], happened.at.date()):
        bookings.give_up_all(person_id, happened.at)
