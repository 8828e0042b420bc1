"""Events about links, mail addresses and restored access."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


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
class AccessRestored(Event):
    """Somebody was known again and got a code by which to set up new factors; `how` they were known."""

    audit_name: ClassVar[str] = "LetBackIn"

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
