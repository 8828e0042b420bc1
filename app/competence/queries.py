"""Reading what officers can do: the own path, why a date is what it is, who holds what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain.claims import ClaimState
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.statuses import Status


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with a competency, at the level that is needed (or the highest with evidence).

    `p` is the chance to be up to the pass mark today; `until` the last day that counts, `since` the first of that
    time, None for never verified; `last_on` the day of the newest evidence; `needed` None: nobody asks for it.
    """

    competency: str
    level: Level
    status: Status
    p: float
    until: date | None
    since: date | None
    last_on: date | None
    needed: Level | None
    by_name: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence with what it led to: `p_after` and `until_after` at its level, None when voided."""

    id: int
    day: date
    kind: EvidenceKind
    level: Level
    share: float | None
    mark: float | None
    items: int
    trust: float
    watched: bool
    source: str
    voided: bool
    reason: str
    p_after: float | None
    until_after: date | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """A kind of evidence that would move the date, and the date it would lead to if all goes well (None: none)."""

    kind: EvidenceKind
    until: date | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to come of a standing: `ends_by` fading, or the time that a watched check lasts; None: not verified."""

    p_today: float
    until: date | None
    ends_by: Literal["fading", "watched"] | None
    next_kinds: tuple[NextStep, ...]


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """An unbroken time, both days inclusive, of holding a competency at a level or above it."""

    competency: str
    level: Level
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class CapacityLine:
    """Officers who need a competency at a level, who hold it, who are likely up to it (None: no sums yet)."""

    competency: str
    level: Level
    need: int
    headcount: int
    expected: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim of earlier skill; `decided_at` None: it waits."""

    id: UUID
    person_id: UUID
    competency: str
    level: Level
    state: ClaimState
    claimed_at: datetime
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Need:
    """A competency that is asked of somebody, at this level; `by_name`: not by the role alone."""

    competency: str
    level: Level
    by_name: bool


def path(person_id: UUID, roles: Collection[str], today: date) -> list[Standing]:
    """Return how somebody stands: what the roles need, what is asked by name, then what else has evidence."""
    raise NotImplementedError


def evidence_of(person_id: UUID, competency: str) -> list[EvidenceLine]:
    """Return the evidence on a competency, the oldest first, with what each piece led to."""
    raise NotImplementedError


def outlook(person_id: UUID, competency: str, level: Level, today: date) -> Outlook:
    """Return what is to come of a standing, and what would prolong it."""
    raise NotImplementedError


def periods(ids: Collection[UUID]) -> Mapping[UUID, list[PeriodSpan]]:
    """Return the times in which these people held competencies; a level includes the ones above it."""
    raise NotImplementedError


def capacity(day: date, *, country: str = "", agency_id: UUID | None = None) -> list[CapacityLine]:
    """Return need, headcount and likely number on a day by competency and level, from the roll-ups."""
    raise NotImplementedError


def claims_of(person_id: UUID) -> list[ClaimLine]:
    """Return the claims of a person, the newest first."""
    raise NotImplementedError


def claims_waiting(country: str, today: date) -> list[ClaimLine]:
    """Return the claims of a country's officers that wait for a second person, the oldest first."""
    raise NotImplementedError


def claim(claim_id: UUID, country: str, today: date) -> ClaimLine:
    """Return a claim of an officer of this country, or raise NoResultFound."""
    raise NotImplementedError


def needs_of(person_id: UUID, roles: Collection[str]) -> list[Need]:
    """Return what the roles and the person's name ask for, in the framework's order."""
    raise NotImplementedError
