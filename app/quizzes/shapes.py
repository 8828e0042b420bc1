"""What is read of attempts and practice, as frozen values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.later import Later


@dataclass(frozen=True, slots=True)
class TestStanding:
    """How a person stands with a test: the best share of ended attempts (None: none ended), how many were begun.

    `later` are the questions some months after it, None while it is not passed.
    """

    __test__ = False  # its name makes pytest look for test functions in it

    passed: bool
    best: float | None
    number: int
    open_id: UUID | None
    last_ended_at: datetime | None
    later: Later | None = None


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt in a list."""

    id: UUID
    course_id: UUID
    version_id: UUID
    purpose: Purpose
    number: int
    state: AttemptState
    started_at: datetime
    ended_at: datetime | None
    share: float | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Marked:
    """What a question of an ended attempt was worth, as a share."""

    item: str
    competency: str
    share: float


@dataclass(frozen=True, slots=True)
class Practised:
    """The newest practice answer to a question in the text; `body` as JSON values."""

    item: str
    body: object
    share: float
    answered_at: datetime
