"""What messages do when a room speaks: mail a person whose account was used or changed."""

from datetime import datetime
from uuid import UUID

from app.accounts.events import BrowserFirstSeen, FactorAdded, FactorRemoved, PasswordChanged
from app.messages import service
from app.messages.domain import MailKind


def signed_in_anew(happened: BrowserFirstSeen) -> None:
    """Tell a person that the account was used where it had not been."""
    occasion = f"new sign-in {happened.session_id}"
    _of_the_account(happened.person_id, MailKind.NEW_SIGN_IN, occasion, happened.at)


def account_changed(happened: FactorAdded | FactorRemoved | PasswordChanged) -> None:
    """Tell a person that the way they sign in has changed."""
    occasion = f"account changed {happened.at.isoformat()}"
    _of_the_account(happened.person_id, MailKind.ACCOUNT_CHANGED, occasion, happened.at)


def _of_the_account(person_id: UUID, kind: MailKind, occasion: str, now: datetime) -> None:
    service.mail(person_id, kind, occasion=occasion, facts={}, due_at=now, now=now)
