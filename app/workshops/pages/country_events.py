"""Build `/country/nominations`: the events that take nominations of the own country, and past ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Actor
from app.i18n import stored_translations as texts
from app.i18n.babel import words
from app.i18n.stored_translations import TranslatedText
from app.learning.labels import wanted
from app.web.pages import Page
from app.web.paging import ListPage
from app.workshops import labels
from app.workshops.domain.nomination_drafts import COUNTRIES
from app.workshops.domain.phases import Phase
from app.workshops.labels import Translations
from app.workshops.pages import country_nomination_words as text
from app.workshops.queries.country_nominations import CountryCounts, CountryEventLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryEventRow:
    """An event of a list; `to_do` is what the contact point does next, "" if nothing."""

    title: TranslatedText
    href: str
    iso: str
    days: str
    sub: Sequence[str]
    to_do: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryEventsPage(Page):
    """The nominated events of a country; `chosen` is the number of officers for whom an event is chosen."""

    template: ClassVar[str] = "workshops/country_nominations.html"
    lead: str
    open: Sequence[CountryEventRow]
    past: Sequence[CountryEventRow]
    pages: Sequence[tuple[int, str, bool]]
    onward: str


def page(
    actor: Actor,
    open_events: Sequence[CountryEventLine],
    past: Sequence[CountryEventLine],
    listed: ListPage,
    *,
    chosen: Sequence[UUID],
    now: datetime,
) -> CountryEventsPage:
    """Return the page; officers who are chosen already go along to the event."""
    ids = [line.workshop.id for line in (*open_events, *past)]
    translations = texts.translations_for(ids, wanted())
    officers = [str(person_id) for person_id in chosen]
    return CountryEventsPage(
        lead=_lead(len(officers)),
        open=[_open_row(actor, line, translations, officers, now) for line in open_events],
        past=[_past_row(actor, line, translations) for line in past],
        **listed.links("workshops.show_country_nominations"),
    )


def _lead(chosen: int) -> str:
    if chosen:
        return ngettext("Choose the event for %(num)s officer.", "Choose the event for %(num)s officers.", chosen)
    return _("Events whose seats are shared among the countries.")


def _open_row(
    actor: Actor, line: CountryEventLine, translations: Translations, officers: list[str], now: datetime
) -> CountryEventRow:
    is_open = line.phase is Phase.NOMINATIONS_OPEN
    deadline = text.closing(line.times.closes_at, line.workshop, now)
    opens = _("Opens on %(day)s", day=words(line.rules.opens))
    countries = len(line.rules.countries) or COUNTRIES
    seats = text.seats(line.rules.guaranteed, line.workshop.capacity, countries)
    chosen = officers if is_open else []
    return _row(actor, line, translations, [deadline if is_open else opens, seats], officers=chosen)


def _past_row(actor: Actor, line: CountryEventLine, translations: Translations) -> CountryEventRow:
    return _row(actor, line, translations, [_seats_got(line.counts)], officers=[])


def _row(
    actor: Actor, line: CountryEventLine, translations: Translations, sub: list[str], *, officers: list[str]
) -> CountryEventRow:
    workshop = line.workshop
    word, kind = text.PHASES[line.phase]
    return CountryEventRow(
        title=text.title(actor, workshop, translations),
        href=url_for("workshops.show_country_nomination", workshop_id=workshop.id, officer=officers),
        iso=workshop.first_day.isoformat(),
        days=labels.event_days(workshop),
        sub=[_("%(kind)s, %(place)s", kind=labels.kind(workshop.kind), place=labels.place_and_country(workshop)), *sub],
        to_do=_to_do(line),
        word=str(word),
        kind=kind,
    )


def _to_do(line: CountryEventLine) -> str:
    """Return the next work of the contact point while nominations are open."""
    if line.phase is not Phase.NOMINATIONS_OPEN:
        return ""
    counts = line.counts
    asked = ngettext("%(num)s officer asks", "%(num)s officers ask", counts.asked)
    if not counts.ranked:
        none = _("No officer is nominated yet.")
        return _("%(none)s %(asked)s.", none=none, asked=asked) if counts.asked else none
    ranked = ngettext("%(num)s officer is nominated", "%(num)s officers are nominated", counts.ranked)
    return _("%(ranked)s. %(asked)s.", ranked=ranked, asked=asked) if counts.asked else f"{ranked}."


def _seats_got(counts: CountryCounts) -> str:
    seats = ngettext("%(num)s seat of your officers", "%(num)s seats of your officers", counts.seats)
    if not counts.waitlisted:
        return seats
    waiting = ngettext("%(num)s on the waiting list", "%(num)s on the waiting list", counts.waitlisted)
    return _("%(seats)s, %(waiting)s", seats=seats, waiting=waiting)
