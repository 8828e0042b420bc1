"""Views of /workshops and /teaching."""

from app.workshops.views import bookings, editor, results, selection, teaching
from app.workshops.views._blueprint import bp

__all__ = ["bookings", "bp", "editor", "results", "selection", "teaching"]
