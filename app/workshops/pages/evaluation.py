"""Build the page /workshops/<id>/evaluation: ten statements and three open questions, without a name."""

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.i18n import babel
from app.web.pages import Page
from app.workshops.domain.afterwards import AfterDates
from app.workshops.forms.afterwards import EvaluationForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries.afterwards import OwnParticipation


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPage(Page):
    """The form of the evaluation, or `closed_text` with the reason why it cannot be answered."""

    template: ClassVar[str] = "workshops/evaluation.html"
    heading: EventHeading
    event_url: str
    form: EvaluationForm
    closed_text: str
    until: str


def page(own: OwnParticipation, dates: AfterDates, answered: bool | None, form: EvaluationForm) -> EvaluationPage:
    """Return the page; `answered` is None for a user who is not asked."""
    return EvaluationPage(
        heading=event.heading_of(own.workshop),
        event_url=url_for("workshops.show_workshop", workshop_id=own.workshop.id),
        form=form,
        closed_text=_closed_text(dates, answered),
        until=babel.words(dates.evaluation_closes_on) if dates.evaluation_closes_on else "",
    )


def _closed_text(dates: AfterDates, answered: bool | None) -> str:
    if dates.evaluation_closed_on is not None:
        return _("The evaluation is closed.")
    if answered:
        return _("You have answered. Thank you. Your answers carry no name and can no longer be found.")
    if answered is None:
        return _("It opens after the event for those who attended.")
    return ""
