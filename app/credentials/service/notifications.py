"""Notices about certificates."""

from datetime import datetime
from uuid import UUID

from app.access.targets import Target
from app.messages.domain import NoticeKind
from app.messages.service import outbox
from app.ports import ports


def notify_of_end(person_id: UUID, certificate_id: UUID, now: datetime) -> None:
    """Tell the holder that a certificate was revoked; the page says why."""
    outbox.notify(
        person_id,
        NoticeKind.CERTIFICATE_REVOKED,
        occasion=f"certificate:{certificate_id}",
        path=ports().path_to(Target.CERTIFICATE, certificate_id),
        now=now,
    )
