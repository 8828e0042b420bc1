"""Views of /sittings and /teaching/marking."""

from app.checks.views import surprise, watching
from app.checks.views._blueprint import bp

__all__ = ["bp", "surprise", "watching"]
