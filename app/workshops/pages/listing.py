"""Build the page /workshops: the user's own events, then future ones by month, then past ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows, own_scope, practitioner
from app.i18n import babel, stored_translations as texts
from app.i18n.languages import NAMES, country_name
from app.i18n.stored_translations import TranslatedText
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import times
from app.workshops.domain.events import EnrolmentMode, WorkshopKind, WorkshopState, is_for
from app.workshops.domain.seats import BookingState
from app.workshops.pages import cascades
from app.workshops.pages.cascades import CascadeSummary
from app.workshops.queries import bookings, eligibility, workshops
from app.workshops.queries.workshops import ONLINE, Filters
from app.workshops.shapes import BookingLine, OwnBooking, OwnNominationLine, WorkshopLine

MOST_HELD = 20
State = tuple[str, str, str]  # a word, its shape, and a sentence or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event in a list; `word` and `kind` are its state and the shape of the state."""

    title: TranslatedText
    href: str
    iso: str
    days: str
    sub: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterField:
    """A select of the filters; an option is (value, label)."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopsPage(Page):
    """The list of events.

    `unreadable`: booked events that the user may no longer read, as (first day, days, address to withdraw); `chips`:
    the active filters, each with the address without it.
    """

    template: ClassVar[str] = "workshops/workshops.html"
    own: Sequence[EventRow]
    months: Sequence[tuple[str, Sequence[EventRow]]]
    past: Sequence[EventRow]
    unreadable: Sequence[tuple[str, str, str]]
    endorsements_url: str
    filters: Sequence[FilterField]
    chips: Sequence[tuple[str, str]]
    cascades: CascadeSummary | None


def page(
    actor: Actor,
    filters: Filters,
    countries: Sequence[str],
    nominations: Sequence[OwnNominationLine],
    now: datetime,
) -> WorkshopsPage:
    """Return the list of events; `nominations` are the user's own."""
    own = workshops.own_bookings(actor)
    booked = {line.workshop.id for line in own}
    requests = [line for line in nominations if line.workshop.id not in booked]
    asked = booked | {line.workshop.id for line in requests}
    others = [line for line in workshops.listing(actor, now.date(), filters) if line.id not in asked]
    translations = texts.translations_for([*asked, *(line.id for line in others)], learning_pages.wanted())
    return WorkshopsPage(
        own=_own_rows(own, requests, translations, now),
        months=_months(actor, others, translations, now),
        past=_past_rows(own, translations, now),
        unreadable=_unreadable(actor, now),
        endorsements_url=_endorsements_url(actor),
        filters=_filters(filters, countries),
        chips=_chips(filters),
        cascades=cascades.summary(actor),
    )


def _own_rows(
    own: Sequence[OwnBooking], requests: Sequence[OwnNominationLine], translations: labels.Translations, now: datetime
) -> list[EventRow]:
    """Return the user's events to come and requests, the earliest first."""
    rows = [_own_row(line, translations, now) for line in own if _is_to_come(line.workshop, now)]
    rows += [_request_row(line, translations, now) for line in requests]
    return sorted(rows, key=attrgetter("iso"))


def _past_rows(own: Sequence[OwnBooking], translations: labels.Translations, now: datetime) -> list[EventRow]:
    past = [line for line in reversed(own) if not _is_to_come(line.workshop, now)]
    return [_own_row(line, translations, now) for line in past[:MOST_HELD]]


def _endorsements_url(actor: Actor) -> str:
    may_endorse = allows(actor, Action.ENDORSE_NOMINATION, own_scope(actor))
    return url_for("workshops.show_endorsements") if may_endorse else ""


def _months(
    actor: Actor, others: Sequence[WorkshopLine], translations: labels.Translations, now: datetime
) -> list[tuple[str, list[EventRow]]]:
    """Return the other events by month; a running event belongs to the current month."""
    seats = bookings.counts([line.id for line in others])
    names = labels.role_names()
    own_roles = eligibility.own_roles(actor.id, now.date()) if practitioner(actor, None) else None
    rows: list[tuple[date, EventRow]] = []
    for line in others:
        offer = _offer(line, seats[line.id], own_roles, now)
        month = max(line.first_day, now.date()).replace(day=1)
        rows.append((month, _row(line, translations, offer, _audience(line, names))))
    return [(labels.month(month), [row for _first, row in group]) for month, group in groupby(rows, key=itemgetter(0))]


def _unreadable(actor: Actor, now: datetime) -> list[tuple[str, str, str]]:
    return [
        (first.isoformat(), babel.short_days(first, last), url_for("workshops.withdraw", workshop_id=workshop_id))
        for workshop_id, first, last in workshops.unreadable_bookings(actor, now)
    ]


def _is_to_come(workshop: WorkshopLine, now: datetime) -> bool:
    """Return whether the last day of an event has not passed, also for a cancelled event."""
    if workshop.state is WorkshopState.CLOSED:
        return False
    return not workshop.has_days or labels.local_day(now, workshop.time_zone) <= workshop.last_day


