"""Events about accounts, identities, settings and role assignments; other packages handle them."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Event):
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityViewed(Event):
    """A user with the right viewed the name of a person."""

    audit_name: ClassVar[str] = "IdentitySeen"

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    """A role was assigned for these days, both inclusive (`until` None: without an end)."""

    person_id: UUID
    role: str
    scope: str
    reach: str
    since: date
    until: date | None
    deputy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(Event):
    """A role was revoked and is invalid from this moment.

    `since`: its first day; `until`: its last valid day, None if it never was valid.
    """

    person_id: UUID
    role: str
    scope: str
    reach: str
    since: date
    until: date | None
    deputy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDeactivated(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    person_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged(Event):
    """The own country changed the identity of a person: `changed` names the fields, never the values."""

    person_id: UUID
    changed: tuple[str, ...]
