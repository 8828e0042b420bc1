"""Results of cases for trainers: first finished runs only, within a filter."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.catalogue.domain.result_filters import ResultFilter
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.scenarios import queries
from app.scenarios.models import Playthrough
from app.scenarios.queries import CaseResult
from tests.support import courses, factories
from tests.support.settings import NOW


@pytest.fixture
def outline(context: Flask) -> Outline:
    return courses.publish().outline


def _run(outline: Outline, person_id: UUID, *, at: datetime | None = NOW, **row: object) -> None:
    values = {"name": "quay", "number": 1, "language": "en", "misses": 0, "false_alarms": 0} | row
    with transaction():
        db.session.add(
            Playthrough(
                person_id=person_id,
                course_id=outline.course_id,
                version_id=outline.version_id,
                started_at=NOW,
                finished_at=at,
                share=None if at is None else 1.0,
                **values,
            )
        )


def _results(outline: Outline, **selected: object) -> list[CaseResult]:
    chosen = ResultFilter(course_id=outline.course_id, **selected)  # type: ignore[arg-type]
    return queries.first_run_results(chosen)


@pytest.mark.each_database
def test_first_finished_run_of_each_case_counts(outline: Outline) -> None:
    first, second = factories.person(), factories.person()
    _run(outline, first, misses=2)
    _run(outline, first, number=2, at=NOW + timedelta(days=1), false_alarms=1)
    _run(outline, second, false_alarms=3)
    _run(outline, second, name="harbour")
    _run(outline, factories.person(), at=None)
    assert _results(outline) == [CaseResult("harbour", 1, 0, 0), CaseResult("quay", 2, 1, 1)]


def test_second_run_does_not_count_where_the_first_is_filtered_out(outline: Outline) -> None:
    person_id = factories.person()
    _run(outline, person_id, misses=1)
    _run(outline, person_id, number=2, at=NOW + timedelta(days=40))
    assert _results(outline, begins=NOW + timedelta(days=1)) == []
    assert _results(outline, ends=NOW + timedelta(days=1)) == [CaseResult("quay", 1, 1, 0)]
    for selected in ({"language": "ar"}, {"version_id": UUID(int=1)}, {"without": frozenset({person_id})}):
        assert _results(outline, **selected) == []
