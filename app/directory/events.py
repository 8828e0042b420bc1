"""Events about postings, departures, protection, erasure, agencies and settings of a country."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTimeChanged(Event):
    """A contact point set the extra time of an officer in tests: the audit log says neither how much nor why."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTimeSeen(Event):
    """A contact point viewed the extra time of an officer."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingsViewed(Event):
    """A contact point viewed the postings of an officer and whether the officer is under threat."""

    audit_name: ClassVar[str] = "ServiceSeen"

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingMoved(Event):
    """A person has this agency and these roles of the framework from this day on."""

    person_id: UUID
    country: str
    agency_id: UUID
    roles: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingPlanned(Event):
    person_id: UUID
    country: str
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureCancelled(Event):
    audit_name: ClassVar[str] = "LeavingTakenBack"

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionChanged(Event):
    """The own country started or ended the protection of a person under threat."""

    person_id: UUID
    country: str
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRemoved(Event):
    """The identity of a person was deleted: its retention ended, or the person asked for it."""

    person_id: UUID
    country: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Event):
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryChanged(Event):
    """A contact point changed settings of the country; `changed` names them with the new value, never the help text."""

    country: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyAdded(Event):
    agency_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRenamed(Event):
    agency_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDropped(Event):
    agency_id: UUID
    country: str
