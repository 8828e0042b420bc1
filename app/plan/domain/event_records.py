"""Input of `event_rules.py`: evaluation, follow-up, commitments and seats of one event. All days are UTC dates."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.plan.domain.spans import PostingInterval
from app.workshops.domain.evaluation import EvaluationAnswers
from app.workshops.domain.follow_up import ChangeSeen, FollowUpAnswers


@dataclass(frozen=True, slots=True)
class EventAnswers:
    """The answers of an evaluation, without order; `closed` is None while it is open."""

    closed: date | None
    answers: tuple[EvaluationAnswers, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerFollowUp:
    """The questions to an officer: `served` on the day on which they opened, `closed` without an answer in time."""

    id: UUID
    person_id: UUID
    served: PostingInterval | None
    answered: date | None
    closed: date | None
    answers: FollowUpAnswers | None
    change_seen: ChangeSeen | None
    supervised: date | None


@dataclass(frozen=True, slots=True)
class EventFollowUp:
    """The follow-up of an event and the competencies that the event practised."""

    competencies: frozenset[str]
    officers: tuple[OfficerFollowUp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerCommitment:
    """A commitment of an officer: `ended` is the day of its end; `served` on the day on which it was made."""

    id: UUID
    person_id: UUID
    served: PostingInterval | None
    made_on: date
    ended: date | None
    is_done: bool


@dataclass(frozen=True, slots=True)
class EventCommitments:
    """The commitments of a study visit."""

    commitments: tuple[OfficerCommitment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSeat:
    """A seat of a nominated event that was offered to a nominee; `served` on the last day of the event."""

    nomination_id: UUID
    person_id: UUID
    served: PostingInterval | None
    is_used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeCounts:
    """How many nominees told their sex, and how many attended, with the women of both."""

    nominees: int
    women: int
    attended: int
    attended_women: int


@dataclass(frozen=True, slots=True)
class EventSeats:
    """The seats of a nominated event; `closed` is None until it is closed, `counts` if too few told their sex."""

    closed: date | None
    seats: tuple[OfferedSeat, ...]
    counts: NomineeCounts | None = None
