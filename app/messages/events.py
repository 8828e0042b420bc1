"""What this room tells others."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSent(Event):
    mail_id: int
    recipient_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailGivenUp(Event):
    mail_id: int
    recipient_id: UUID
    kind: str
    reason: str
