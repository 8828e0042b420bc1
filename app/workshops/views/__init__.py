"""Views of /workshops, /endorsements, /teaching, /country/nominations and /country/participants."""

from app.workshops.views import (
    admission,
    bookings,
    country_nominations,
    country_participants,
    editor,
    endorsements,
    event_files,
    event_messages,
    interest,
    results,
    selection,
    sheets,
    teaching,
    travel,
)
from app.workshops.views._blueprint import bp

__all__ = [
    "admission",
    "bookings",
    "bp",
    "country_nominations",
    "country_participants",
    "editor",
    "endorsements",
    "event_files",
    "event_messages",
    "interest",
    "results",
    "selection",
    "sheets",
    "teaching",
    "travel",
]
