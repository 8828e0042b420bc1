"""Notify participants of seats and changes: a notice, and immediately a mail with a calendar file."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import structs

from app.access.targets import Target
from app.identity.domain.people import MailRhythm
from app.identity.queries import people
from app.messages.domain import CalendarDate, MailKind, NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.workshops.models import Booking, Workshop
from app.workshops.queries import bookings
from app.workshops.service.calendar import dates
from app.workshops.service.store import locking


def seat_given(workshop: Workshop, bookings: Collection[Booking], now: datetime) -> None:
    """Notify the people who got a seat from the waiting list."""
    calendar_dates = dates(locking.sessions(workshop.id)) if bookings else []
    for booking in bookings:
        person, occasion = booking.person_id, f"seat-given:{booking.id}"
        messages.notify(
            person,
            NoticeKind.SEAT_GIVEN,
            occasion=occasion,
            facts={"workshop": workshop.code},
            path=ports().path_to(Target.WORKSHOP, workshop.id),
            now=now,
        )
        _mail([person], occasion=occasion, calendar_dates=calendar_dates, now=now)


def all_of(
    workshop: Workshop, kind: NoticeKind, occasion: str, now: datetime, facts: Mapping[str, str] | None = None
) -> None:
    """Write a notice for everyone with a seat or on the waiting list; `facts` are further ones than the event."""
    messages.tell_all(
        bookings.people_of(workshop.id),
        kind,
        occasion=_occasion(workshop, occasion),
        facts={"workshop": workshop.code, **(facts or {})},
        path=ports().path_to(Target.WORKSHOP, workshop.id),
        now=now,
    )


def dates_changed(workshop: Workshop, before: Iterable[CalendarDate], occasion: str, now: datetime) -> None:
    """Mail the changed dates of an event; dates of `before` that no longer exist are sent as cancelled."""
    current = dates(locking.sessions(workshop.id))
    current_ids = {date.uid for date in current}
    gone = [structs.replace(date, cancelled=True) for date in before if date.uid not in current_ids]
    _mail_all(workshop, [*current, *gone], occasion, now)


def dates_cancelled(workshop: Workshop, occasion: str, now: datetime) -> None:
    """Mail the dates of a cancelled event as cancelled dates."""
    _mail_all(workshop, dates(locking.sessions(workshop.id), cancelled=True), occasion, now)


def _mail_all(workshop: Workshop, calendar_dates: list[CalendarDate], occasion: str, now: datetime) -> None:
    """Mail everyone with a booking; only seated people have the dates in a calendar."""
    seated = {booking.person_id for booking in bookings.seated(workshop.id)}
    waiting = [person_id for person_id in bookings.people_of(workshop.id) if person_id not in seated]
    _mail(seated, occasion=_occasion(workshop, occasion), calendar_dates=calendar_dates, now=now)
    _mail(waiting, occasion=_occasion(workshop, occasion), calendar_dates=[], now=now)


def _mail(ids: Collection[UUID], *, occasion: str, calendar_dates: list[CalendarDate], now: datetime) -> None:
    addressees = people.addressees(ids).values() if ids else ()
    messages.mail_all(
        [person.person_id for person in addressees if person.mail_rhythm is not MailRhythm.NEVER],
        MailKind.DATE_CHANGED,
        occasion=occasion,
        facts={"at": now, "dates": calendar_dates},
        now=now,
    )


def _occasion(workshop: Workshop, occasion: str) -> str:
    return f"workshop:{workshop.id}:{occasion}"
