"""Events about attempts, for `learning`, `competence` and `plan`, and about deleted answers for the audit log."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted(Event):
    attempt: UUID
    person_id: UUID
    course_id: UUID
    version_id: UUID
    purpose: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded(Event):
    """An attempt was handed in by the person, or by the server when its time was over."""

    attempt: UUID
    person_id: UUID
    course_id: UUID
    version_id: UUID
    purpose: str
    number: int
    share: float
    passed: bool
    by: Literal["person", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRegraded(Event):
    """An ended attempt was graded again after a key was corrected, for the time `number`; `share` is the new score."""

    attempt: UUID
    person_id: UUID
    course_id: UUID
    version_id: UUID
    purpose: str
    number: int
    share: float
    newly_passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptsReduced(Event):
    """The questions, answers and scores of this number of ended attempts were deleted; only results remain.

    Or the answers of this number of attempts that were never handed in were deleted.
    """

    attempts: int
    saves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerMarkingRequested(Event):
    person_id: UUID
    course_id: UUID
    peer_request_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerMarkingWithdrawn(Event):
    person_id: UUID
    course_id: UUID
    peer_request_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerAnswerDrawn(Event):
    """A colleague got an answer to read; the entry names no request, so that it does not lead to the writer."""

    person_id: UUID
    course_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerAnswerMarked(Event):
    person_id: UUID
    course_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerCommentReported(Event):
    person_id: UUID
    course_id: UUID
    peer_request_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerMarkingDeleted(Event):
    """This number of requests and their markings was deleted."""

    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeForgotten(Event):
    """This number of practice answers was deleted."""

    answers: int
