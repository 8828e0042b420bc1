"""Build pages of commitments: the own ones of a visit, and those of the officers of a country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, pgettext

from app.access.policy import Actor
from app.access.visibility import Viewer
from app.i18n import babel, stored_translations as texts
from app.i18n.stored_translations import TranslatedText
from app.identity.queries import visible_identity
from app.learning.labels import wanted
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import commitments as rules
from app.workshops.domain.commitments import CommitmentState
from app.workshops.forms.afterwards import CommitmentEndForm, CommitmentForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries import commitments
from app.workshops.queries.afterwards import OwnParticipation
from app.workshops.queries.commitments import CommitmentLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentRow:
    """A commitment; `url` takes its result, or the confirmation of a supervisor, "" if nothing is to do."""

    id: str
    number: int
    alias: str
    title: TranslatedText
    text: str
    due: str
    note: str
    confirmed: str
    word: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentsPage(Page):
    """The own commitments of a visit. `form` is for a new one, None for a user who has two."""

    template: ClassVar[str] = "workshops/commitments.html"
    heading: EventHeading
    event_url: str
    rows: Sequence[CommitmentRow]
    form: CommitmentForm | None
    ending: CommitmentEndForm
    rejected: int  # number of the commitment whose form was rejected, 0 for none
    first_day: str
    last_day: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCommitmentsPage(Page):
    """The commitments of the officers of a country, with the number in each state."""

    template: ClassVar[str] = "workshops/country_commitments.html"
    country: str
    rows: Sequence[CommitmentRow]
    tiles: Sequence[tuple[int, str]]


def page(
    own: OwnParticipation,
    today: date,
    *,
    form: CommitmentForm | None = None,
    ending: CommitmentEndForm | None = None,
    rejected: int = 0,
    problem: str = "",
) -> CommitmentsPage:
    """Return the page of the own commitments; forms are passed if they were rejected."""
    workshop = own.workshop
    lines = commitments.own(workshop.id, own.person_id)
    return CommitmentsPage(
        heading=event.heading_of(workshop),
        event_url=url_for("workshops.show_workshop", workshop_id=workshop.id),
        rows=[row(line, today, url=_end_url(line)) for line in lines],
        form=(form or CommitmentForm()) if len(lines) < rules.MOST else None,
        ending=ending or CommitmentEndForm(),
        rejected=rejected,
        first_day=today.isoformat(),
        last_day=(workshop.last_day + rules.LONGEST).isoformat(),
        problem=problem,
    )


def _end_url(line: CommitmentLine) -> str:
    if line.state in rules.FINAL:
        return ""
    return url_for("workshops.end_commitment", workshop_id=line.workshop.id, number=line.number)


def country_page(actor: Actor, today: date) -> CountryCommitmentsPage:
    """Return the commitments of the officers of the actor's country."""
    lines = commitments.of_country(actor.country, today)
    return CountryCommitmentsPage(
        country=labels.country(actor.country), rows=rows(actor, lines, today, Viewer.CONTACT_POINT), tiles=tiles(lines)
    )


def rows(actor: Actor, lines: Sequence[CommitmentLine], today: date, viewer: Viewer) -> list[CommitmentRow]:
    """Return commitments of other people by alias, with the titles of their events."""
    people = {line.person_id for line in lines}
    identities = visible_identity.visible_identities(actor, people, today, viewer) if people else {}
    translations = texts.translations_for([line.workshop.id for line in lines], wanted())
    aliases: Mapping[UUID, str] = {person_id: identity.alias for person_id, identity in identities.items()}
    return [row(line, today, alias=aliases.get(line.person_id, ""), translations=translations) for line in lines]


def row(
    line: CommitmentLine,
    today: date,
    *,
    alias: str = "",
    url: str = "",
    translations: labels.Translations | None = None,
) -> CommitmentRow:
    """Return a commitment as a row."""
    word, kind = state(line, today)
    return CommitmentRow(
        id=str(line.id),
        number=line.number,
        alias=alias,
        title=labels.title_of(line.workshop, translations or {}),
        text=line.text,
        due=babel.words(line.due),
        note=line.note,
        confirmed=_("Confirmed on %(day)s", day=babel.words(line.confirmed_on)) if line.confirmed_on else "",
        word=word,
        kind=kind,
        url=url,
    )


def state(line: CommitmentLine, today: date) -> tuple[str, str]:
    """Return the state of a commitment and its shape."""
    if rules.is_late(line.state, line.due, today):
        return _("Late"), "risk"
    return {
        CommitmentState.UNDER_WAY: (_("Under way"), "here"),
        CommitmentState.DONE: (pgettext("commitment", "Done"), "good"),
        CommitmentState.DROPPED: (pgettext("commitment", "Dropped"), "none"),
    }[line.state]


def tiles(lines: Sequence[CommitmentLine]) -> list[tuple[int, str]]:
    """Return how many commitments are in each state."""
    states = [line.state for line in lines]
    return [
        (states.count(CommitmentState.DONE), pgettext("commitments", "done")),
        (states.count(CommitmentState.UNDER_WAY), pgettext("commitments", "under way")),
        (states.count(CommitmentState.DROPPED), pgettext("commitments", "dropped")),
    ]
