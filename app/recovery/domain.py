"""Rules of getting back in: who lets whom in, when a link by mail suffices, how often one may ask for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from app.access.people_rules import PEOPLE_OF_A_COUNTRY, Helper, helper
from app.access.policy import Role, Scope
from app.sign_in.domain import Limit

LINK_LIFE = timedelta(minutes=30)
ADDRESS_LIFE = timedelta(hours=72)
REQUEST_LIFE = timedelta(hours=72)  # how long one administrator waits for the second
# a mail goes out for each: fewer than passwords may be tried, and a whole service may share one network address
OF_ACCOUNT = (Limit(3, timedelta(minutes=30)), Limit(10, timedelta(days=1)))
OF_ADDRESS = (Limit(10, timedelta(minutes=5)), Limit(50, timedelta(days=1)))
LONGEST = max(limit.window for limit in (*OF_ACCOUNT, *OF_ADDRESS))
FEWEST_ADMINISTRATORS = 3  # the one who lost the way in, and two others


class How(StrEnum):
    """How somebody was known again."""

    KNOWN = "known"
    SERVICE_CARD = "service_card"
    IDENTITY_DOCUMENT = "identity_document"
    CONSOLE = "console"  # whoever runs the server answers for it


class Side(StrEnum):
    """From which mailbox a change of address is confirmed."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Account:
    """An open account as its helpers know it: the country of the posting of today ("" for none), the roles that count.

    Those of days to come do, too: what a helper hands over lasts longer than the day.
    """

    person_id: UUID
    alias: str
    country: str
    roles: frozenset[Role]

    @property
    def helper(self) -> Helper:
        """Return who lets this one back in."""
        return helper(self.roles)


def counted(held: Iterable[tuple[Role, Scope]]) -> frozenset[Role]:
    """Return the roles that say who lets somebody back in: an officer who helps at single events stays an officer.

    Else whoever appoints one to an event would take them from their contact point, who alone can know them again.
    """
    pairs = list(held)
    lasting = frozenset(role for role, scope in pairs if scope is not Scope.EVENT)
    return lasting if lasting & frozenset(PEOPLE_OF_A_COUNTRY) else frozenset(role for role, _scope in pairs)


def enough(administrators: int) -> bool:
    """Say whether two are left when one of so many administrators has lost the way in."""
    return administrators >= FEWEST_ADMINISTRATORS


def mail_suffices(*, factor_required: bool, factors: int, code_is_out: bool) -> bool:
    """Say whether a link by mail may lead to a new password: never when the mailbox alone would then open the account.

    Without a factor that was ever set up, the password opens the choice of one. Somebody who was known again has a
    code from their helper, which is then asked for first.
    """
    return factors > 0 or code_is_out or not factor_required
