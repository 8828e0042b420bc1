"""Views of late work, reminders and agreed actions."""

from app.coordination.views import actions, late, late_officers, reminders
from app.coordination.views._blueprint import bp

__all__ = ["actions", "bp", "late", "late_officers", "reminders"]
