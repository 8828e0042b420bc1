"""What this room does when another one speaks."""

from app.accounts.events import IdentityRemoved
from app.intake import service


def identity_removed(happened: IdentityRemoved) -> None:
    """Keep no older name of somebody whose name is kept no longer."""
    service.forget_person(happened.person_id)
