"""Handle events of other packages."""

from app.credentials.service import certificates
from app.directory.events import IdentityRemoved


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete the certificates with the identity, or their names, where the holder wants the check to stay."""
    certificates.erase(event.person_id, event.at)
