"""Actions of administrators that only queue or record: a test mail, and the export of an incident report."""

from datetime import datetime
from uuid import UUID

from app.db.session import record
from app.messages.domain import MailKind
from app.messages.service import outbox as messages
from app.operations.events import AccountSeen, TestMailAsked


def ask_test_mail(person_id: UUID, now: datetime) -> None:
    """Queue a test mail to an administrator, from the operations page or the setup."""
    messages.mail(person_id, MailKind.TEST, occasion=f"test {now.isoformat()}", facts={}, due_at=now, now=now)
    record(TestMailAsked(person_id=person_id))


def record_report(person_id: UUID, since: datetime) -> None:
    """Record the export of an incident report on an account, before it; the person sees this in the own access log."""
    record(AccountSeen(person_id=person_id, since=since.date()))
