"""Rules of invitations: states, lifetimes of link and letter, and the roles that a user can invite to."""

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
KEPT = timedelta(days=30)  # an unaccepted invitation, after link and letter expired
CODE_DIGITS = 8
SCOPES = {Role.PRACTITIONER: Scope.SELF, Role.SUPERVISOR: Scope.COUNTRY, Role.CONTACT_POINT: Scope.COUNTRY}


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"  # not accepted in time; its personal data are deleted


OVER = frozenset({InvitationState.ACCEPTED, InvitationState.WITHDRAWN, InvitationState.ENDED})


@dataclass(frozen=True, slots=True)
class InvitationTerm:
    """How long link and letter of an invitation are valid, and when it was accepted or withdrawn.

    An invitation that ended by itself has equal `withdrawn_at` and `ends_at`.
    """

    ends_at: datetime
    letter_ends_at: datetime | None = None
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def state(self, now: datetime) -> InvitationState:
        """Return the state: open while link or letter is valid."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None and self.withdrawn_at == self.ends_at:
            return InvitationState.ENDED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        is_open = now < self.ends_at or self._has_letter(now)
        return InvitationState.OPEN if is_open else InvitationState.EXPIRED

    def opens(self, now: datetime, *, by_code: bool) -> bool:
        """Return whether the link opens the invitation now; `by_code`: the code of the letter was entered."""
        if self.state(now) is not InvitationState.OPEN:
            return False
        return by_code or now < self.ends_at

    def takes_code(self, now: datetime) -> bool:
        """Return whether the code of the letter is valid now."""
        return self._has_letter(now) and self.state(now) is InvitationState.OPEN

    def _has_letter(self, now: datetime) -> bool:
        return self.letter_ends_at is not None and now < self.letter_ends_at


class OpenInvitationFilter(StrEnum):
    """Filter of the list of open invitations."""

    BOUNCED = "bounced"  # its mail was returned
    EXPIRED = "expired"  # neither link nor letter is valid


def invitable_roles(roles: Set[Role]) -> tuple[Role, ...]:
    """Return the roles to which users with these roles may invite."""
    return tuple(role for role in Role if any(role in INVITES_TO.get(own_role, ()) for own_role in roles))


def asks_whether_led(roles: Set[Role]) -> bool:
    """Return whether the right to invite depends on whether the country has a contact point."""
    return not roles.isdisjoint(FIRST_ALONE)


def scope_and_reach(role: Role, country: str) -> tuple[Scope, str]:
    """Return scope and country of a role assigned by invitation."""
    scope = SCOPES.get(role, Scope.ALL)
    return scope, country if scope is Scope.COUNTRY else ""


def browser_hash(invitation_id: UUID, secret: str) -> str:
    """Return the hash that identifies the browser in which the password was chosen."""
    return sha256(f"{invitation_id} {secret}".encode()).hexdigest()
