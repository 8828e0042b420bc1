"""Events of views, exports and verifications of the audit log."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRead(Event):
    """The audit log was viewed with this filter."""

    country: str  # "" for all
    name: str
    since: date | None
    until: date | None
    who: UUID | None
    about: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailExported(TrailRead):
    """The audit log was exported as a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailVerified(Event):
    """The whole audit log was verified; `fault` is "" if it is intact."""

    entries: int
    fault: str
    entry: int | None
