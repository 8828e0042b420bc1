"""Views of /workshops, /endorsements and /teaching."""

from app.workshops.views import bookings, editor, endorsements, interest, results, selection, teaching
from app.workshops.views._blueprint import bp

__all__ = ["bookings", "bp", "editor", "endorsements", "interest", "results", "selection", "teaching"]
