"""What this room tells others."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Event):
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorAsked(Event):
    """One administrator wants another one; a second has to agree."""

    person_id: UUID
    asked_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorAnswered(Event):
    person_id: UUID
    asked_id: UUID
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySeen(Event):
    """Somebody who has the right looked at how a person is really called."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    person_id: UUID
    role: str
    scope: str
    reach: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(Event):
    """A role was taken back; it holds no more from this moment on."""

    person_id: UUID
    role: str
    scope: str
    reach: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    person_id: UUID
    shared_computer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(Event):
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDeactivated(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    person_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordAccepted(Event):
    """The first of two steps was right; nothing is open yet."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepFailed(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUsed(Event):
    """A code that serves once was taken; `left` of its kind remain."""

    person_id: UUID
    kind: str
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorBegun(Event):
    person_id: UUID
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAdded(Event):
    person_id: UUID
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRemoved(Event):
    person_id: UUID
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesMade(Event):
    person_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserFirstSeen(Event):
    """Somebody signed in where they had not signed in before."""

    person_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Event):
    person_id: UUID
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedAgain(Event):
    """The password was given again in an open session."""

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
    """The mail address is somebody's of another country; whose, nobody learns."""

    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedElsewhere(Event):
    """Another country wanted to invite a mail address of this one; which, nobody learns."""

    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPrinted(Event):
    invitation_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWithdrawn(Event):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentBegun(Event):
    """All sessions ended; with `everybody`, nobody's factors count any more."""

    reason: str
    everybody: bool
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded(Event):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsVoided(Event):
    """An incident took a person's factors away."""

    person_id: UUID
