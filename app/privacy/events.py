"""Events about erasure requests and about views of the access log and exports of own data."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksSeen(Event):
    """A contact point viewed the access log of an officer."""

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataTaken(Event):
    """A person exported all data about themselves."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAsked(Event):
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureTakenBack(Event):
    person_id: UUID
    country: str
