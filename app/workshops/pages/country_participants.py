"""Build /country/participants: the own officers in events to come, their visa and travel, invitation letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.guard import actor
from app.i18n import stored_translations as texts
from app.i18n.babel import words
from app.i18n.stored_translations import TranslatedText
from app.kernel import pdf_library
from app.learning.labels import wanted
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import travel as rules
from app.workshops.forms.travel import LetterForm, TravelForm
from app.workshops.labels import Translations
from app.workshops.pages import country_nomination_words, travel_words
from app.workshops.pages.travel_words import TravelLine
from app.workshops.queries.travel import ParticipantPreparation
from app.workshops.shapes import WorkshopLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryParticipantRow:
    """An officer with what is next; `letter` says when the last invitation letter was made.

    `letter_url` is empty while the event has no days.
    """

    alias: str
    next: TravelLine
    travel_url: str
    letter_url: str
    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryEventSection:
    """An event with its participants of the own country, the fewest days left first.

    `is_postponed`: it has no new days yet.
    """

    title: TranslatedText
    iso: str
    days: str
    location: str
    is_postponed: bool
    participants: Sequence[CountryParticipantRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryParticipantsPage(Page):
    """The participants of the own country by event."""

    template: ClassVar[str] = "workshops/country_participants.html"
    events: Sequence[CountryEventSection]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantTravelPage(Page):
    """Visa and travel dates of an officer."""

    template: ClassVar[str] = "workshops/participant_travel.html"
    alias: str
    title: TranslatedText
    days: str
    next: TravelLine
    has_days: bool
    form: TravelForm


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLetterPage(Page):
    """The form of an invitation letter."""

    template: ClassVar[str] = "workshops/letter.html"
    alias: str
    title: TranslatedText
    days: str
    form: LetterForm
    refusal: str  # why no letter can be made, or ""


def page(participants: Sequence[ParticipantPreparation], now: datetime) -> CountryParticipantsPage:
    """Return the page; the participants are in the order of their events."""
    translations = texts.translations_for([participant.workshop.id for participant in participants], wanted())
    return CountryParticipantsPage(
        events=[
            _section(workshop, list(group), translations, now)
            for workshop, group in groupby(participants, key=lambda participant: participant.workshop)
        ]
    )


def travel_page(participant: ParticipantPreparation, form: TravelForm, now: datetime) -> ParticipantTravelPage:
    """Return the form of the dates of a participant."""
    workshop = participant.workshop
    return ParticipantTravelPage(
        alias=participant.alias,
        title=_title_of(workshop),
        days=labels.event_days(workshop),
        next=_next(participant, now),
        has_days=workshop.has_days,
        form=form,
    )


def letter_page(participant: ParticipantPreparation, form: LetterForm) -> InvitationLetterPage:
    """Return the form of an invitation letter."""
    workshop = participant.workshop
    return InvitationLetterPage(
        alias=participant.alias,
        title=_title_of(workshop),
        days=labels.event_days(workshop),
        form=form,
        refusal=_refusal(workshop),
    )


def _refusal(workshop: WorkshopLine) -> str:
    if not workshop.has_days:
        return rules.NO_LETTER.translated(_)
    return "" if pdf_library.is_available() else _("This server cannot make PDF files. Ask the administrator.")


def _section(
    workshop: WorkshopLine, participants: list[ParticipantPreparation], translations: Translations, now: datetime
) -> CountryEventSection:
    today = labels.local_day(now, workshop.time_zone)
    participants.sort(key=lambda person: rules.status(person.travel, person.days, today).order)
    return CountryEventSection(
        title=country_nomination_words.title(actor(), workshop, translations),
        iso=workshop.first_day.isoformat(),
        days=labels.event_days(workshop),
        location=labels.place_and_country(workshop),
        is_postponed=not workshop.has_days,
        participants=[_row(participant, now) for participant in participants],
    )


def _row(participant: ParticipantPreparation, now: datetime) -> CountryParticipantRow:
    workshop_id, person_id = participant.workshop.id, participant.person_id
    made_on = participant.letter_made_on
    return CountryParticipantRow(
        alias=participant.alias,
        next=_next(participant, now),
        travel_url=url_for("workshops.show_participant_travel", workshop_id=workshop_id, person_id=person_id),
        letter_url=_letter_url(participant),
        letter=_("Letter made on %(day)s", day=words(made_on)) if made_on else "",
    )


def _letter_url(participant: ParticipantPreparation) -> str:
    workshop_id, person_id = participant.workshop.id, participant.person_id
    if not participant.workshop.has_days:
        return ""
    return url_for("workshops.show_letter", workshop_id=workshop_id, person_id=person_id)


def _next(participant: ParticipantPreparation, now: datetime) -> TravelLine:
    today = labels.local_day(now, participant.workshop.time_zone)
    return travel_words.line(participant.travel, rules.status(participant.travel, participant.days, today))


def _title_of(workshop: WorkshopLine) -> TranslatedText:
    translations = texts.translations_for([workshop.id], wanted())
    return country_nomination_words.title(actor(), workshop, translations)
