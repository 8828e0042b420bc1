"""Build the pages of messages about an event: the list, a new message, and one message for its recipient."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext

from app.access.policy import Action, Actor, allows
from app.identity.queries import people as accounts
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.events import PUBLISHED, WorkshopState
from app.workshops.domain.recipients import EventPerson, RecipientGroup
from app.workshops.forms.event_messages import EventMessageForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries import workshops
from app.workshops.queries.event_messages import MessageLine
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A sent message; a recipient whom the user no longer sees in the event is counted in `others`."""

    subject: str
    text: str
    sender: str
    sent_at: datetime
    count: str
    recipients: Sequence[tuple[str, str]]  # alias and country
    others: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage(Page):
    """The messages of an event for its staff; `new_url` is empty without people to write to."""

    template: ClassVar[str] = "teaching/messages.html"
    heading: EventHeading
    new_url: str
    messages: Sequence[MessageRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessagePage(Page):
    """The form of a message."""

    template: ClassVar[str] = "teaching/new_message.html"
    heading: EventHeading
    list_url: str
    form: EventMessageForm
    has_people: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePreviewPage(Page):
    """A message with its recipients before it is sent; `fields` are those of the form."""

    template: ClassVar[str] = "teaching/message_preview.html"
    heading: EventHeading
    list_url: str
    subject: str
    text: str
    count: str
    recipients: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str]]
    send: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage(Page):
    """A message for its recipient; `event_url` is empty if the user may not read the event any more."""

    template: ClassVar[str] = "workshops/message.html"
    subject: str
    paragraphs: Sequence[str]
    sender: str
    sent_at: datetime
    event_title: str
    event_lang: str
    event_url: str


def messages_page(
    workshop: WorkshopFacts, messages: Sequence[MessageLine], people: Sequence[EventPerson]
) -> MessagesPage:
    """Return the list of messages; `people` are those of the event now."""
    senders = accounts.names([message.sender_id for message in messages])
    by_id = {person.person_id: person for person in people}
    return MessagesPage(
        heading=event.heading_of(workshop),
        new_url=url_for("workshops.new_message", workshop_id=workshop.id) if people else "",
        messages=[_row(message, senders, by_id) for message in messages],
    )


def offered(form: EventMessageForm, people: Sequence[EventPerson]) -> EventMessageForm:
    """Return the form with the groups, countries and people of an event to choose from."""
    groups = Counter(person.group for person in people)
    countries = Counter(person.country for person in people if person.country)
    form.offer(
        groups=[
            (group.value, _counted(group_label(group), groups[group])) for group in RecipientGroup if groups[group]
        ],
        countries=sorted(
            ((code, _counted(labels.country(code), number)) for code, number in countries.items()),
            key=lambda pair: str(pair[1]),
        ),
        people=[(str(person.person_id), _person(person)) for person in people],
    )
    return form


def new_message_page(
    workshop: WorkshopFacts, people: Collection[EventPerson], form: EventMessageForm
) -> NewMessagePage:
    """Return the form of a message."""
    return NewMessagePage(
        heading=event.heading_of(workshop),
        list_url=url_for("workshops.show_messages", workshop_id=workshop.id),
        form=form,
        has_people=bool(people),
    )


def preview_page(
    workshop: WorkshopFacts, recipients: Sequence[EventPerson], form: EventMessageForm
) -> MessagePreviewPage:
    """Return a message as its recipients will read it."""
    message, number = form.message(), len(recipients)
    return MessagePreviewPage(
        heading=event.heading_of(workshop),
        list_url=url_for("workshops.show_messages", workshop_id=workshop.id),
        subject=message.subject,
        text=message.text,
        count=ngettext("%(num)s person", "%(num)s people", number),
        recipients=[(person.alias, labels.country(person.country)) for person in recipients],
        fields=form.fields(),
        send=ngettext("Send to %(num)s person", "Send to %(num)s people", number),
    )


def message_page(actor: Actor, message: MessageLine) -> MessagePage:
    """Return a message for its recipient."""
    workshop = workshops.get(message.workshop_id)
    is_readable = _is_readable(actor, workshop)
    title = event.heading_of(workshop).title
    return MessagePage(
        subject=message.subject,
        paragraphs=[part for part in message.text.split("\n") if part.strip()],
        sender=accounts.names([message.sender_id])[message.sender_id],
        sent_at=message.sent_at,
        event_title=title.text if is_readable else workshop.code,
        event_lang=title.lang if is_readable else labels.SOURCE_LANGUAGE,
        event_url=url_for("workshops.show_workshop", workshop_id=workshop.id) if is_readable else "",
    )


def group_label(group: RecipientGroup) -> str:
    """Return the label of a group of people."""
    return {
        RecipientGroup.CONFIRMED: pgettext("recipients", "Confirmed"),
        RecipientGroup.OFFERED: pgettext("recipients", "Offered a seat"),
        RecipientGroup.WAITING: pgettext("recipients", "On the waiting list"),
        RecipientGroup.NOMINATED: pgettext("recipients", "Nominated"),
        RecipientGroup.INTERESTED: pgettext("recipients", "Interested"),
    }[group]


def _is_readable(actor: Actor, workshop: WorkshopFacts) -> bool:
    is_public = workshop.state in {*PUBLISHED, WorkshopState.CLOSED, WorkshopState.CANCELLED}
    return is_public and allows(actor, Action.READ_WORKSHOP, workshop)


def _row(message: MessageLine, senders: Mapping[UUID, str], people: Mapping[UUID, EventPerson]) -> MessageRow:
    present = [person for person_id, person in people.items() if person_id in message.recipients]
    others = len(message.recipients) - len(present)
    return MessageRow(
        subject=message.subject,
        text=message.text,
        sender=senders.get(message.sender_id, ""),
        sent_at=message.sent_at,
        count=ngettext("%(num)s person", "%(num)s people", len(message.recipients)),
        recipients=[(person.alias, labels.country(person.country)) for person in present],
        others=ngettext(
            "%(num)s person who is no longer in the event", "%(num)s people who are no longer in the event", others
        )
        if others
        else "",
    )


def _counted(label: str, number: int) -> str:
    return _("%(label)s (%(number)s)", label=label, number=number)


def _person(person: EventPerson) -> str:
    return _(
        "%(alias)s, %(country)s, %(state)s",
        alias=person.alias,
        country=labels.country(person.country),
        state=group_label(person.group),
    )
