"""The retention of a course from the records of the plan's indicator."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.catalogue.domain.result_filters import ResultFilter
from app.db.session import db, transaction
from app.plan.queries.course_results import CourseRetention, retention
from app.plan.service import store
from app.plan.service.store import ContributionKey, ContributionValue
from tests.support import factories, plans as it

COURSE, VERSION, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
CODE = "OC1.3"


@pytest.fixture(autouse=True)
def rule(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(it.RULES, CODE, ("retained_share", "percent", "after_months = 6"))


def _record(thing: str, retained: float = 0.0, *, day: int = 0, version: UUID = VERSION) -> UUID:
    person_id = factories.person()
    key = ContributionKey(CODE, 1, person_id, f"{thing}:{version}", it.TODAY + timedelta(day))
    with transaction():
        store.replace({}, {key: ContributionValue(None, "IQ", "police", "investigator", retained, 1.0, person_id)})
    return person_id


def _retention(**selected: object) -> CourseRetention | None:
    chosen = ResultFilter(course_id=COURSE, **selected)  # type: ignore[arg-type]
    result = retention(chosen, [VERSION], it.TODAY)
    db.session.rollback()
    return result


def test_plan_without_the_indicator_has_no_retention() -> None:
    it.load(it.indicator("OP2.1"))
    assert _retention() is None


@pytest.mark.each_database
def test_retention_counts_asked_answered_and_retained() -> None:
    it.load(it.indicator(CODE))
    assert _retention() == CourseRetention(0, 0, 0)
    hidden = _record("retained", 1.0, day=-40)
    _record("retained", 0.0, day=-2)
    _record("unanswered", day=-2)
    _record("retained", 1.0, day=1)  # after today
    _record("retained", 1.0, version=OTHER)
    assert _retention() == CourseRetention(3, 2, 1)
    assert _retention(without=frozenset({hidden})) == CourseRetention(2, 1, 0)
    begins = datetime.combine(it.TODAY - timedelta(9), time(), UTC)
    assert _retention(begins=begins) == CourseRetention(2, 1, 0)
    assert _retention(ends=begins) == CourseRetention(1, 1, 1)
