"""Rules of a course for its test, pretest and delayed questions: items, number of attempts, time limit."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from app.catalogue.domain.blueprint_checks import DRAWN
from app.catalogue.domain.courses import CourseFacts, CourseTest, Draw, Feedback
from app.catalogue.domain.items import Item, ItemForm
from app.kernel.errors import DomainError
from app.quizzes.domain import delayed_questions
from app.quizzes.domain.attempts import Purpose, RetakeRule
from app.quizzes.domain.selection import scaled

FORMS = {Purpose.PRETEST: ItemForm.A, Purpose.TEST: ItemForm.B, Purpose.RETENTION: ItemForm.A}  # of drawn items
_ONCE = RetakeRule(attempts=1)
_NO_SUCH = "This course has no such questions."


def course_test(course: CourseFacts) -> CourseTest:
    """Return the rules of the test; raise DomainError for a course without one."""
    if course.test is None:
        raise DomainError("This course has no test.")
    return course.test


def rule(course: CourseFacts, purpose: Purpose) -> RetakeRule:
    """Return the retake rule of a test or pretest; only the test may be taken more than once."""
    test = course_test(course)
    return RetakeRule(test.attempts, timedelta(hours=test.wait_hours)) if purpose is Purpose.TEST else _ONCE


def rule_after(course: CourseFacts, passed_at: datetime) -> RetakeRule:
    """Return the rule of delayed questions: once, from a day; raise DomainError for a course without them."""
    if course.retention is None:
        raise DomainError(_NO_SUCH)
    return RetakeRule(attempts=1, opens_at=delayed_questions.opens_at(passed_at, course.retention.months))


def blueprint(course: CourseFacts, purpose: Purpose, *, linked: int = 0) -> tuple[Draw, ...]:
    """Return the numbers of free items to draw; raise DomainError if the course has no such questions.

    `linked` questions of papers take their part of the number of a pre-test; those of a test come on top.
    """
    test = course_test(course)
    if purpose is Purpose.TEST:
        return test.draw
    short = course.pretest if purpose is Purpose.PRETEST else course.retention
    if short is None:
        raise DomainError(_NO_SUCH)
    return scaled(test.draw, max(0, short.items - linked))


def minutes(course: CourseFacts, purpose: Purpose) -> int:
    """Return the time limit in minutes, 0 for none: only the test has one."""
    return course_test(course).minutes if purpose is Purpose.TEST else 0


def locks_answers(course: CourseFacts, purpose: Purpose) -> bool:
    """Return whether each answer of an attempt is explained after it is saved, and then locked."""
    if purpose is Purpose.PRACTICE:
        return True
    return purpose is Purpose.TEST and course_test(course).feedback is Feedback.AFTER_ANSWER


def drawable_items(course: CourseFacts, bank: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items that may be drawn: kinds that need no person for the result, retired items excluded."""
    return tuple(item for item in bank if item.kind in DRAWN and item.id not in course.retired)


def floor(course: CourseFacts, purpose: Purpose) -> Mapping[str, float]:
    """Return the least score of a competency that a test needs to be passed, whatever the whole."""
    return course_test(course).floor if purpose is Purpose.TEST else {}


def lessons_of(course: CourseFacts) -> Mapping[str, tuple[str, ...]]:
    """Return the slugs of the lessons that teach each competency, in the course's order."""
    by_competency: dict[str, tuple[str, ...]] = {}
    for lesson in course.lessons:
        for competency in lesson.competencies:
            by_competency[competency] = (*by_competency.get(competency, ()), lesson.slug)
    return by_competency
