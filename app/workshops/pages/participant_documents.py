"""What a participant finds on the page of an event: travel, files and messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.access.policy import Actor
from app.workshops.domain.events import PUBLISHED, EnrolmentMode
from app.workshops.domain.seats import BookingState
from app.workshops.pages import event_files, own_travel
from app.workshops.pages.event_files import ParticipantFile
from app.workshops.queries import event_files as files, event_messages, event_people
from app.workshops.queries.event_messages import MessageLine
from app.workshops.queries.travel import OwnPlace
from app.workshops.shapes import BookingLine, WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantDocuments:
    """What a participant finds on the page of the event: travel, files, and messages with their addresses."""

    travel_url: str
    travel: str
    files: Sequence[ParticipantFile]
    messages: Sequence[tuple[MessageLine, str]]


def participant_documents(
    actor: Actor, workshop: WorkshopFacts, booking: BookingLine | None, now: datetime
) -> ParticipantDocuments | None:
    """Return the documents of the user for an event, None without any; `booking` is that of the user."""
    messages = event_messages.own_messages(actor.id, workshop.id)
    if not _takes_part(actor, workshop, booking):
        return _documents(workshop, "", messages) if messages else None
    is_to_come = workshop.state in PUBLISHED and not workshop.has_ended(now)
    travel = own_travel.task_text(OwnPlace(workshop, actor.id), now) if is_to_come else ""
    readable = event_files.participant_files(files.readable(actor, workshop, now))
    return _documents(workshop, travel, messages, readable)


def _takes_part(actor: Actor, workshop: WorkshopFacts, booking: BookingLine | None) -> bool:
    """Return whether the user has a seat, or is an observer: only nominated events have them."""
    if booking is not None and booking.state is BookingState.SEATED:
        return True
    return workshop.enrolment is EnrolmentMode.NOMINATED and event_people.takes_part(actor.id, workshop.id)


def _documents(
    workshop: WorkshopFacts, travel: str, messages: Sequence[MessageLine], readable: Sequence[ParticipantFile] = ()
) -> ParticipantDocuments:
    return ParticipantDocuments(
        travel_url=url_for("workshops.show_own_travel", workshop_id=workshop.id) if travel else "",
        travel=travel,
        files=readable,
        messages=[
            (message, url_for("workshops.show_message", workshop_id=workshop.id, message_id=message.id))
            for message in messages
        ],
    )
