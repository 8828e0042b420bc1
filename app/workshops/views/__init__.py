"""Views of /workshops, /endorsements, /teaching and /country/nominations."""

from app.workshops.views import (
    admission,
    bookings,
    country_nominations,
    editor,
    endorsements,
    interest,
    results,
    selection,
    teaching,
)
from app.workshops.views._blueprint import bp

__all__ = [
    "admission",
    "bookings",
    "bp",
    "country_nominations",
    "editor",
    "endorsements",
    "interest",
    "results",
    "selection",
    "teaching",
]
