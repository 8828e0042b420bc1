"""Frozen values of progress and completion; the public interface for `home`, `workshops`, `coordination` and others."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from app.catalogue.shapes import Outline
from app.learning import domain
from app.learning.domain import CourseProgress, EnrolmentState, LessonState
from app.learning.domain.completion import (
    AssignmentProblem,
    AssignmentSource,
    CompletionCounts,
    CompletionFlag,
    CompletionState,
)
from app.learning.domain.recorded_completions import CompletionProof
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, ExemptionState, RequirementState
from app.quizzes.domain.delayed_questions import DelayedQuestionsStatus, opens_on
from app.quizzes.shapes import TestStatus
from app.scenarios.queries import CaseStatus


@dataclass(frozen=True, slots=True)
class EnrolmentSummary:
    """A person's enrolment in a course, on the version that was begun."""

    enrolment_id: UUID
    course_id: UUID
    version_id: UUID
    state: EnrolmentState
    begun_at: datetime
    completed_at: datetime | None
    last_lesson: str
    last_at: datetime
    lessons: Mapping[str, LessonState] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # the part on the screen, of how many
    seconds: Mapping[str, int] = field(default_factory=dict)  # spent; none where time was not measured


@dataclass(frozen=True, slots=True)
class CourseStatus:
    """A person's progress in a course; `enrolment` is None before the first step."""

    outline: Outline
    enrolment: EnrolmentSummary | None
    test: TestStatus | None
    cases: Mapping[str, CaseStatus]

    @property
    def asks(self) -> domain.CourseRequirements:
        """Return the requirements of the course as the rules of `domain` need them."""
        return asks(self.outline)

    @property
    def later(self) -> DelayedQuestionsStatus | None:
        """Return the state of the delayed questions, or None if there are none for the person."""
        return self.test.later if self.test is not None and self.outline.facts.retention is not None else None

    def asked_since(self, today: date) -> date | None:
        """Return the UTC day since which delayed questions are due, or None if they are not."""
        return retention_due_since(self.outline, self.later, today)

    @property
    def standing(self) -> CourseProgress:
        """Return the person's progress as the rules of `domain` need it."""
        finished = frozenset(name for name, case in self.cases.items() if case.finished_at is not None)
        passed = self.test is not None and self.test.passed
        enrolment = self.enrolment
        if enrolment is None:
            return CourseProgress(finished_cases=finished, test_passed=passed)
        return CourseProgress(enrolment.lessons, enrolment.last_lesson, finished, passed, enrolment.seconds)


def asks(outline: Outline) -> domain.CourseRequirements:
    """Return the requirements of a course as the rules of `domain` need them."""
    facts = outline.facts
    return domain.CourseRequirements(facts.lessons, tuple(outline.cases), facts.test is not None)


def retention_due_since(outline: Outline, later: DelayedQuestionsStatus | None, today: date) -> date | None:
    """Return the UTC day since which delayed questions are due, by the months of the version read, or None."""
    rules = outline.facts.retention
    if rules is None or later is None or not later.waits(rules.months, today):
        return None
    return opens_on(later.passed_at, rules.months)


@dataclass(frozen=True, slots=True)
class CompletionCell:
    """The counters of a cell on a day; an axis that is not split has None as the course, "" as country or role."""

    course_id: UUID | None
    country: str
    role: str
    counts: CompletionCounts


@dataclass(frozen=True, slots=True)
class InvitedCell:
    """Invitations that are open, or expired or bounced in the last 90 days; `bounced` is a part of `invited`."""

    country: str
    role: str
    invited: int
    bounced: int


