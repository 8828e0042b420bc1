"""Telling people of what happens to their dates: a notice in the app, and at once a mail with a file for calendars."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from app.access.targets import Target
from app.identity.domain.people import MailRhythm
from app.identity.queries import people
from app.messages.domain import CalendarDate, MailKind, NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.workshops.models import Booking, Workshop
from app.workshops.queries import bookings
from app.workshops.service.calendar import dates
from app.workshops.store import locking


def seat_given(workshop: Workshop, bookings: Collection[Booking], now: datetime) -> None:
    """Tell those who got a seat out of the queue."""
    held = dates(locking.sessions(workshop.id)) if bookings else []
    for booking in bookings:
        person, occasion = booking.person_id, f"seat-given:{booking.id}"
        messages.tell(
            person,
            NoticeKind.SEAT_GIVEN,
            occasion=occasion,
            facts={"workshop": workshop.code},
            path=ports().path_to(Target.WORKSHOP, workshop.id),
            now=now,
        )
        _mail([person], occasion=occasion, said=held, now=now)


def all_of(workshop: Workshop, kind: NoticeKind, occasion: str, now: datetime) -> None:
    """Write a notice for everybody with a seat or a place in the queue."""
    messages.tell_all(
        bookings.people_of(workshop.id),
        kind,
        occasion=_occasion(workshop, occasion),
        facts={"workshop": workshop.code},
        path=ports().path_to(Target.WORKSHOP, workshop.id),
        now=now,
    )


def dates_changed(workshop: Workshop, before: Iterable[CalendarDate], occasion: str, now: datetime) -> None:
    """Mail the dates of an event that moved; those of `before` that are gone are called cancelled."""
    held = dates(locking.sessions(workshop.id))
    kept = {one.uid for one in held}
    gone = [CalendarDate(one.uid, one.starts_at, one.ends_at, cancelled=True) for one in before if one.uid not in kept]
    _mail_all(workshop, [*held, *gone], occasion, now)


def dates_cancelled(workshop: Workshop, occasion: str, now: datetime) -> None:
    """Mail the dates of an event that does not take place, as cancelled ones."""
    _mail_all(workshop, dates(locking.sessions(workshop.id), cancelled=True), occasion, now)


def _mail_all(workshop: Workshop, said: list[CalendarDate], occasion: str, now: datetime) -> None:
    """Mail everybody with a booking; only who has a seat has the dates in a calendar."""
    seated = {one.person_id for one in bookings.seated(workshop.id)}
    waiting = [one for one in bookings.people_of(workshop.id) if one not in seated]
    _mail(seated, occasion=_occasion(workshop, occasion), said=said, now=now)
    _mail(waiting, occasion=_occasion(workshop, occasion), said=[], now=now)


def _mail(ids: Collection[UUID], *, occasion: str, said: list[CalendarDate], now: datetime) -> None:
    reached = people.addressees(ids).values() if ids else ()
    messages.mail_all(
        [one.person_id for one in reached if one.mail_rhythm is not MailRhythm.NEVER],
        MailKind.DATE_CHANGED,
        occasion=occasion,
        facts={"at": now, "dates": said},
        now=now,
    )


def _occasion(workshop: Workshop, occasion: str) -> str:
    return f"workshop:{workshop.id}:{occasion}"
