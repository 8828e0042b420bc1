"""What this room does when another one speaks."""

from app.accounts.events import IdentityRemoved, IncidentBegun
from app.intake import service, taking_along


def identity_removed(happened: IdentityRemoved) -> None:
    """Keep no older name of somebody whose name is kept no longer."""
    service.forget_person(happened.person_id, happened.country)


def incident_begun(_happened: IncidentBegun) -> None:
    """Let no file go out on a word that was given before."""
    taking_along.stop_wishes()
