"""Events about workshops for the audit log and for other packages, such as the counts of `plan`."""

from dataclasses import dataclass
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
class EventMessageSent(Event):
    """The staff of an event sent a message to `recipients` people; its table stores text and names."""

    workshop_id: UUID
    message_id: UUID
    recipients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMessagesDeleted(Event):
    """Old messages of events were deleted."""

    deleted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFileAdded(Event):
    workshop_id: UUID
    file_id: UUID
    sensitivity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFileWithdrawn(Event):
    workshop_id: UUID
    file_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFileDownloaded(Event):
    workshop_id: UUID
    file_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilesDeleted(Event):
    """Files of events whose last day has passed were deleted."""

    deleted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelSaved(Event):
    """The participant or the contact point of the country saved visa and travel dates."""

    workshop_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLetterMade(Event):
    """A contact point made an invitation letter in a language; its name and the letter are not stored."""

    workshop_id: UUID
    person_id: UUID
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsSaved(Event):
    """A participant saved or removed diet and access needs; the entry does not say which."""

    workshop_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsViewed(Event):
    """A trainer of an event viewed the needs of its participants one by one."""

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationsDeleted(Event):
    """Needs and travel dates of a past event, or of a person who withdrew (`person_id`), were deleted."""

    workshop_id: UUID
    person_id: UUID | None = None


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
class OfficerAdmitted(Event):
    """An officer who lacks a requirement was admitted to an event with open enrolment; the booking has the reason."""

    actor_id: UUID
    workshop_id: UUID
    person_id: UUID


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
class CheckInOpened(Event):
    """The screen of the room shows codes for a session."""

    workshop_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn(Event):
    """A participant checked in; one that was sent later waits for the trainer."""

    workshop_id: UUID
    session_id: UUID
    person_id: UUID
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInRefused(Event):
    """A user entered a code that no session of theirs shows; these events are counted for the rate limit."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInDecided(Event):
    """A check-in that was sent later was confirmed or declined."""

    workshop_id: UUID
    session_id: UUID
    person_id: UUID
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceListReceived(Event):
    """A device sent an attendance list: `saved` marks are new, `conflicts` wait for a decision."""

    workshop_id: UUID
    session_id: UUID
    saved: int
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricSheetSaved(Event):
    """An assessor saved incomplete scores or a comment."""

    workshop_id: UUID
    person_id: UUID
    competency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTestOpened(Event):
    workshop_id: UUID
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTestClosed(Event):
    workshop_id: UUID
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTestBegun(Event):
    workshop_id: UUID
    part: str
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeRecorded(Event):
    """A verified trainer recorded a national session; it changes no verification."""

    cascade_id: UUID
    country: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeCorrected(Event):
    cascade_id: UUID
    country: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeWithdrawn(Event):
    cascade_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedListViewed(Event):
    """A user downloaded the signed list of a national session, which contains names."""

    cascade_id: UUID
    country: str
