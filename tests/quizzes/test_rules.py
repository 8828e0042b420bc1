from datetime import UTC, datetime, timedelta

import pytest

from app.access.policy import Sensitivity
from app.catalogue.domain.courses import CourseFacts, CourseTest, Draw, LessonEntry, Pretest, Retention
from app.catalogue.domain.items import Item, ItemForm
from app.kernel.errors import DomainError
from app.quizzes.domain import rules
from app.quizzes.domain.attempts import Purpose, RetakeRule
from tests.quizzes import banks

DRAW = (Draw("A-01", 4), Draw("B-01", 4))


def course(**more: object) -> CourseFacts:
    facts = {"test": CourseTest(DRAW, attempts=2, wait_hours=12, minutes=30), "pretest": Pretest(4)} | more
    return CourseFacts("M01", "en", Sensitivity.UNRESTRICTED, 1, "CC-BY-4.0", **facts)  # type: ignore[arg-type]


def test_only_the_test_is_taken_again_and_has_a_limit_of_time() -> None:
    assert rules.rule(course(), Purpose.TEST) == RetakeRule(2, timedelta(hours=12))
    assert rules.rule(course(), Purpose.PRETEST) == RetakeRule(1)
    assert [rules.minutes(course(), purpose) for purpose in (Purpose.TEST, Purpose.PRETEST)] == [30, 0]


def test_the_questions_before_are_the_test_made_small() -> None:
    assert rules.blueprint(course(), Purpose.TEST) == DRAW
    assert rules.blueprint(course(), Purpose.PRETEST) == (Draw("A-01", 2), Draw("B-01", 2))


def test_the_questions_after_come_once_some_months_on() -> None:
    asks = course(retention=Retention(2, months=3))
    at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert rules.blueprint(asks, Purpose.RETENTION) == (Draw("A-01", 1), Draw("B-01", 1))
    assert rules.rule_after(asks, at) == RetakeRule(1, opens_at=datetime(2027, 6, 1, tzinfo=UTC))
    assert rules.minutes(asks, Purpose.RETENTION) == 0
    with pytest.raises(DomainError):
        rules.rule_after(course(), at)


def test_each_purpose_has_its_form() -> None:
    assert rules.FORMS == {Purpose.PRETEST: ItemForm.A, Purpose.TEST: ItemForm.B, Purpose.RETENTION: ItemForm.A}


@pytest.mark.parametrize(
    ("facts", "purpose"),
    [({"test": None}, Purpose.TEST), ({"pretest": None}, Purpose.PRETEST), ({}, Purpose.RETENTION)],
)
def test_blueprint_raises_error_for_a_missing_paper(facts: dict[str, None], purpose: Purpose) -> None:
    with pytest.raises(DomainError):
        rules.blueprint(course(**facts), purpose)


def test_retired_items_and_open_questions_are_not_drawn() -> None:
    retired = Item("M01-Q02", banks.SINGLE.kind, "A-01", "Stem", banks.SINGLE.answers)
    drawable = rules.drawable_items(course(retired=("M01-Q02",)), [banks.SINGLE, retired, banks.OPEN, banks.MATCH])
    assert drawable == (banks.SINGLE, banks.MATCH)


def test_lessons_are_grouped_by_competency_in_course_order() -> None:
    lessons = (LessonEntry("one", 5, ("A-01",)), LessonEntry("two", 5, ("A-01", "B-01")))
    assert rules.lessons_of(course(lessons=lessons)) == {"A-01": ("one", "two"), "B-01": ("two",)}
