"""Views of /plan/actions."""

from app.coordination.views import actions
from app.coordination.views._blueprint import bp

__all__ = ["actions", "bp"]
