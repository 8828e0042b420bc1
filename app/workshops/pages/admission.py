"""Build the page to admit an officer who lacks a requirement."""

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from app.web.pages import Page
from app.workshops.forms.admission import AdmitOfficerForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionPage(Page):
    """The form to admit an officer."""

    template: ClassVar[str] = "teaching/admission.html"
    heading: EventHeading
    form: AdmitOfficerForm
    action: str
    refusal: str


def page(workshop: WorkshopFacts, form: AdmitOfficerForm, refusal: str = "") -> AdmissionPage:
    """Return the form to admit an officer."""
    return AdmissionPage(
        heading=event.heading_of(workshop),
        form=form,
        action=url_for("workshops.admit_officer", workshop_id=workshop.id),
        refusal=refusal,
    )
