"""Views of /workshops, /check-in, /endorsements, /teaching and /country/nominations."""

from app.workshops.views import (
    bookings,
    cascades,
    check_in,
    country_nominations,
    editor,
    endorsements,
    event_tests,
    interest,
    results,
    rubric_criteria,
    selection,
    teaching,
)
from app.workshops.views._blueprint import bp

__all__ = [
    "bookings",
    "bp",
    "cascades",
    "check_in",
    "country_nominations",
    "editor",
    "endorsements",
    "event_tests",
    "interest",
    "results",
    "rubric_criteria",
    "selection",
    "teaching",
]
