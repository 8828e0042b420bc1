"""What this room tells others."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSeen(Event):
    """Somebody looked at where an officer serves and whether the officer is under threat."""

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksSeen(Event):
    """The own contact point looked at who looked at an officer."""

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataTaken(Event):
    """Somebody took along all that is held of them."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAsked(Event):
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureTakenBack(Event):
    person_id: UUID
    country: str
