"""Events about evidence, validity periods, claims, needs, and views of officers; `plan` handles `StandingChanged`."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecorded(Event):
    """A piece of evidence; `evidence` is its number."""

    evidence: int
    person_id: UUID
    competency: str
    level: str
    kind: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceVoided(Event):
    """A piece of evidence of this kind was voided; the reason is in the voiding row."""

    evidence: int
    person_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingChanged(Event):
    """The periods of a competency at a level changed; `until` ends the newest one, None without any."""

    person_id: UUID
    competency: str
    level: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillClaimed(Event):
    claim_id: UUID
    person_id: UUID
    competency: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDecided(Event):
    claim_id: UUID
    person_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedNamed(Event):
    person_id: UUID
    competency: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedSeen(Event):
    """A supervisor viewed an officer: name, completed courses, competencies and their dates."""

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersSeen(Event):
    """A contact point viewed the officers of the own country, or one of them."""

    country: str
    officer: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDropped(Event):
    person_id: UUID
    competency: str
