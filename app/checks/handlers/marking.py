"""Handlers of events of other packages: an identity was deleted."""

from app.checks.service import products
from app.directory.events import IdentityRemoved


def on_identity_removed(event: IdentityRemoved) -> None:
    """Withdraw the unmarked desk tasks of the person, and delete answers and comments."""
    products.erase_of_person(event.person_id)
