"""Events about people and their role assignments."""

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
    """Somebody who has the right looked at how a person is really called."""

    audit_name: ClassVar[str] = "IdentitySeen"

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
class PersonDeactivated(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    person_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged(Event):
    """The own country wrote anew how somebody is called: `changed` names what, never how."""

    person_id: UUID
    changed: tuple[str, ...]
