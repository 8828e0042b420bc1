"""Build the pages of visa, travel and needs for the staff of an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import ngettext

from app.access.policy import Action, Actor, allows
from app.i18n.babel import joined
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import travel as rules
from app.workshops.domain.needs import AccessNeed, Diet, DietAndAccess
from app.workshops.domain.travel import TravelStatus, TravelStep
from app.workshops.forms.travel import ACCESS, DIET
from app.workshops.pages import event, travel_words
from app.workshops.pages.event import EventHeading
from app.workshops.pages.travel_words import TravelLine
from app.workshops.queries import travel as queries
from app.workshops.queries.travel import ParticipantPreparation
from app.workshops.shapes import WorkshopFacts

Count = tuple[str, int]  # a need and how many have it


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelRow:
    """A participant by alias with what is next."""

    alias: str
    country: str
    next: TravelLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantsTravelPage(Page):
    """Participants by days left, and needs as counts; none once the event is over, when dates and needs are deleted.

    `needs_url` is for trainers of the event alone.
    """

    template: ClassVar[str] = "teaching/travel.html"
    heading: EventHeading
    rows: Sequence[TravelRow]
    ready: str
    diet: Sequence[Count]
    access: Sequence[Count]
    needs_url: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DietAndAccessPage(Page):
    """The needs of participants: alias, diet, access."""

    template: ClassVar[str] = "teaching/needs.html"
    heading: EventHeading
    travel_url: str
    rows: Sequence[tuple[str, str, str]]


def page(actor: Actor, workshop: WorkshopFacts, now: datetime) -> ParticipantsTravelPage:
    """Return the list of participants, the fewest days left first."""
    is_over = workshop.has_ended(now)
    listed = [] if is_over else _by_days_left(actor, workshop, now)
    needs = queries.need_counts(workshop.id)
    number = sum(status.step is TravelStep.READY for _person, status in listed)
    return ParticipantsTravelPage(
        heading=event.heading_of(workshop),
        rows=[_travel_row(person, status) for person, status in listed],
        ready=ngettext("%(n)s of %(num)s person is ready", "%(n)s of %(num)s people are ready", len(listed), n=number),
        diet=[(str(DIET[value]), count) for value, count in needs.diet],
        access=[(str(ACCESS[value]), count) for value, count in needs.access],
        needs_url=_needs_url(actor, workshop) if needs.diet or needs.access else "",
        is_over=is_over,
    )


def _needs_url(actor: Actor, workshop: WorkshopFacts) -> str:
    """Return the address of the list of needs, or "" if the actor may not see it."""
    if not allows(actor, Action.SEE_NEEDS, workshop):
        return ""
    return url_for("workshops.show_needs", workshop_id=workshop.id)


def _by_days_left(
    actor: Actor, workshop: WorkshopFacts, now: datetime
) -> list[tuple[ParticipantPreparation, TravelStatus]]:
    """Return the participants with what is next; people with equal days are in the order of their aliases."""
    today = labels.local_day(now, workshop.time_zone)
    people = queries.of_event(actor, workshop, now.date())
    listed = [(person, rules.status(person.travel, person.days, today)) for person in people]
    return sorted(listed, key=lambda pair: pair[1].order)


def _travel_row(person: ParticipantPreparation, status: TravelStatus) -> TravelRow:
    return TravelRow(
        alias=person.alias,
        country=labels.country(person.country),
        next=travel_words.line(person.travel, status),
    )


def needs_page(actor: Actor, workshop: WorkshopFacts, now: datetime) -> DietAndAccessPage:
    """Return the needs of participants one by one."""
    needs = queries.needs_of_event(workshop.id)
    people = queries.of_event(actor, workshop, now.date())
    return DietAndAccessPage(
        heading=event.heading_of(workshop),
        travel_url=url_for("workshops.show_travel", workshop_id=workshop.id),
        rows=[_needs_row(person, needs) for person in people if person.person_id in needs],
    )


def _needs_row(person: ParticipantPreparation, needs: Mapping[UUID, DietAndAccess]) -> tuple[str, str, str]:
    own = needs[person.person_id]
    return person.alias, _diet(own.diet), _access(own.access)


def _diet(values: Sequence[Diet]) -> str:
    return joined([str(DIET[value]) for value in values]) or "–"


def _access(values: Sequence[AccessNeed]) -> str:
    return joined([str(ACCESS[value]) for value in values]) or "–"
