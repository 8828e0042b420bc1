"""Build /workshops/<id>/travel: a participant's visa and travel dates, diet and access needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.i18n.babel import words
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import travel as rules
from app.workshops.forms.travel import NeedsForm, TravelForm
from app.workshops.pages import event, travel_words
from app.workshops.pages.event import EventHeading
from app.workshops.pages.travel_words import TravelLine
from app.workshops.queries import travel as queries
from app.workshops.queries.travel import OwnPlace
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTravelPage(Page):
    """The user's dates and needs; a form may have errors. `deleted` is when they are deleted."""

    template: ClassVar[str] = "workshops/travel.html"
    heading: EventHeading
    event_url: str
    needs_url: str
    next: TravelLine
    form: TravelForm
    needs: NeedsForm
    has_days: bool
    deleted: str


def page(
    own: OwnPlace, now: datetime, *, form: TravelForm | None = None, needs: NeedsForm | None = None
) -> OwnTravelPage:
    """Return the page; `form` and `needs` are forms with errors."""
    workshop = own.workshop
    travel = queries.own_travel(own.person_id, workshop.id)
    today = labels.local_day(now, workshop.time_zone)
    return OwnTravelPage(
        heading=event.heading_of(workshop),
        event_url=url_for("workshops.show_workshop", workshop_id=workshop.id),
        needs_url=url_for("workshops.save_own_needs", workshop_id=workshop.id),
        next=travel_words.line(travel, rules.status(travel, queries.days_of(workshop), today), is_own=True),
        form=form or TravelForm.of(travel),
        needs=needs or needs_form(own),
        has_days=workshop.has_days,
        deleted=_deleted(workshop),
    )


def _deleted(workshop: WorkshopFacts) -> str:
    """Return when dates and needs are deleted."""
    if not workshop.has_days:
        return _("All of this is deleted after the event, and at once if you withdraw.")
    return _("All of this is deleted after %(day)s, and at once if you withdraw.", day=words(workshop.last_day))


def needs_form(own: OwnPlace, sent: MultiDict[str, str] | None = None) -> NeedsForm:
    """Return the form of needs, submitted or with the saved ones."""
    if sent is not None:
        form = NeedsForm(sent)
    else:
        needs = queries.own_needs(own.person_id, own.workshop.id)
        form = NeedsForm(diet=[*needs.diet], access=[*needs.access])
    form.offer()
    return form


def task_text(own: OwnPlace, now: datetime) -> str:
    """Return what is next for the user's travel with the days left, for the page of the event."""
    today = labels.local_day(now, own.workshop.time_zone)
    travel = queries.own_travel(own.person_id, own.workshop.id)
    status = rules.status(travel, queries.days_of(own.workshop), today)
    left = travel_words.left(status)
    step = travel_words.step(status.step)
    return _("%(step)s. %(left)s.", step=step, left=left) if left else step
