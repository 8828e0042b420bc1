"""Figures of the learners of a course for its results: counted now, or as the job of each night stored them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.catalogue.domain.result_filters import ResultFilter
from app.catalogue.shapes import Outline
from app.db.session import db
from app.identity.queries import postings
from app.kernel.shapes import ready
from app.learning.queries import results as learning
from app.learning.queries.results import CourseCounts, LessonCounts
from app.plan.domain.cells import published_day
from app.plan.domain.result_rules import FEWEST_ITEMS
from app.plan.queries import course_results as plan
from app.plan.queries.course_results import CourseRetention
from app.quizzes.domain.statistics import histogram_median
from app.quizzes.queries import course_sums, gains
from app.quizzes.queries.gains import CourseGain
from app.scenarios import queries as scenarios
from app.scenarios.queries import CaseResult
from app.studio.models import StoredResult


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerFigures:
    """Figures of a course; also stored as JSON: never rename a field. None: not known, or not asked in the course.

    `countries` counts all learners up to `countries_on`, a quarter end, by country, and is never filtered.
    """

    counts: CourseCounts
    countries_on: date
    lessons: Mapping[str, LessonCounts] = field(default_factory=dict)
    days: float | None = None
    gain: CourseGain | None = None
    retention: CourseRetention | None = None
    cases: Sequence[CaseResult] = ()
    countries: Mapping[str, CourseCounts] = field(default_factory=dict)


ready(LearnerFigures)


def figures(outline: Outline, selected: ResultFilter, versions: Collection[UUID], now: datetime) -> LearnerFigures:
    """Return the stored figures of a course with these published versions, or count them now: filtered, or before."""
    before = stored(outline, selected.without)
    if before is None or selected.is_limited:
        return counted(outline, selected, versions, now, before)
    return before


def stored(outline: Outline, without: Collection[UUID]) -> LearnerFigures | None:
    """Return the stored figures of a published version without these people, None if they were not counted yet."""
    query = select(StoredResult.body).where(
        StoredResult.course_id == outline.course_id,
        StoredResult.version_id == outline.version_id,
        StoredResult.left_out == course_sums.left_out_hash(without),
    )
    body = db.session.scalar(query)
    return None if body is None else msgspec.json.decode(body, type=LearnerFigures)


def counted(
    outline: Outline,
    selected: ResultFilter,
    versions: Collection[UUID],
    now: datetime,
    fixed: LearnerFigures | None = None,
) -> LearnerFigures:
    """Count the figures of a course with these published versions now; `fixed` has the table by country already."""
    facts, day = outline.facts, fixed.countries_on if fixed else published_day(now.date())
    of_versions = versions if selected.version_id is None else [selected.version_id]
    pretested = gains.people_with_pretest(outline.course_id)
    first_lessons = learning.first_lesson_times(outline.course_id, pretested)
    return LearnerFigures(
        counts=learning.course_counts(selected),
        lessons=learning.lesson_counts(selected, now),
        days=histogram_median(learning.days_to_complete(selected)),
        gain=gains.course_gain(selected, first_lessons, fewest=FEWEST_ITEMS) if facts.pretest and facts.test else None,
        retention=plan.retention(selected, of_versions, now.date()) if facts.retention else None,
        cases=tuple(scenarios.first_run_results(selected)),
        countries=fixed.countries if fixed else _by_country(outline.course_id, day, selected.without),
        countries_on=day,
    )


def _by_country(course_id: UUID, day: date, without: Collection[UUID]) -> Mapping[str, CourseCounts]:
    until = datetime.combine(day + timedelta(1), time(), UTC)
    return learning.course_counts_by_country(course_id, postings.serving(day), until, without=without)
