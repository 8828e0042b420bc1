"""Events about invitations and aliases."""

from dataclasses import dataclass, field
from uuid import UUID

from app.kernel.events import UNTOLD, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasChanged(Event):
    """Somebody chose another alias: the trail holds neither the old one nor the new one."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Event):
    """Somebody may become a person; the link is to be mailed for the `mails`th time."""

    invitation_id: UUID
    country: str
    role: str
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRenewed(Event):
    """The link starts anew, by whoever invites or (no actor) by who has the old one."""

    invitation_id: UUID
    country: str
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRefused(Event):
    """The mail address or service number is somebody's elsewhere; whose, nobody learns."""

    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedElsewhere(Event):
    """Somebody else wanted to invite a mail address or service number of this country; which, nobody learns.

    `invitation_id` is this country's own to that address: in the trail it would tell whoever wanted it.
    """

    country: str
    invitation_id: UUID | None = field(default=None, metadata=UNTOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPrinted(Event):
    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationSeen(Event):
    """Somebody looked at the name and the mail address of who is invited."""

    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWithdrawn(Event):
    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationEnded(Event):
    """Nobody accepted it in time: nothing is kept of whom it was for."""

    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationBounced(Event):
    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationCodeTaken(Event):
    invitation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationCodeFailed(Event):
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFilled(Event):
    """The invited person kept a name or a password."""

    invitation_id: UUID
    filled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Event):
    invitation_id: UUID
    person_id: UUID
    country: str
