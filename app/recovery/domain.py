"""Rules of account recovery: who restores access, when a link by mail suffices, how often it may be requested."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from app.access.people_rules import PEOPLE_OF_A_COUNTRY, Helper, PersonCard, can_restore_access, helper
from app.access.policy import Actor, Role, Scope
from app.sign_in.domain import Limit

LINK_LIFE = timedelta(minutes=30)
ADDRESS_LIFE = timedelta(hours=72)
REQUEST_LIFE = timedelta(hours=72)  # how long a second administrator may agree
# each request sends a mail: fewer are allowed than passwords; a whole agency may share one network address
OF_ACCOUNT = (Limit(3, timedelta(minutes=30)), Limit(10, timedelta(days=1)))
OF_ADDRESS = (Limit(10, timedelta(minutes=5)), Limit(50, timedelta(days=1)))
LONGEST = max(limit.window for limit in (*OF_ACCOUNT, *OF_ADDRESS))
FEWEST_ADMINISTRATORS = 3  # the one without access, and two others


class IdentityCheck(StrEnum):
    """How a helper checked the identity of a person."""

    KNOWN = "known"
    SERVICE_CARD = "service_card"
    IDENTITY_DOCUMENT = "identity_document"
    CONSOLE = "console"  # the operator of the server is responsible


class Mailbox(StrEnum):
    """The mailbox from which a change of address is confirmed."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Account:
    """An open account as its helpers see it: country of the posting of today ("" for none), and the roles that count.

    Roles that begin later count, too: a reset code is valid for more than a day.
    """

    person_id: UUID
    alias: str
    country: str
    roles: frozenset[Role]

    @property
    def helper(self) -> Helper:
        """Return who restores access to this account."""
        return helper(self.roles)


def roles_for_recovery(assignments: Iterable[tuple[Role, Scope]]) -> frozenset[Role]:
    """Return the roles that decide who restores access: an officer with roles at single events remains an officer.

    Otherwise a role at an event would remove the officer from the contact point, the only helper who knows the person.
    """
    pairs = list(assignments)
    lasting = frozenset(role for role, scope in pairs if scope is not Scope.EVENT)
    return lasting if lasting & frozenset(PEOPLE_OF_A_COUNTRY) else frozenset(role for role, _scope in pairs)


def can_help(actor: Actor, person: PersonCard) -> bool:
    """Return whether the actor may restore the access of a person with an open account."""
    roles = roles_for_recovery((assignment.role, assignment.scope) for assignment in person.assignments)
    return person.active and can_restore_access(actor, Account(person.person_id, person.alias, person.country, roles))


def enough_administrators(administrators: int) -> bool:
    """Return whether two administrators remain if one of this number has no access."""
    return administrators >= FEWEST_ADMINISTRATORS


def mail_suffices(*, factor_required: bool, factors: int, code_is_out: bool) -> bool:
    """Return whether a link by mail may lead to a new password: never if the mailbox alone would open the account.

    Without any factor, the password allows to set one up. A person with a reset code must enter that code first.
    """
    return factors > 0 or code_is_out or not factor_required
