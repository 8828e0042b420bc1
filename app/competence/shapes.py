"""Frozen results for other packages: competency statuses, lines of evidence, forecast, capacity, claims, needs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain.claims import ClaimState
from app.competence.domain.display import TrainingStage
from app.competence.domain.effects import Effect
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.statuses import VerificationStatus


@dataclass(frozen=True, slots=True)
class CompetencyStatus:
    """The status of a person in a competency, at the level that is needed (or the highest with evidence).

    `p` is the chance to reach the pass mark today; `since`, `until` are the first and last valid day, None for never
    verified; `last_on` the day of the newest evidence; `needed` None: it is not required; `watched`: a watched result
    counted at this level or above.
    """

    competency: str
    level: Level
    status: VerificationStatus
    p: float
    until: date | None
    since: date | None
    last_on: date | None
    needed: Level | None
    by_name: bool
    watched: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence with its effect: `p_after` and `until_after` if it counts, None if voided.

    `counted` is False for listed evidence without effect: no trust, or a kind that the level does not name.
    `effect` is the change at the level `counted_at`; None if voided.
    """

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
    counted: bool
    effect: Effect | None
    counted_at: Level | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """A kind of evidence that would move the date, and the date it would lead to if all goes well (None: none)."""

    kind: EvidenceKind
    until: date | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast: it ends by fading, or because a watched check is too old (`ends_by`; None: not verified).

    `chance` is `p_today` if a page may show it, else None. `stage` is None without evidence.
    """

    p_today: float
    until: date | None
    ends_by: Literal["fading", "watched"] | None
    next_kinds: tuple[NextStep, ...]
    chance: float | None
    watched: bool
    stage: TrainingStage | None


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """A period, both days inclusive, in which a competency is valid at a level or above it."""

    competency: str
    level: Level
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class CapacityLine:
    """Officers who need a competency at exactly this level: how many have it or a higher one, are likely able.

    `summed_on` is the day of the rollup, None before the first one. `expected` is None before it, and for a group of
    which fewer than half were ever watched, until there are 20 surprise checks. `low`, `high` (at most `need`) are
    None without surprise checks in a year; `audited` is the likely number as the surprise checks correct it, None
    while they agree with the measure. `holders` are all who have it today, needed or not, `later` those of them who
    still have it at the beginning of the third month from now without new evidence; None for a past day.
    """

    competency: str
    level: Level
    need: int
    headcount: int
    expected: float | None
    low: float | None
    high: float | None
    audited: float | None = None
    summed_on: date | None = None
    holders: int | None = None
    later: int | None = None


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
    """A competency that is required of a person, at this level; `by_name`: not by the role alone."""

    competency: str
    level: Level
    by_name: bool
