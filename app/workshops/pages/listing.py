"""The list of events: mine first, then those to come by month, then those that were held."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.policy import Actor, Role
from app.i18n import stored_translations as texts
from app.i18n.languages import NAMES, country_name
from app.i18n.stored_translations import TranslatedText
from app.workshops import labels
from app.workshops.domain.events import WorkshopKind, WorkshopState, is_for
from app.workshops.domain.seats import BookingState
from app.workshops.queries import bookings, eligibility, workshops
from app.workshops.queries.workshops import ONLINE, Filters
from app.workshops.shapes import BookingLine, OwnBooking, WorkshopLine

MOST_HELD = 20


def page(actor: Actor, filters: Filters, countries: Sequence[str], now: datetime) -> dict[str, Any]:
    """Return everything that the list shows."""
    own = workshops.own_bookings(actor)
    booked = {one.workshop.id for one in own}
    others = [one for one in workshops.listing(actor, now.date(), filters) if one.id not in booked]
    ids = [*booked, *(one.id for one in others)]
    translations = texts.translations_for(ids, labels.content_language())
    seats = bookings.counts([one.id for one in others])
    roles = labels.role_names()
    own_roles = eligibility.own_roles(actor.id, now.date()) if Role.PRACTITIONER in actor.roles else None
    coming = [one for one in own if _to_come(one.workshop, now)]
    past = [one for one in reversed(own) if not _to_come(one.workshop, now)][:MOST_HELD]
    return {
        "mine": [_mine(one, translations, now) for one in coming],
        "months": [
            {
                "name": labels.month(month),
                "rows": [_open(one, translations, seats[one.id], (roles, own_roles), now) for one in group],
            }
            for month, group in groupby(others, key=lambda one: max(one.first_day, now.date()).replace(day=1))
        ],
        "held": [_mine(one, translations, now) for one in past],
        "shut": [
            {
                "iso": first.isoformat(),
                "days": labels.short_days(first, last),
                "url": url_for("workshops.withdraw", workshop_id=workshop_id),
            }
            for workshop_id, first, last in workshops.unreadable_bookings(actor, now)
        ],
        "filters": _filters(filters, countries),
        "chips": _chips(filters),
    }


def _to_come(workshop: WorkshopLine, now: datetime) -> bool:
    """Say whether an event stands among those to come: a cancelled one as long as its days are not over."""
    return workshop.state is not WorkshopState.CLOSED and labels.local_day(now, workshop.time_zone) <= workshop.last_day


def _mine(own: OwnBooking, translations: Mapping[tuple[UUID, str], TranslatedText], now: datetime) -> dict[str, Any]:
    word, look, saying = _standing(own.workshop, own.booking, to_come=_to_come(own.workshop, now))
    return _row(own.workshop, translations) | {
        "sub": _joined(_sentence(labels.place(own.workshop)), saying),
        "word": word,
        "kind": look,
    }


def _standing(workshop: WorkshopLine, booking: BookingLine, *, to_come: bool) -> tuple[str, str, str]:
    """Return the word, the shape and the sentence for one's own booking."""
    if workshop.state is WorkshopState.CANCELLED:
        return _("Cancelled"), "bad", _("It does not take place.")
    if booking.state is BookingState.SEATED:
        return (_("Booked"), "good", _("You have a seat.")) if to_come else (_("Held"), "good", "")
    if to_come:
        position = booking.place or 1
        return _("Waiting list"), "wait", _("You are on the waiting list, place %(n)s.", n=position)
    return _("Held"), "none", _("No seat came free.")


def _open(
    workshop: WorkshopLine,
    translations: Mapping[tuple[UUID, str], TranslatedText],
    seats: tuple[int, int],
    roles: tuple[Mapping[str, str], Sequence[str] | None],
    now: datetime,
) -> dict[str, Any]:
    """Return an event to come; `roles` are the framework's titles, and the reader's own roles where they may book."""
    names, own = roles
    word, look, saying = _offer(workshop, seats, now)
    if own is not None and not is_for(workshop.roles, own) and now < workshop.booking_closes_at:
        word, look, saying = _("Not for your role"), "none", ""
    audience = (
        _("For: %(roles)s.", roles=labels.audience(workshop.roles, names)) if workshop.roles else _("For any officer.")
    )
    return _row(workshop, translations) | {
        "sub": _joined(_sentence(labels.place_and_country(workshop)), audience, saying),
        "word": word,
        "kind": look,
    }


def _offer(workshop: WorkshopLine, seats: tuple[int, int], now: datetime) -> tuple[str, str, str]:
    taken, waiting = seats
    if now >= workshop.booking_closes_at:
        return _("Booking is over"), "none", ""
    if taken >= workshop.capacity or waiting:
        return _("Full"), "wait", _("You can join the waiting list.")
    free = ngettext("%(num)s seat is free.", "%(num)s seats are free.", workshop.capacity - taken)
    return (
        _("Open for booking"),
        "open",
        _joined(free, _("Book by %(day)s.", day=labels.short_day(workshop.booking_until))),
    )


def _row(workshop: WorkshopLine, translations: Mapping[tuple[UUID, str], TranslatedText]) -> dict[str, Any]:
    title = labels.translated(translations.get((workshop.id, "title")), workshop.code)
    return {
        "name": title["text"],
        "lang": title["lang"],
        "dir": title["dir"],
        "href": url_for("workshops.show_workshop", workshop_id=workshop.id),
        "iso": workshop.first_day.isoformat(),
        "days": labels.short_days(workshop.first_day, workshop.last_day),
    }


def _filters(chosen: Filters, countries: Sequence[str]) -> list[dict[str, Any]]:
    kinds = [("", _("All kinds")), *((str(one), labels.kind(one)) for one in WorkshopKind)]
    languages = [("", _("Any language")), *sorted(NAMES.items(), key=lambda one: one[1].casefold())]
    named = sorted(((code, country_name(code)) for code in countries), key=lambda one: one[1])
    places = [("", _("Anywhere")), (ONLINE, _("Online")), *named]
    return [
        {"name": "kind", "label": _("Kind"), "options": kinds, "value": str(chosen.kind or "")},
        {"name": "language", "label": _("Language"), "options": languages, "value": chosen.language},
        {"name": "place", "label": _("Where"), "options": places, "value": chosen.place},
    ]


def _chips(chosen: Filters) -> list[dict[str, str]]:
    values = {"kind": str(chosen.kind or ""), "language": chosen.language, "place": chosen.place}
    workshop: dict[str, Any] = {name: value for name, value in values.items() if value}
    names = {
        "kind": labels.kind(chosen.kind) if chosen.kind else "",
        "language": NAMES.get(chosen.language, ""),
        "place": _("Online") if chosen.place == ONLINE else country_name(chosen.place),
    }
    return [
        {
            "text": names[name],
            "href": url_for(
                "workshops.show_workshops", **{other: kept for other, kept in workshop.items() if other != name}
            ),
        }
        for name in workshop
    ]


def _sentence(text: str) -> str:
    return _("%(place)s.", place=text)


def _joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)
