"""Send a message to people of an event: in full as a notice, with a neutral mail; delete old messages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from app.access.targets import Target
from app.db.session import changed_rows, db, record
from app.identity.domain.people import MailRhythm
from app.identity.queries import people
from app.kernel.errors import DomainError
from app.messages.domain import UNREAD_KEPT, MailKind, NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.workshops.events import EventMessagesDeleted, EventMessageSent
from app.workshops.models.documents import EventMessage, EventMessageRecipient
from app.workshops.service.store import locking

MOST_SUBJECT = 120
MOST_TEXT = 2000  # characters


@dataclass(frozen=True, slots=True)
class NewMessage:
    """Subject and text of a message, as its sender wrote them."""

    subject: str
    text: str


def send(workshop_id: UUID, message: NewMessage, recipients: Collection[UUID], *, by: UUID, now: datetime) -> UUID:
    """Send a message to these people; return its id. Raises DomainError without recipients."""
    if not recipients:
        raise DomainError("No person fits your choice. Choose other people.")
    workshop = locking.lock_workshop(workshop_id)
    row = EventMessage(workshop_id=workshop_id, sender_id=by, subject=message.subject, text=message.text, sent_at=now)
    db.session.add(row)
    db.session.flush()
    db.session.add_all(EventMessageRecipient(message_id=row.id, person_id=person_id) for person_id in recipients)
    messages.tell_all(
        recipients,
        NoticeKind.EVENT_MESSAGE,
        occasion=f"event-message:{row.id}",
        facts={"workshop": workshop.code, "subject": message.subject, "text": message.text},
        path=ports().path_to(Target.EVENT_MESSAGE, workshop_id, row.id),
        now=now,
    )
    _mail(recipients, f"event-message:{row.id}", now)
    record(EventMessageSent(at=now, workshop_id=workshop_id, message_id=row.id, recipients=len(recipients)))
    return row.id


def delete_expired(now: datetime) -> int:
    """Delete messages that are older than any notice about them; return how many."""
    old = delete(EventMessage).where(EventMessage.sent_at <= now - UNREAD_KEPT)
    deleted = changed_rows(old)
    if deleted:
        record(EventMessagesDeleted(at=now, deleted=deleted))
    return deleted


def _mail(recipients: Collection[UUID], occasion: str, now: datetime) -> None:
    """Queue the mail that only says that a message is waiting."""
    addressees = people.addressees(recipients).values()
    wanted = [person.person_id for person in addressees if person.mail_rhythm is not MailRhythm.NEVER]
    messages.mail_all(wanted, MailKind.MESSAGE, occasion=occasion, now=now)
