"""Views of certificates: the own ones, their copies, revoking one, and the public check."""

from app.credentials.views import check, copies, own, revocation
from app.credentials.views._blueprint import bp

__all__ = ["bp", "check", "copies", "own", "revocation"]
