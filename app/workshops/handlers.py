"""What this room does when another one speaks."""

from app.access.policy import Role
from app.accounts import queries as accounts
from app.accounts.events import IdentityRemoved, PersonDeactivated, RoleEnded
from app.workshops import assessing, service


def person_left(happened: PersonDeactivated) -> None:
    """Give the seats and queue places of somebody who left to others; what has begun stays as it was."""
    service.give_up_all(happened.person_id, happened.at)


def identity_removed(happened: IdentityRemoved) -> None:
    """Keep no words about somebody whose name is kept no longer."""
    assessing.forget_words(happened.person_id)


def role_ended(happened: RoleEnded) -> None:
    """Do the same for somebody who is no practitioner any more: only practitioners have seats."""
    person_id = happened.person_id
    if happened.role == Role.PRACTITIONER and not accounts.practitioners([person_id], happened.at.date()):
        service.give_up_all(person_id, happened.at)
