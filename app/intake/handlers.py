"""What this room does when another one speaks."""

from app.directory.events import IdentityRemoved
from app.intake.service import export, sheet_import
from app.sign_in.events import IncidentBegun


def on_identity_removed(happened: IdentityRemoved) -> None:
    """Keep no older name of somebody whose name is kept no longer."""
    sheet_import.delete_person(happened.person_id, happened.country)


def on_incident_begun(_happened: IncidentBegun) -> None:
    """Let no file go out on a word that was given before."""
    export.stop_wishes()
