"""Changing what is known of an officer's competence: evidence, claims of earlier skill, needs by name."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import EvidenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """A piece of evidence to be recorded.

    `share` of `items` was right where `mark` was the pass mark; None, None and 0 where nothing was asked.
    `source` says what it came from, as "course:<id>:test:<attempt>" or "workshop:<id>:<assessor>": the same source
    counts once for a competency and level, and what shares its first two parts is one training.
    """

    person_id: UUID
    competency: str
    level: Level
    day: date
    kind: EvidenceKind
    source: str
    share: float | None = None
    mark: float | None = None
    items: int = 0
    trust: float = 0.0
    watched: bool = False
    guess: float = 0.25
    assessor_id: UUID | None = None
    assessor_country: str = ""
    recorded_by: UUID | None = None


def add_evidence(new: NewEvidence, now: datetime) -> int | None:
    """Record a piece of evidence with all that follows from it; return its number, None when it is there already.

    Raises DomainError for a competency that is not in the framework.
    """
    raise NotImplementedError


def void(evidence_id: int, *, by: UUID | None, reason: str, now: datetime) -> int:
    """Take a piece of evidence out, saying why, and return the number of the row that does it.

    Raises NoResultFound for an unknown number, DomainError when it is out already.
    """
    raise NotImplementedError


def claim_skill(person_id: UUID, competency: str, level: Level, now: datetime) -> UUID:
    """Claim an earlier skill and return the claim's id; raise DomainError when there is evidence or a claim."""
    raise NotImplementedError


def decide_claim(claim_id: UUID, *, by: UUID, endorse: bool, reason: str, now: datetime) -> None:
    """Endorse or decline a claim; raise IllegalMoveError when it is decided, DomainError for one's own."""
    raise NotImplementedError


def withdraw_claim(claim_id: UUID, now: datetime) -> None:
    """Take a claim back; raise IllegalMoveError when it is decided."""
    raise NotImplementedError


def name_need(person_id: UUID, competency: str, level: Level, *, by: UUID, now: datetime) -> None:
    """Ask a person for a competency at a level by name; raise DomainError for one that is not in the framework."""
    raise NotImplementedError


def drop_need(person_id: UUID, competency: str, now: datetime) -> None:
    """No longer ask a person for a competency by name; nothing happens when nobody did."""
    raise NotImplementedError


def sum_up(day: date, now: datetime) -> int:
    """Write the sums of a day and return how many rows they are."""
    raise NotImplementedError
