"""Pages of the plan: reading it, opening what is behind its numbers."""

from app.plan.views import opening, reading
from app.plan.views.room import bp

__all__ = ["bp", "opening", "reading"]
