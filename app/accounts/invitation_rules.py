"""Rules of invitations: who may invite whom, how long a link and a letter are good, what mail and alias must be."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from unicodedata import normalize
from uuid import UUID

from app.access.policy import Role, Scope
from app.accounts.lookalikes import has_signs, looks
from app.kernel.folding import fold

LINK_LIFE = timedelta(hours=72)
LETTER_LIFE = timedelta(days=14)
KEPT = timedelta(days=30)  # an invitation that nobody accepted, after both ways in are over
CODE_DIGITS = 8
ALIAS_LONGEST = 80
NAME_LONGEST = 200
PEOPLE_OF_A_COUNTRY = (Role.PRACTITIONER, Role.SUPERVISOR)
# who may give which roles, no others than by `rights_rules`: never the own one, and an administrator's is no
# invitation's, it needs two administrators
GIVES: dict[Role, tuple[Role, ...]] = {
    Role.CONTACT_POINT: PEOPLE_OF_A_COUNTRY,
    Role.COORDINATOR: (Role.CONTACT_POINT, Role.TRAINER, Role.CO_CHAIR),
    Role.ADMINISTRATOR: (Role.CONTACT_POINT, Role.COORDINATOR),
}
# a site begins with an administrator alone: who reads a country's names comes from them once, where nobody ever did
FIRST_ALONE = {Role.ADMINISTRATOR: Role.CONTACT_POINT}
ANYWHERE = (Role.COORDINATOR, Role.ADMINISTRATOR)  # whose invitations reach beyond the own country
SCOPES = {
    Role.PRACTITIONER: Scope.SELF,
    Role.SUPERVISOR: Scope.COUNTRY,
    Role.CONTACT_POINT: Scope.COUNTRY,
}
ALIAS_STAYS = timedelta(days=30)  # at least, before another one
ALIAS_RESTS = timedelta(days=365)  # after it was given up, before somebody else gets it
ALIAS_TRIES, TRIES_WITHIN = 10, timedelta(days=1)  # refused because somebody is so called
TELLING = 3  # letters of a word of a name, from which on it tells the name
HIDING = 5  # the same of a word that stands within another, and of a mail address or number: shorter ones are in many
_WORD = re.compile(r"[^\W\d_]+")
# an address that mail servers take without quotes: no blank, no sign that parts a header
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"  # nobody accepted it in time, and nothing is kept of whom it was for


OVER = frozenset({InvitationState.ACCEPTED, InvitationState.WITHDRAWN, InvitationState.ENDED})


@dataclass(frozen=True, slots=True)
class Term:
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


class AliasRefusal(StrEnum):
    """Why somebody does not get an alias."""

    SAME = "same"  # it is theirs already
    SOON = "soon"  # they chose one less than 30 days ago
    EMPTY = "empty"  # no letter or digit in it
    NAME = "name"  # it tells who they are
    ROLE = "role"  # it names a role of the academy that they do not have
    ALIKE = "alike"  # somebody has or had it, or one that looks like it
    TRIES = "tries"  # they tried too many that others have


def gives(roles: Set[Role]) -> tuple[Role, ...]:
    """Return the roles that somebody who holds these may invite to."""
    return tuple(role for role in Role if any(role in GIVES.get(held, ()) for held in roles))


def may_invite(roles: Set[Role], own_country: str, role: Role, country: str, *, led: bool) -> bool:
    """Say whether somebody of these roles and this country may invite to a role in a country.

    `led`: the country has or had a contact point.
    """
    for held in roles:
        there = held in ANYWHERE or (own_country != "" and own_country == country)
        if role in GIVES.get(held, ()) and there and not (led and FIRST_ALONE.get(held) is role):
            return True
    return False


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


def is_mail(text: str) -> bool:
    """Say whether this is a plain mail address."""
    local, _, _domain = text.partition("@")
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return len(text) <= 200 and _MAIL.fullmatch(text) is not None and not dots


def is_number(text: str) -> bool:
    """Say whether this may be a service number: one signs in by it, so it must never be read as a mail address."""
    return "@" not in normalize("NFKC", text)


def masked(mail: str) -> str:
    """Return a mail address as its owner knows it again and nobody else learns it."""
    local, _, domain = mail.partition("@")
    return f"{local[:1]}…@{domain}"


def alias(title: str, number: int) -> str:
    """Return the alias of a role and a number, such as "Border officer 1704"."""
    return f"{title[: ALIAS_LONGEST - 12].strip()} {number}"


def tells(alias: str, *, names: Iterable[str], addresses: Iterable[str]) -> bool:
    """Say whether an alias tells who somebody is: by a word of a name, or as a name, mail address or service number.

    A long one tells it within a word, too, such as "JohnSmith7"; of addresses none that is a plain word, such as
    officer@service.example: it may stand in the title of a role.
    """
    names, parts = list(names), [part for one in addresses for part in (one, one.partition("@")[0])]
    own = {word for name in names for word in _words(name) if len(word) >= TELLING}
    whole = frozenset[str]().union(*(looks(one) for one in (*names, *parts) if has_signs(one)))
    if own & set(_words(alias)) or whole & looks(alias):
        return True
    long = [one for one in (*own, *(part for part in parts if not part.isalpha())) if len(one) >= HIDING]
    within = frozenset[str]().union(*(looks(one) for one in long))
    return any(len(one) >= HIDING and one in look for one in within for look in looks(alias))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
