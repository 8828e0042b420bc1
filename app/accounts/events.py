"""What this room tells others."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Event):
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    person_id: UUID
    role: str
    scope: str
    reach: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    person_id: UUID
    shared_computer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(Event):
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDeactivated(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    person_id: UUID
    changed: tuple[str, ...]
