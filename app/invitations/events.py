"""Events about invitations, codes of letters and aliases, for the audit log and for mails."""

from dataclasses import dataclass, field
from uuid import UUID

from app.kernel.events import UNTOLD, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasChanged(Event):
    """A person changed the alias; the audit log contains neither the old one nor the new one."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Event):
    """A person was invited; `mails` counts the mails with the link."""

    invitation_id: UUID
    country: str
    role: str
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRenewed(Event):
    """A new link replaces the old one; without an actor, the invited person asked for it."""

    invitation_id: UUID
    country: str
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRefused(Event):
    """An invitation was refused: a person of another country has the mail address or service number."""

    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedElsewhere(Event):
    """A user of another country tried to invite a mail address or service number of this country.

    `invitation_id`: the existing invitation of this country; the audit log omits it, as it reveals the other user.
    """

    country: str
    invitation_id: UUID | None = field(default=None, metadata=UNTOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPrinted(Event):
    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationSeen(Event):
    """A user viewed the name and the mail address of the invited person."""

    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWithdrawn(Event):
    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationEnded(Event):
    """An invitation was not accepted in time; its personal data were deleted."""

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
    """The invited person saved a name or a password."""

    invitation_id: UUID
    filled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Event):
    invitation_id: UUID
    person_id: UUID
    country: str
