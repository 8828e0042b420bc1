"""Events of the outbox: a mail was sent, given up after failed tries, or is tried again."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSent(Event):
    mail_id: int
    recipient_id: UUID | None
    kind: str
    invitation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsRetried(Event):
    """An administrator let all mails that were given up be sent again."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFailed(Event):
    audit_name: ClassVar[str] = "MailGivenUp"

    mail_id: int
    recipient_id: UUID | None
    kind: str
    reason: str
    invitation_id: UUID | None = None
