"""Rules of invitations: who may invite whom, and how long a link and a letter are valid."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from app.access.people_rules import FIRST_ALONE, INVITES_TO
from app.access.policy import Role, Scope

LINK_LIFE = timedelta(hours=72)
LETTER_LIFE = timedelta(days=14)
KEPT = timedelta(days=30)  # an invitation that nobody accepted, after both ways in are over
CODE_DIGITS = 8
SCOPES = {
    Role.PRACTITIONER: Scope.SELF,
    Role.SUPERVISOR: Scope.COUNTRY,
    Role.CONTACT_POINT: Scope.COUNTRY,
}


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"  # nobody accepted it in time, and nothing is kept of whom it was for


OVER = frozenset({InvitationState.ACCEPTED, InvitationState.WITHDRAWN, InvitationState.ENDED})


@dataclass(frozen=True, slots=True)
class InvitationTerm:
    """Until when an invitation opens by its link and by its letter, and what ended it before.

    One that ended by itself is withdrawn at the very moment at which it ends.
    """

    ends_at: datetime
    letter_ends_at: datetime | None = None
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def state(self, now: datetime) -> InvitationState:
        """Return the state: open as long as one of the two ways in is."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None and self.withdrawn_at == self.ends_at:
            return InvitationState.ENDED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        by_letter = self.letter_ends_at is not None and now < self.letter_ends_at
        return InvitationState.OPEN if now < self.ends_at or by_letter else InvitationState.EXPIRED

    def opens(self, now: datetime, *, by_code: bool) -> bool:
        """Say whether somebody gets in now who has the link alone, or has typed the code of the letter."""
        if self.state(now) is not InvitationState.OPEN:
            return False
        return by_code or now < self.ends_at

    def takes_code(self, now: datetime) -> bool:
        """Say whether the code of the letter is good now."""
        by_letter = self.letter_ends_at is not None and now < self.letter_ends_at
        return by_letter and self.state(now) is InvitationState.OPEN


class Waits(StrEnum):
    """What became of an invitation that waits."""

    BOUNCED = "bounced"  # its mail came back
    EXPIRED = "expired"  # neither link nor letter opens anything any more


def gives(roles: Set[Role]) -> tuple[Role, ...]:
    """Return the roles that somebody who holds these may invite to."""
    return tuple(role for role in Role if any(role in INVITES_TO.get(held, ()) for held in roles))


def asks_whether_led(roles: Set[Role]) -> bool:
    """Say whether it depends on that whom somebody of these roles may invite."""
    return not roles.isdisjoint(FIRST_ALONE)


def reach(role: Role, country: str) -> tuple[Scope, str]:
    """Return how far a role reaches that came by invitation."""
    scope = SCOPES.get(role, Scope.ALL)
    return scope, country if scope is Scope.COUNTRY else ""


def browser_hash(invitation_id: UUID, secret: str) -> str:
    """Return the hash by which an invitation knows the browser of its password."""
    return sha256(f"{invitation_id} {secret}".encode()).hexdigest()
