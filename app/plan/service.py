"""Changing the plan's own records: definitions taken over, figures entered by hand and approved, notes, checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.catalogue.domain.references.plan import Plan

FILE_LIMIT = 5 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObservation:
    """A figure somebody enters; `country` is empty for the community as a whole, `day` is what it is true of."""

    code: str
    day: date
    value: float
    source: str
    country: str = ""


def load_definitions(plan: Plan, number: int, now: datetime) -> tuple[str, ...]:
    """Keep the definitions that are new and return their codes; raise DomainError for one that changed in place."""
    raise NotImplementedError


def enter(new: NewObservation, *, by: UUID, now: datetime) -> UUID:
    """Keep a draft of a figure; raise DomainError for an indicator not entered by hand, a value or day not possible."""
    raise NotImplementedError


def change(observation_id: UUID, new: NewObservation, *, by: UUID, now: datetime) -> None:
    """Write a draft or returned figure anew; raise DomainError for somebody else's, or in another state."""
    raise NotImplementedError


def add_file(observation_id: UUID, content: bytes, *, by: UUID, now: datetime) -> None:
    """Keep the document behind a draft or returned figure; raise DomainError unless it is a PDF of at most 5 MiB."""
    raise NotImplementedError


def submit(observation_id: UUID, *, by: UUID, now: datetime) -> None:
    """Hand a figure to a second person."""
    raise NotImplementedError


def return_(observation_id: UUID, *, by: UUID, reason: str, now: datetime) -> None:
    """Send a figure back with a reason; raise DomainError for the one who entered it, or without a reason."""
    raise NotImplementedError


def approve(observation_id: UUID, *, by: UUID, now: datetime) -> None:
    """Let a figure count; raise DomainError for the one who entered it."""
    raise NotImplementedError


def write_note(code: str, text: str, *, by: UUID, now: datetime) -> UUID:
    """Add a note to an outcome or output; raise DomainError for an empty or too long one (1,000 characters)."""
    raise NotImplementedError


def note_check(faults: Sequence[str], *, checked: int, began_at: datetime, ended_at: datetime) -> None:
    """Keep a run of the invariant checker with its first sentences."""
    raise NotImplementedError
