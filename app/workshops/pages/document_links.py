"""Link the pages of messages and documents of an event for its staff."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from app.workshops.domain.events import WorkshopState
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A page with documents of an event, and what it is for."""

    label: str
    href: str
    sub: str


def staff_links(workshop: WorkshopFacts, now: datetime) -> list[DocumentLink]:
    """Return the pages of messages and documents of an event for its staff, none for a draft.

    What prepares the event is left out once it is over.
    """
    if workshop.state in {WorkshopState.DRAFT, WorkshopState.CLEARED}:
        return []
    links = [
        (_("Messages"), "workshops.show_messages", _("Write to participants, and see who got what.")),
        (_("Files for participants"), "workshops.show_files", _("With a last day, after which they are deleted.")),
    ]
    before = [
        (_("Visa, travel and needs"), "workshops.show_travel", _("Who needs what next, and the days left.")),
        (_("Sign-in sheet"), "workshops.show_sign_in_sheet", _("To print: aliases, with blanks for names.")),
        (_("Badges"), "workshops.show_badges", _("To print: aliases, with blanks for names.")),
    ]
    if not workshop.has_ended(now):
        links += before
    return [DocumentLink(label, url_for(endpoint, workshop_id=workshop.id), sub) for label, endpoint, sub in links]
