"""Build pages to print for an event: a sign-in sheet for each day, and badges, with blanks for names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import ClassVar

from app.access.policy import Actor
from app.i18n import babel, stored_translations as texts
from app.i18n.babel import words
from app.i18n.stored_translations import TranslatedText
from app.learning.labels import wanted
from app.web.pages import Page
from app.workshops import labels
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries import travel as queries
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDay:
    """A day of an event with the titles and hours of its sessions."""

    day: str
    sessions: Sequence[tuple[TranslatedText, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSheetPage(Page):
    """A sheet for each day, none while the event has no days; a participant is (alias, country)."""

    template: ClassVar[str] = "teaching/sign_in_sheet.html"
    heading: EventHeading
    days: Sequence[SheetDay]
    participants: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgesPage(Page):
    """A badge for each participant: (alias, country)."""

    template: ClassVar[str] = "teaching/badges.html"
    heading: EventHeading
    code: str
    days: str  # empty while the event has no days
    participants: Sequence[tuple[str, str]]


def sign_in_page(actor: Actor, workshop: WorkshopFacts, today: date) -> SignInSheetPage:
    """Return the sheets of an event."""
    translations = texts.translations_for([workshop.id, *(session.id for session in workshop.sessions)], wanted())
    of_event = workshop.sessions if workshop.has_days else ()
    sessions = sorted(of_event, key=lambda session: (session.day, session.starts))
    return SignInSheetPage(
        heading=event.heading(workshop, translations),
        days=[
            SheetDay(
                day=words(day),
                sessions=[
                    (labels.session_title(session, translations), labels.hours(session.starts, session.ends))
                    for session in of_day
                ],
            )
            for day, of_day in groupby(sessions, key=lambda session: session.day)
        ],
        participants=_participants(actor, workshop, today),
    )


def badges_page(actor: Actor, workshop: WorkshopFacts, today: date) -> BadgesPage:
    """Return the badges of an event."""
    return BadgesPage(
        heading=event.heading_of(workshop),
        code=workshop.code,
        days=babel.days(workshop.first_day, workshop.last_day) if workshop.has_days else "",
        participants=_participants(actor, workshop, today),
    )


def _participants(actor: Actor, workshop: WorkshopFacts, today: date) -> list[tuple[str, str]]:
    """Return alias and country of the participants; a country that is not shown to staff is a blank to fill in."""
    people = queries.of_event(actor, workshop, today)
    return [(person.alias, labels.country(person.country) if person.country else "") for person in people]
