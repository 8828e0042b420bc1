"""Audit events of watched checks: sittings, marking, requests, surprise draws; ids, codes and counts, no text."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationDone(Event):
    """An assessor scored the calibration case of a rubric."""

    rubric: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAsked(Event):
    """An officer asked the contact points of the country for a check of a competency."""

    check_request_id: UUID
    person_id: UUID
    country: str
    competency: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequestAnswered(Event):
    """A request for a check was planned, declined, withdrawn, opened again or is done; `state` is the new one."""

    check_request_id: UUID
    person_id: UUID
    competency: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityConfirmed(Event):
    """An invigilator, the actor, compared the name on the officer's screen with the service card."""

    sitting_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvigilatorAdded(Event):
    sitting_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkingCommentAdded(Event):
    """An assessor added a comment to the bank of a rubric."""

    rubric: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesAdded(Event):
    """An invigilator gave an officer further minutes for the open work; the reason is stored with the seat."""

    sitting_id: UUID
    person_id: UUID
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductMarked(Event):
    """An assessor submitted the scores of a product; `part` is first, second or settling."""

    number: int
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReturned(Event):
    """A product went back to the queue: its assessor returned it, or had it open for too long."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSettled(Event):
    """The result of a desk task is recorded as evidence."""

    product_id: UUID
    person_id: UUID
    competency: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTaken(Event):
    """An assessor took a product from the queue."""

    number: int
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatArrived(Event):
    """An officer entered the code. `shares_device`: another officer of the sitting was at work in the same browser."""

    sitting_id: UUID
    person_id: UUID
    late: bool
    shares_device: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatDeviceRefused(Event):
    """An officer entered the code on a second device while the seat was open on another one."""

    sitting_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFinished(Event):
    sitting_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatMoved(Event):
    """An invigilator let an officer continue on another device."""

    sitting_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlanned(Event):
    sitting_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRefused(Event):
    """An invigilator did not confirm an officer, or ended the seat; the reason is stored with it."""

    sitting_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingCancelled(Event):
    sitting_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingClosed(Event):
    """A sitting was closed: numbers of results, of desk tasks to be marked, and of officers who never came."""

    sitting_id: UUID
    results: int
    products: int
    absent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingCodeRefused(Event):
    """A person entered a code that opens no sitting; the entries are counted for the rate limit."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingInterrupted(Event):
    sitting_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingOpened(Event):
    sitting_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingPlanned(Event):
    sitting_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingResumed(Event):
    sitting_id: UUID
    minutes: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkBegun(Event):
    sitting_id: UUID
    person_id: UUID
    competency: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSubmitted(Event):
    sitting_id: UUID
    person_id: UUID
    competency: str
    level: str
