"""Rules of invitations: who may invite whom, how long a link and a letter are good, what a mail address must be."""

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.access.policy import Role
from app.accounts.domain import Scope

LINK_LIFE = timedelta(hours=72)
LETTER_LIFE = timedelta(days=14)
CODE_DIGITS = 8
ALIAS_LONGEST = 80
NAME_LONGEST = 200
PEOPLE_OF_A_COUNTRY = (Role.PRACTITIONER, Role.SUPERVISOR)
# who may give which roles: never the own one, and an administrator's is no invitation's, it needs two administrators
GIVES: dict[Role, tuple[Role, ...]] = {
    Role.CONTACT_POINT: PEOPLE_OF_A_COUNTRY,
    Role.COORDINATOR: (Role.CONTACT_POINT, Role.TRAINER),
    Role.ADMINISTRATOR: (
        *PEOPLE_OF_A_COUNTRY, Role.CONTACT_POINT, Role.TRAINER, Role.CO_CHAIR, Role.COORDINATOR,
    ),
}  # fmt: skip
ANYWHERE = (Role.COORDINATOR, Role.ADMINISTRATOR)  # whose invitations reach beyond the own country
SCOPES = {
    Role.PRACTITIONER: Scope.SELF,
    Role.SUPERVISOR: Scope.COUNTRY,
    Role.CONTACT_POINT: Scope.COUNTRY,
}
# an address that mail servers take without quotes: no blank, no sign that parts a header
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Term:
    """Until when an invitation opens by its link and by its letter, and what ended it before."""

    ends_at: datetime
    letter_ends_at: datetime | None = None
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def state(self, now: datetime) -> InvitationState:
        """Return the state: open as long as one of the two ways in is."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
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


def gives(roles: Set[Role]) -> tuple[Role, ...]:
    """Return the roles that somebody who holds these may invite to."""
    return tuple(role for role in Role if any(role in GIVES.get(held, ()) for held in roles))


def may_invite(roles: Set[Role], own_country: str, role: Role, country: str) -> bool:
    """Say whether somebody of these roles and this country may invite to a role in a country."""
    for held in roles:
        if role in GIVES.get(held, ()) and (held in ANYWHERE or (own_country != "" and own_country == country)):
            return True
    return False


def reach(role: Role, country: str) -> tuple[Scope, str]:
    """Return how far a role reaches that came by invitation."""
    scope = SCOPES.get(role, Scope.ALL)
    return scope, country if scope is Scope.COUNTRY else ""


def is_mail(text: str) -> bool:
    """Say whether this is a plain mail address."""
    local, _, _domain = text.partition("@")
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return len(text) <= 200 and _MAIL.fullmatch(text) is not None and not dots


def masked(mail: str) -> str:
    """Return a mail address as its owner knows it again and nobody else learns it."""
    local, _, domain = mail.partition("@")
    return f"{local[:1]}…@{domain}"


def alias(title: str, number: int) -> str:
    """Return the alias that is suggested for the next of a role, such as "Border officer 17"."""
    return f"{title[: ALIAS_LONGEST - 12].strip()} {number}"
