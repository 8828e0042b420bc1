"""Views of `/invitation`, `/people/invite`, `/people/invitations` and `/people/proposals`."""

from app.invitations.views import acceptance, invitations, proposals
from app.invitations.views._blueprint import bp

__all__ = ["acceptance", "bp", "invitations", "proposals"]
