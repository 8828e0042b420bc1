"""Events of sessions, second factors and incidents; other packages handle them (see `subscriptions.py`)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


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
class PasswordAccepted(Event):
    """The password was right and a second factor follows."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepFailed(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUsed(Event):
    """A one-time code was used; `left` of its kind remain."""

    person_id: UUID
    kind: str
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorBegun(Event):
    person_id: UUID
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAdded(Event):
    person_id: UUID
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRemoved(Event):
    person_id: UUID
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesMade(Event):
    person_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserFirstSeen(Event):
    """A person signed in with a new browser."""

    person_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Event):
    person_id: UUID
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedAgain(Event):
    """A person reauthenticated in an open session."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentBegun(Event):
    """All sessions ended; with `everybody`, the factors of all people became invalid."""

    reason: str
    everybody: bool
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded(Event):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsInvalidated(Event):
    """An incident invalidated the factors of a person."""

    audit_name: ClassVar[str] = "FactorsVoided"

    person_id: UUID
