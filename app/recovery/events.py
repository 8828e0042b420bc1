"""Events about password links, mail addresses and restored access, for the audit log and for mails."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAsked(Event):
    """A link to a new password was requested; `account` is a hash of the typed name, whether it exists or not."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade(Event):
    """A link to a new password was created and is to be mailed."""

    person_id: UUID
    link_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWithheld(Event):
    """A link was not sent, since the mailbox alone would open the account: a helper must check the identity first."""

    person_id: UUID
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRestored(Event):
    """A helper issued a code for new factors; `how` is the check of the identity."""

    audit_name: ClassVar[str] = "LetBackIn"

    person_id: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondHelperWanted(Event):
    """An administrator wants to restore access of another administrator: a second one has to agree."""

    person_id: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChangeAsked(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChangeBegun(Event):
    """Links to the old and the new address are to be mailed; the owner of the new address is not part of the event."""

    person_id: UUID
    change_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressClaimed(Event):
    """Another account requested the mail address of this person; the other account is not part of the event."""

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRefused(Event):
    """A requested mail address belongs to another person.

    The event contains no person and no country: an archive or the audit log of a country would reveal the owner.
    """

    change_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressConfirmed(Event):
    """One mailbox confirmed a change, or a helper who met the person did so for the old one (`how`)."""

    person_id: UUID
    side: str
    how: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(Event):
    person_id: UUID
    change_id: UUID
