"""Events about sessions, second factors and incidents."""

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
    """The first of two steps was right; nothing is open yet."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepFailed(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUsed(Event):
    """A code that serves once was taken; `left` of its kind remain."""

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
    """Somebody signed in where they had not signed in before."""

    person_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Event):
    person_id: UUID
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedAgain(Event):
    """The password was given again in an open session."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentBegun(Event):
    """All sessions ended; with `everybody`, nobody's factors count any more."""

    reason: str
    everybody: bool
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded(Event):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsInvalidated(Event):
    """An incident took a person's factors away."""

    audit_name: ClassVar[str] = "FactorsVoided"

    person_id: UUID
