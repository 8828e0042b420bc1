"""Calendar dates and iCalendar file of an event's sessions, with a neutral title and without location."""

from collections.abc import Iterable
from datetime import datetime

from app.messages.domain import CalendarDate
from app.messages.service import calendar_files
from app.workshops.domain.events import WorkshopState
from app.workshops.models import WorkshopSession
from app.workshops.shapes import SessionFacts, WorkshopFacts


def dates(sessions: Iterable[SessionFacts | WorkshopSession], *, cancelled: bool = False) -> list[CalendarDate]:
    """Return the dates of sessions."""
    return [CalendarDate(session.id, session.starts_at, session.ends_at, cancelled) for session in sessions]


def calendar(workshop: WorkshopFacts, *, title: str, now: datetime) -> bytes:
    """Return an iCalendar file with one entry a session, each with the same neutral title.

    The dates of a postponed event are cancelled, as in the mail about it.
    """
    cancelled = workshop.state in {WorkshopState.CANCELLED, WorkshopState.POSTPONED}
    return calendar_files.calendar(dates(workshop.sessions, cancelled=cancelled), title=title, at=now)
