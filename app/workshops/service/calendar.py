"""The dates of an event as calendars take them: when, never what or where."""

from collections.abc import Iterable
from datetime import datetime

from app.messages.domain import CalendarDate
from app.messages.service import calendar_files
from app.workshops.domain.events import WorkshopState
from app.workshops.models import WorkshopSession
from app.workshops.shapes import SessionFacts, WorkshopFacts


def dates(sessions: Iterable[SessionFacts | WorkshopSession], *, cancelled: bool = False) -> list[CalendarDate]:
    """Return the dates of sessions."""
    return [CalendarDate(one.id, one.starts_at, one.ends_at, cancelled) for one in sessions]


def calendar(given: WorkshopFacts, *, title: str, now: datetime) -> bytes:
    """Return an iCalendar file with one entry a session, each with the same neutral title."""
    cancelled = given.state is WorkshopState.CANCELLED
    return calendar_files.calendar(dates(given.sessions, cancelled=cancelled), title=title, at=now)
