"""The heading of the pages of nominations of a country: title, days and place of the event, seats."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.i18n import stored_translations as texts
from app.i18n.stored_translations import TranslatedText
from app.learning.labels import wanted
from app.workshops import labels
from app.workshops.domain.nomination_drafts import COUNTRIES
from app.workshops.pages import country_nomination_words as text
from app.workshops.queries.country_nominations import CountryEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationHeading:
    """The event of a page of nominations; `href` is the page of its nominations."""

    title: TranslatedText
    href: str
    iso: str
    days: str
    location: str
    audience: str
    seats: str


def heading(actor: Actor, event: CountryEvent) -> NominationHeading:
    """Return the heading of an event."""
    workshop, rules = event.workshop, event.rules
    return NominationHeading(
        title=text.title(actor, workshop, texts.translations_for([workshop.id], wanted())),
        href=url_for("workshops.show_country_nomination", workshop_id=workshop.id),
        iso=workshop.first_day.isoformat(),
        days=labels.event_days(workshop),
        location=labels.place_and_country(workshop),
        audience=_("For: %(roles)s", roles=labels.audience(workshop.roles)) if workshop.roles else "",
        seats=text.seats(rules.guaranteed, workshop.capacity, len(rules.countries) or COUNTRIES),
    )
