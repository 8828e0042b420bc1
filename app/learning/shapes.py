"""Frozen values of a person's progress in a course; the public interface for `home`, `workshops` and others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.catalogue.shapes import Outline
from app.learning import domain
from app.learning.domain import CourseProgress, EnrolmentState, LessonState
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