@dataclass(frozen=True, slots=True)
class CourseState:
    """The state of an officer in a course on a day; `problem` says why an assignment cannot be met.

    `due_on` None: not due. `late_since` is the first day overdue, None if not overdue.
    """

    person_id: UUID
    course_id: UUID
    state: CompletionState | None
    flags: frozenset[CompletionFlag]
    source: AssignmentSource
    source_id: UUID | None
    assigned_on: date | None
    due_on: date | None
    begun_on: date | None
    last_step_on: date | None
    completed_on: date | None
    exempt_until: date | None
    problem: AssignmentProblem | None
    cycle: int = 1
    recorded: bool = False  # completed elsewhere

    @property
    def late_since(self) -> date | None:
        """Return the first day on which the officer was overdue, None if the officer is not overdue."""
        overdue = CompletionFlag.OVERDUE in self.flags and self.due_on is not None
        return self.due_on + timedelta(days=1) if overdue and self.due_on is not None else None


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A valid record of a completion elsewhere."""

    id: UUID
    person_id: UUID
    course_id: UUID
    completed_on: date
    proof: CompletionProof
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerCoursesFilter:
    """Which officers of a country a page lists; `people` None: all, else those of a supervisor.

    `states` keeps officers who have one of these states or flags in one of the courses (empty: all courses).
    """

    country: str
    people: Collection[UUID] | None = None
    courses: Collection[UUID] = ()
    role: str = ""
    states: Collection[CompletionState | CompletionFlag] = ()


@dataclass(frozen=True, slots=True)
class OfficerCourses:
    """A row of the matrix: an officer of the own country with the states in the courses by course id."""

    person_id: UUID
    alias: str
    agency: str
    roles: tuple[str, ...]
    courses: Mapping[UUID, CourseState]


@dataclass(frozen=True, slots=True)
class OfficerCoursesPage:
    """A page of officers; `total` counts all pages, `after` is the alias that the next page begins after, or None."""

    rows: tuple[OfficerCourses, ...]
    total: int
    after: str | None


@dataclass(frozen=True, slots=True)
class LateCell:
    """A cell of the late list: counts of officers, and the first day on which one of them was overdue.

    `chased` are those about whom others act next: overdue by more than 7 days, waiting, or without a step for 35 days.
    `due` are all whose date has come, also those who have completed the course.
    """

    country: str
    course_id: UUID
    overdue: int
    stalled: int
    waiting: int
    chased: int
    due: int
    since: date | None


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """A requirement of a course; `role` "" is every role, `countries` () every country.

    `due_on` is the fixed date, `due_days` the days after joining; one of them is None. `renew_months` None: never.
    `assigned_from` is the first day of the requirement whose date this row changed.
    """

    id: UUID
    course_id: UUID
    role: str
    countries: tuple[str, ...]
    due_on: date | None
    due_days: int | None
    renew_months: int | None
    assigned_from: date
    starts: date
    ends: date | None
    reason: str
    set_by: UUID
    agreed_by: UUID | None
    state: RequirementState
    replaces_id: UUID | None

    @property
    def country(self) -> str:
        """Return the only country of the requirement, or "" if it is for several or all."""
        return self.countries[0] if len(self.countries) == 1 else ""


@dataclass(frozen=True, slots=True)
class RequirementEffect:
    """What a requirement does when it is agreed: officers due, countries, and those with a later date of their own."""

    officers: int
    countries: int
    late_joiners: int  # due later than the fixed date: 30 days after they were assigned


@dataclass(frozen=True, slots=True)
class ExemptionLine:
    """An exemption of an officer from a course, or a later date (`until`); `agreed_by` None: waits or needs none."""

    id: UUID
    person_id: UUID
    course_id: UUID
    country: str
    kind: ExemptionKind
    reason: ExemptionReason
    note: str
    since: date | None
    until: date
    set_by: UUID
    set_on: date
    agreed_by: UUID | None
    state: ExemptionState


@dataclass(frozen=True, slots=True)
class ExceptionCount:
    """How many assignments of a course in a country cannot be met, and why."""

    problem: AssignmentProblem
    course_id: UUID
    country: str
    officers: int


@dataclass(frozen=True, slots=True)
class RecalculationProgress:
    """A recalculation that a job carries out; until it is done, pages show the old state."""

    course_id: UUID
    done: int
    total: int
