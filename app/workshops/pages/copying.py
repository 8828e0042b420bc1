"""Build the page to copy an event."""

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.web.pages import Page
from app.workshops.forms.copying import CopyForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPage(Page):
    """The form to copy an event; `hint` says when the copied event takes place."""

    template: ClassVar[str] = "teaching/copy.html"
    heading: EventHeading
    form: CopyForm
    hint: str
    message: str
    action: str


def page(workshop: WorkshopFacts, form: CopyForm, message: str = "") -> CopyPage:
    """Return the form to copy an event."""
    heading = event.heading_of(workshop)
    return CopyPage(
        heading=heading,
        form=form,
        hint=_("The copied event: %(days)s.", days=heading.days),
        message=message,
        action=url_for("workshops.create_copy", workshop_id=workshop.id),
    )
