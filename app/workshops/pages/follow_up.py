"""Build the page /workshops/<id>/follow-up: seven questions to a participant after three to six months."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.queries import courses as catalogue
from app.i18n import babel
from app.i18n.languages import current
from app.web.pages import Page
from app.workshops.domain.follow_up import FollowUpState
from app.workshops.forms.afterwards import FollowUpForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries.afterwards import OwnParticipation
from app.workshops.queries.follow_ups import FollowUpLine
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpPage(Page):
    """The form of the follow-up, or `closed_text` with the reason why it cannot be answered."""

    template: ClassVar[str] = "workshops/follow_up.html"
    heading: EventHeading
    event_url: str
    commitments_url: str
    form: FollowUpForm
    closed_text: str
    until: str


def page(own: OwnParticipation, line: FollowUpLine | None, form: FollowUpForm) -> FollowUpPage:
    """Return the page; `line` is None before the follow-up opens."""
    workshop_id = own.workshop.id
    commitments = url_for("workshops.show_commitments", workshop_id=workshop_id) if own.has_commitments else ""
    return FollowUpPage(
        heading=event.heading_of(own.workshop),
        event_url=url_for("workshops.show_workshop", workshop_id=workshop_id),
        commitments_url=commitments,
        form=form,
        closed_text=_closed_text(line),
        until=babel.words(line.closes_on) if line else "",
    )


def competencies(workshop: WorkshopFacts) -> Mapping[str, str]:
    """Return the titles of the competencies that an event practised, by code."""
    titles = catalogue.competency_titles(current()) if workshop.outcomes else {}
    return {name: titles.get(name, name) for name, _level in workshop.outcomes}


def _closed_text(line: FollowUpLine | None) -> str:
    if line is None:
        return _("These questions open three to six months after the event.")
    return {
        FollowUpState.OPEN: "",
        FollowUpState.ANSWERED: _("You have answered. Thank you."),
        FollowUpState.UNANSWERED: _("The questions are closed. They were not answered."),
    }[line.state]
