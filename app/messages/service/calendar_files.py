"""iCalendar files without title or location, attached to mails about dates and downloaded from workshops."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from icalendar import Calendar, Event

from app.messages.domain import CalendarDate

FILE_NAME = "dates.ics"
# a calendar's sequence numbers grow from 0 and have 31 bits: seconds since then fit for decades
FIRST_FILE = datetime(2020, 1, 1, tzinfo=UTC)


def calendar(dates: Iterable[CalendarDate], *, title: str, at: datetime) -> bytes:
    """Return an iCalendar file with one entry for each date, in UTC, each with the same neutral title.

    `at` is the time of this data: of two files with the same date, calendars use the one with the later time.
    """
    file = Calendar()
    file.add("prodid", "-//Academy//Calendar//EN")
    file.add("version", "2.0")
    for day in dates:
        entry = Event()
        entry.add("uid", str(day.uid))
        entry.add("dtstamp", at)
        entry.add("sequence", int((at - FIRST_FILE).total_seconds()))
        entry.add("dtstart", day.starts_at.astimezone(UTC))
        entry.add("dtend", day.ends_at.astimezone(UTC))
        entry.add("summary", title)
        entry.add("class", "PRIVATE")
        if day.cancelled:
            entry.add("status", "CANCELLED")
        file.add_component(entry)
    return bytes(file.to_ical())


def attached_calendar(facts: Mapping[str, Any], *, title: str) -> bytes:
    """Return the calendar file for a mail with these facts; empty bytes if they contain no dates."""
    dates = msgspec.convert(facts.get("dates", []), list[CalendarDate])
    return calendar(dates, title=title, at=datetime.fromisoformat(facts["at"])) if dates else b""
