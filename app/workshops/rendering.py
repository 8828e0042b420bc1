"""The dates of an event as a calendar file: when, never what or where, since calendars are read by others."""

from collections.abc import Iterable
from datetime import datetime

from icalendar import Calendar, Event

from app.workshops.shapes import SessionFacts


def calendar(sessions: Iterable[SessionFacts], *, title: str, now: datetime) -> bytes:
    """Return an iCalendar file with one entry a session, in UTC, each with the same neutral title."""
    made = Calendar()
    made.add("prodid", "-//Academy//Calendar//EN")
    made.add("version", "2.0")
    for one in sessions:
        entry = Event()
        entry.add("uid", str(one.id))
        entry.add("dtstamp", now)
        entry.add("dtstart", one.starts_at)
        entry.add("dtend", one.ends_at)
        entry.add("summary", title)
        entry.add("class", "PRIVATE")
        made.add_component(entry)
    return bytes(made.to_ical())
