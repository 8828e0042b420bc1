"""What this room tells others."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.kernel.events import UNTOLD, Event


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
class RoleProposed(Event):
    """A role needs a second person (`person_id` None: for an invitation without an account)."""

    proposal_id: UUID
    person_id: UUID | None
    role: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleProposalAgreed(Event):
    """Another person agreed to a proposed role."""

    proposal_id: UUID
    person_id: UUID | None
    role: str
    country: str
    agreed_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleProposalEnded(Event):
    """A proposed role was assigned, stopped or withdrawn, or the proposal lapsed."""

    proposal_id: UUID
    person_id: UUID | None
    role: str
    country: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySeen(Event):
    """Somebody who has the right looked at how a person is really called."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    """A role was given for these days, both inclusive (`until` None: without an end)."""

    person_id: UUID
    role: str
    scope: str
    reach: str
    since: date
    until: date | None
    deputy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(Event):
    """A role was taken back; it holds no more from this moment on.

    `since`: its first day; `until`: the last one that counts, None where none does.
    """

    person_id: UUID
    role: str
    scope: str
    reach: str
    since: date
    until: date | None
    deputy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorAssigned(Event):
    """Somebody supervises this officer from now on."""

    person_id: UUID
    supervisor_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorReleased(Event):
    person_id: UUID
    supervisor_id: UUID
    country: str


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
class ExtraTimeChanged(Event):
    """A contact point set the extra time of an officer in tests: the audit log says neither how much nor why."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTimeSeen(Event):
    """A contact point viewed the extra time of an officer."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasChanged(Event):
    """Somebody chose another alias: the trail holds neither the old one nor the new one."""

    person_id: UUID


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAsked(Event):
    """Somebody asked for a link to a new password; `account` is a hash of what was typed, known or not."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade(Event):
    """A link to a new password waits for its mail."""

    person_id: UUID
    link_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWithheld(Event):
    """A mailbox alone would open the account: its person has to be known again by somebody first."""

    person_id: UUID
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetBackIn(Event):
    """Somebody was known again and got a code by which to set up new factors; `how` they were known."""

    person_id: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondHelperWanted(Event):
    """An administrator wants to let another one back in: a second one has to agree."""

    person_id: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChangeAsked(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChangeBegun(Event):
    """Links wait for their mails to the old and the new address: nothing here says whose the new one is."""

    person_id: UUID
    change_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressClaimed(Event):
    """Somebody else asked for the mail address of this person; who, nobody learns."""

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRefused(Event):
    """Somebody asked for a mail address that is another person's.

    Neither a person nor a country stands in it: in an archive, or in a country's part of the trail, it would say so.
    """

    change_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressConfirmed(Event):
    """One side of a change was confirmed: by a link, or in place of the old mailbox by who met the person (`how`)."""

    person_id: UUID
    side: str
    how: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(Event):
    person_id: UUID
    change_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingMoved(Event):
    """Somebody serves in this agency, in these roles of the framework, from this day on."""

    person_id: UUID
    country: str
    agency_id: UUID
    roles: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingPlanned(Event):
    person_id: UUID
    country: str
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingTakenBack(Event):
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionChanged(Event):
    """The own country says that somebody is under threat, or no longer."""

    person_id: UUID
    country: str
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRemoved(Event):
    """Who somebody was is kept no longer: the time for it is over, or they asked for it."""

    person_id: UUID
    country: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Event):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged(Event):
    """The own country wrote anew how somebody is called: `changed` names what, never how."""

    person_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryChanged(Event):
    """A contact point decided something for the country: which, and whether it is on or off; never the words."""

    country: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyAdded(Event):
    agency_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRenamed(Event):
    agency_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDropped(Event):
    agency_id: UUID
    country: str
