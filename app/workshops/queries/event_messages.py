"""Read the messages of an event: all for its staff, single ones for their recipients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.access.policy import Actor
from app.db.session import db
from app.workshops.models.documents import EventMessage, EventMessageRecipient

MOST = 100  # messages of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message; `person_id` is its reader, None for its staff; `recipients` is empty for a reader."""

    id: UUID
    workshop_id: UUID
    person_id: UUID | None
    sender_id: UUID
    subject: str
    text: str
    sent_at: datetime
    recipients: Sequence[UUID] = ()


def of_event(workshop_id: UUID) -> list[MessageLine]:
    """Return the messages of an event with their recipients, the newest first."""
    query = select(EventMessage).where(EventMessage.workshop_id == workshop_id)
    rows = db.session.scalars(query.order_by(EventMessage.sent_at.desc(), EventMessage.id).limit(MOST)).all()
    recipients: dict[UUID, list[UUID]] = {row.id: [] for row in rows}
    pairs = select(EventMessageRecipient.message_id, EventMessageRecipient.person_id)
    for message_id, person_id in db.session.execute(pairs.where(EventMessageRecipient.message_id.in_(recipients))):
        recipients[message_id].append(person_id)
    return [_line(row, None, recipients[row.id]) for row in rows]


def own_message(actor: Actor, workshop_id: UUID, message_id: UUID) -> MessageLine:
    """Return a message that the actor got, or raise NoResultFound."""
    query = _own(actor.id, workshop_id).where(EventMessage.id == message_id)
    return _line(db.session.scalars(query).one(), actor.id)


def own_messages(person_id: UUID, workshop_id: UUID) -> list[MessageLine]:
    """Return the messages about an event that a person got, the newest first."""
    query = _own(person_id, workshop_id).order_by(EventMessage.sent_at.desc(), EventMessage.id).limit(MOST)
    return [_line(row, person_id) for row in db.session.scalars(query)]


def _own(person_id: UUID, workshop_id: UUID) -> Select[EventMessage]:
    return (
        select(EventMessage)
        .join(EventMessageRecipient, EventMessageRecipient.message_id == EventMessage.id)
        .where(EventMessageRecipient.person_id == person_id, EventMessage.workshop_id == workshop_id)
    )


def _line(row: EventMessage, person_id: UUID | None, recipients: Sequence[UUID] = ()) -> MessageLine:
    return MessageLine(
        id=row.id,
        workshop_id=row.workshop_id,
        person_id=person_id,
        sender_id=row.sender_id,
        subject=row.subject,
        text=row.text,
        sent_at=row.sent_at,
        recipients=recipients,
    )