def _own_row(own: OwnBooking, translations: labels.Translations, now: datetime) -> EventRow:
    state = _booking_state(own.workshop, own.booking, is_to_come=_is_to_come(own.workshop, now))
    return _row(own.workshop, translations, state, _sentence(labels.place(own.workshop)))


def _request_row(line: OwnNominationLine, translations: labels.Translations, now: datetime) -> EventRow:
    state = labels.own_nomination(line, now)
    return _row(line.workshop, translations, state, _sentence(labels.place(line.workshop)))


def _booking_state(workshop: WorkshopLine, booking: BookingLine, *, is_to_come: bool) -> State:
    if workshop.state is WorkshopState.CANCELLED:
        return _("Cancelled"), "bad", _("It does not take place.")
    if workshop.state is WorkshopState.POSTPONED:
        return _("Postponed"), "wait", _("Your seat stays.")
    if booking.state is BookingState.SEATED:
        return (_("Booked"), "good", _("You have a seat.")) if is_to_come else (_("Held"), "good", "")
    if is_to_come:
        position = booking.position or 1
        return _("Waiting list"), "wait", _("You are on the waiting list, place %(n)s.", n=position)
    return _("Held"), "none", _("No seat came free.")


def _audience(workshop: WorkshopLine, names: Mapping[str, str]) -> str:
    """Return the location of an event and the roles that it is for; `names` are the titles of the roles."""
    audience = _("For any officer.")
    if workshop.roles:
        audience = _("For: %(roles)s.", roles=labels.audience(workshop.roles, names))
    return f"{_sentence(labels.place_and_country(workshop))} {audience}"


def _offer(workshop: WorkshopLine, seats: tuple[int, int], own_roles: Sequence[str] | None, now: datetime) -> State:
    """Return whether the user can book; `own_roles` are None for a user who is no practitioner."""
    if workshop.enrolment is EnrolmentMode.NOMINATED:
        return _nominations(workshop, own_roles, now)
    if now >= workshop.booking_closes_at:
        return _("Booking is over"), "none", ""
    if own_roles is not None and not is_for(workshop.roles, own_roles):
        return _("Not for your role"), "none", ""
    taken, waiting = seats
    if taken >= workshop.capacity or waiting:
        return _("Full"), "wait", _("You can join the waiting list.")
    free = ngettext("%(num)s seat is free.", "%(num)s seats are free.", workshop.capacity - taken)
    until = _("Book by %(day)s.", day=babel.short_day(workshop.booking_until))
    return _("Open for booking"), "open", f"{free} {until}"


def _nominations(workshop: WorkshopLine, own_roles: Sequence[str] | None, now: datetime) -> State:
    """Return whether the user can express interest."""
    opens, deadline = workshop.nomination_opens, workshop.nomination_deadline
    if opens is None or deadline is None or now >= times.end_of(deadline, workshop.time_zone):
        return _("Nominations are closed"), "none", ""
    if own_roles is not None and not is_for(workshop.roles, own_roles):
        return _("Not for your role"), "none", ""
    if now < times.start_of(opens, workshop.time_zone):
        return _("Not open yet"), "none", _("Express interest from %(day)s.", day=babel.short_day(opens))
    return _("Open for interest"), "open", _("Express interest by %(day)s.", day=babel.short_day(deadline))


def _row(workshop: WorkshopLine, translations: labels.Translations, state: State, sub: str) -> EventRow:
    word, kind, note = state
    return EventRow(
        title=labels.title_of(workshop, translations),
        href=url_for("workshops.show_workshop", workshop_id=workshop.id),
        iso=workshop.first_day.isoformat(),
        days=labels.event_days(workshop, short=True),
        sub=f"{sub} {note}".rstrip(),
        word=word,
        kind=kind,
    )


def _filters(chosen: Filters, countries: Sequence[str]) -> list[FilterField]:
    kinds = [("", _("All kinds")), *((str(kind), labels.kind(kind)) for kind in WorkshopKind)]
    languages = [("", _("Any language")), *sorted(NAMES.items(), key=lambda pair: pair[1].casefold())]
    named = sorted(((code, country_name(code)) for code in countries), key=lambda pair: pair[1])
    locations = [("", _("Anywhere")), (ONLINE, _("Online")), *named]
    return [
        FilterField(name="kind", label=_("Kind"), options=kinds, value=str(chosen.kind or "")),
        FilterField(name="language", label=_("Language"), options=languages, value=chosen.language),
        FilterField(name="place", label=_("Where"), options=locations, value=chosen.location),
    ]


def _chips(chosen: Filters) -> list[tuple[str, str]]:
    values = {"kind": str(chosen.kind or ""), "language": chosen.language, "place": chosen.location}
    active: Mapping[str, Any] = {name: value for name, value in values.items() if value}
    names = {
        "kind": labels.kind(chosen.kind) if chosen.kind else "",
        "language": NAMES.get(chosen.language, ""),
        "place": _("Online") if chosen.location == ONLINE else country_name(chosen.location),
    }
    return [(names[name], url_for("workshops.show_workshops", **_without(active, name))) for name in active]


def _without(filters: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {other: value for other, value in filters.items() if other != name}


def _sentence(text: str) -> str:
    return _("%(place)s.", place=text)
