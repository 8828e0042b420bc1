"""Events after an event: evaluation, follow-up, commitments, reports of visits."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


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
