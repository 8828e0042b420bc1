"""Views of `/sign-in/help`, `/sign-in/address` and `/people/<id>/access`."""

from app.recovery.views import account_access, password_reset
from app.recovery.views._blueprint import bp

__all__ = ["account_access", "bp", "password_reset"]
