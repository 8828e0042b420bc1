"""Input of `result_rules` and `content_rules`: results of tests, cases and assessors, content of courses, incidents."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.catalogue.domain.scenarios import Truth
from app.plan.domain.spans import PostingInterval
from app.quizzes.domain.attempts import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptResult:
    """An ended attempt. `handed_in`: by the person, not by the end of the time.

    `items` is empty once the questions were deleted; `questions` is then the number that the course draws.
    """

    version_id: UUID
    purpose: Purpose
    started_at: datetime
    ended_at: datetime
    handed_in: bool
    score: float
    passed: bool
    items: frozenset[str]
    questions: int
    months: int  # until the delayed questions of the version; 0: it has none


@dataclass(frozen=True, slots=True)
class CourseAttempts:
    """The attempts of an officer in a course, by their ends; `first_lesson_at` is that of the first lesson done."""

    course: str
    first_lesson_at: datetime | None
    attempts: tuple[AttemptResult, ...]


@dataclass(frozen=True, slots=True)
class OfficerResults:
    """An officer with the results in each course."""

    person_id: UUID
    postings: tuple[PostingInterval, ...]
    courses: tuple[CourseAttempts, ...]


@dataclass(frozen=True, slots=True)
class FinishedCase:
    """A finished run of a case; `number` counts the runs of the officer from 1."""

    course: str
    name: str
    truth: Truth
    number: int
    finished_at: datetime
    misses: int
    false_alarms: int


@dataclass(frozen=True, slots=True)
class OfficerCases:
    """An officer with the finished runs of cases, in any order."""

    person_id: UUID
    postings: tuple[PostingInterval, ...]
    runs: tuple[FinishedCase, ...]


@dataclass(frozen=True, slots=True)
class AssessorScore:
    """A score of an assessor; `number` is 1, and one more for each correction. `pass_mark` is that of the rubric."""

    booking_id: UUID
    person_id: UUID
    competency: str
    level: str
    assessor_id: UUID
    number: int
    scored_at: datetime
    score: float
    pass_mark: float
    served: PostingInterval | None


@dataclass(frozen=True, slots=True)
class EventScores:
    """All scores of an event, also those corrected later."""

    scores: tuple[AssessorScore, ...]


@dataclass(frozen=True, slots=True)
class ContentItem:
    """A lesson, case, picture or test item of a version: whether it has mark, licence and source."""

    name: str
    marked: bool
    licensed: bool
    sourced: bool

    @property
    def is_complete(self) -> bool:
        """Return whether all three are present."""
        return self.marked and self.licensed and self.sourced


@dataclass(frozen=True, slots=True)
class ContentEdition:
    """A published version with its items; `replaced` is the day of the next version."""

    number: int
    published: date
    replaced: date | None
    items: tuple[ContentItem, ...]


@dataclass(frozen=True, slots=True)
class CourseContent:
    """A course with its published versions, in order."""

    course_id: UUID
    editions: tuple[ContentEdition, ...]


@dataclass(frozen=True, slots=True)
class IncidentSpan:
    """An incident of the academy, with its UTC days; `severe`: identities were exposed. `ended` None: it lasts."""

    id: UUID
    begun: date
    ended: date | None
    drill: bool
    severe: bool


@dataclass(frozen=True, slots=True)
class IncidentList:
    """All incidents, with the first and last day of the plan."""

    starts: date
    ends: date
    incidents: tuple[IncidentSpan, ...]
