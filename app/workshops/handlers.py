"""What this room does when another one speaks."""

from app.accounts.events import PersonDeactivated
from app.workshops import service


def person_left(happened: PersonDeactivated) -> None:
    """Give the seats and queue places of somebody who left to others; what has begun stays as it was."""
    service.give_up_all(happened.person_id, happened.at)
