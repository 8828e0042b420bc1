"""What messages do when a room speaks: mail the link of an invitation, tell who invited what became of it."""

from datetime import datetime
from uuid import UUID

from app.access.policy import Role
from app.accounts import invitations
from app.accounts import queries as accounts
from app.accounts.domain import Scope
from app.accounts.events import (
    BrowserFirstSeen,
    FactorAdded,
    FactorRemoved,
    InvitationRefused,
    InvitationRenewed,
    Invited,
    InvitedElsewhere,
    PasswordChanged,
)
from app.kernel import clock
from app.messages import service
from app.messages.domain import MailKind, NoticeKind
from app.messages.events import MailGivenUp


def invited(happened: Invited | InvitationRenewed) -> None:
    """Mail the link, new or anew."""
    service.mail_invitation(happened.invitation_id, happened.mails, due_at=happened.at, now=happened.at)


def given_up(happened: MailGivenUp) -> None:
    """Let whoever invited see that the mail came back."""
    if happened.invitation_id is not None:
        invitations.note_bounced(happened.invitation_id, clock.real_now())


def claimed_twice(happened: InvitationRefused | InvitedElsewhere) -> None:
    """Tell a country's contact points that an address is wanted twice: not which, and not where else."""
    occasion = f"invitation refused {happened.country} {happened.at.date().isoformat()}"
    service.tell_all(
        _contact_points(happened),
        NoticeKind.INVITATION_REFUSED,
        occasion=occasion,
        facts={},
        path="/people",
        now=happened.at,
    )


def _contact_points(happened: InvitationRefused | InvitedElsewhere) -> list[UUID]:
    holders = accounts.holders(Scope.COUNTRY, happened.country, happened.at.date())
    return [person_id for role, person_id in holders if role is Role.CONTACT_POINT]


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
