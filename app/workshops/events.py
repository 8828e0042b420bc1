"""Events about workshops for the audit log and for other packages, such as the counts of `plan`."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopCreated(Event):
    audit_name: ClassVar[str] = "WorkshopMade"

    workshop_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopUpdated(Event):
    """An event was updated; `changed` names the fields."""

    audit_name: ClassVar[str] = "WorkshopChanged"

    workshop_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopStateChanged(Event):
    """An event was cleared, announced, closed or cancelled: `state` is the new one; the reason is stored with it."""

    audit_name: ClassVar[str] = "WorkshopMoved"

    workshop_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopReopened(Event):
    """An event was reopened for attendance and scores, after closing or after the deadline."""

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorAsked(Event):
    """Staff of an event asked the coordinators about attendance or scores whose deadline has passed."""

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChanged(Event):
    workshop_id: UUID
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTaken(Event):
    """A person got a seat: at once, or from the waiting list (`promoted`)."""

    workshop_id: UUID
    person_id: UUID
    seat: int
    promoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingListJoined(Event):
    audit_name: ClassVar[str] = "QueueJoined"

    workshop_id: UUID
    person_id: UUID
    queued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWithdrawn(Event):
    workshop_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded(Event):
    """Attendance of a session was recorded or corrected; `people` have a new mark, which stores the reason."""

    audit_name: ClassVar[str] = "AttendanceKept"

    workshop_id: UUID
    session_id: UUID
    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterViewed(Event):
    """A trainer, assessor or coordinator viewed the participants of an event."""

    audit_name: ClassVar[str] = "RosterSeen"

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricScored(Event):
    workshop_id: UUID
    person_id: UUID
    competency: str
    level: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationChanged(Event):
    """A nomination has a new state; its history stores the reason."""

    workshop_id: UUID
    person_id: UUID
    nomination_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationsRanked(Event):
    """A contact point nominated officers of a country; `people` are in the order of their ranks."""

    workshop_id: UUID
    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeAdmitted(Event):
    """A nominee who lacks a requirement was admitted; the nomination stores the reason."""

    workshop_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsShared(Event):
    """The seats of an event were shared in a round: `seats` were given."""

    workshop_id: UUID
    round: int
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationOpened(Event):
    """Participants who attended were asked to evaluate an event: `asked` of them in all."""

    workshop_id: UUID
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationClosed(Event):
    """The evaluation of an event is closed; who answered is no longer stored. An answer itself leaves no entry."""

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpPlanned(Event):
    """The day of the follow-up of an event was set."""

    workshop_id: UUID
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpOpened(Event):
    workshop_id: UUID
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswered(Event):
    """A participant, or the supervisor (the actor), answered the follow-up."""

    workshop_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpClosed(Event):
    """The follow-up of an event is closed: `unanswered` people did not answer."""

    workshop_id: UUID
    unanswered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentChanged(Event):
    """A participant made, did or dropped a commitment: `state` is the new state."""

    workshop_id: UUID
    person_id: UUID
    number: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentConfirmed(Event):
    """A supervisor confirmed the state of a commitment."""

    workshop_id: UUID
    person_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReportSaved(Event):
    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSummaryApproved(Event):
    """Another person approved the summary of a visit for all practitioners."""

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineesCounted(Event):
    """Women among nominees and participants of a closed event were counted, before the told sex is deleted."""

    workshop_id: UUID
