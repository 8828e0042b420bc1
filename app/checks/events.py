"""Audit events of watched checks: sittings, marking, requests, surprise draws; ids, codes and counts, no text."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SurpriseDrawn(Event):
    """Officers were drawn for surprise checks of a competency; the seed is with the draw."""

    draw_id: UUID
    quarter: str
    competency: str
    pool: int
    picks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurpriseExcused(Event):
    """A contact point excused an officer from a surprise check."""

    draw_id: UUID
    competency: str
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchingViewed(Event):
    """A coordinator viewed the results by invigilator; a contact point, who watched an officer (`person_id`)."""

    invigilators: int = 0
    country: str = ""
    person_id: UUID | None = None
