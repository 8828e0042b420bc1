"""Handlers: delete saved names when an identity is removed, and export requests when an incident begins."""

from app.directory.events import IdentityRemoved
from app.intake.service import export, sheet_import
from app.sign_in.events import IncidentBegun


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete the previous names of a person whose identity was deleted."""
    sheet_import.delete_person(event.person_id, event.country)


def on_incident_begun(_event: IncidentBegun) -> None:
    """Delete all export requests: approvals end with a security incident."""
    export.delete_requests()
