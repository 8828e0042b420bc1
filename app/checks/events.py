"""Events about watched sittings, marking, requests and surprise checks, for the audit log and other packages."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


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
class MinutesAdded(Event):
    """An invigilator gave an officer further minutes for the open work; the reason is stored with the seat."""

    sitting_id: UUID
    person_id: UUID
    minutes: int


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
