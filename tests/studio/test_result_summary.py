"""Figures on top of the results of a course: numbers from 20 officers, else how many are missing."""

from dataclasses import replace

import pytest
from flask import Flask

from app.catalogue.queries import versions
from app.db.session import db
from app.kernel import clock
from app.plan.queries.course_results import CourseRetention
from app.quizzes.queries.gains import CourseGain
from app.studio.domain.result_choices import ResultChoice
from app.studio.pages.result_summary import summary
from app.studio.queries.results import CourseResults, course_results
from tests.support import studio_site


@pytest.fixture
def results(context: Flask) -> CourseResults:
    author = studio_site.author()
    result = course_results(versions.published(author.course_id), ResultChoice(), clock.now())
    db.session.rollback()
    return result


def _texts(app: Flask, results: CourseResults, **figures: object) -> dict[str, str]:
    with app.test_request_context():
        return dict(summary(replace(results, figures=replace(results.figures, **figures))))  # type: ignore[arg-type]


def test_gain_is_shown_from_twenty_officers(context: Flask, results: CourseResults) -> None:
    assert "Gain" not in _texts(context, results)
    few, enough = (CourseGain(pairs, 0.54, 0.78, 0.15) for pairs in (19, 20))
    assert _texts(context, results, gain=few)["Gain"] == "20 officers are needed; 19 so far."
    text = "Before 54%, after 78%: +24 points (20 officers, spread 15)"
    assert _texts(context, results, gain=enough)["Gain"] == text


def test_retention_is_of_officers_asked(context: Flask, results: CourseResults) -> None:
    term = "6 months later"
    few = _texts(context, results, retention=CourseRetention(19, 19, 19))
    assert few[term] == "20 officers are needed; 19 so far."
    asked = _texts(context, results, retention=CourseRetention(40, 33, 24))
    assert asked[term] == "60% retained it (33 of 40 answered)"
