"""Views of /workshops, /endorsements, /teaching /supervision/events, /country/nominations and /country/commitments."""

from app.workshops.views import (
    afterwards,
    bookings,
    country_nominations,
    editor,
    endorsements,
    event_results,
    interest,
    results,
    selection,
    supervised_events,
    teaching,
)
from app.workshops.views._blueprint import bp

__all__ = [
    "afterwards",
    "bookings",
    "bp",
    "country_nominations",
    "editor",
    "endorsements",
    "event_results",
    "interest",
    "results",
    "selection",
    "supervised_events",
    "teaching",
]
