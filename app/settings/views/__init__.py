"""Views of /settings and /settings/sign-in."""

from app.settings.views import profile, security
from app.settings.views._blueprint import bp

__all__ = ["bp", "profile", "security"]
