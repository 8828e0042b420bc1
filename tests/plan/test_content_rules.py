"""Content with mark, licence and source, security incidents, agreed actions: hand-made records, no database."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.plan.domain.content_rules import content_marked, incidents, median_days
from app.plan.domain.contributions import ContributionPeriod
from app.plan.domain.records import ActionPoint
from app.plan.domain.result_records import ContentEdition, ContentItem, CourseContent, IncidentList, IncidentSpan
from app.plan.domain.rules import action_points_on_time

COURSE = UUID(int=1)
D = date(2027, 3, 1)
STARTS, ENDS = date(2027, 1, 1), date(2029, 12, 31)
WHOLE = ContentItem("lesson:first", marked=True, licensed=True, sourced=True)


def edition(number: int, published: date, replaced: date | None, *items: ContentItem) -> ContentEdition:
    return ContentEdition(number, published, replaced, items)


def test_items_of_a_version_count_until_it_is_replaced() -> None:
    half = replace(WHOLE, sourced=False)
    course = CourseContent(
        COURSE, (edition(1, D, D + timedelta(9), WHOLE, half), edition(2, D + timedelta(9), None, WHOLE))
    )
    assert content_marked(course, {}) == [
        ContributionPeriod(thing="content:1", since=D, until=D + timedelta(8), numerator=1, denominator=2),
        ContributionPeriod(thing="content:2", since=D + timedelta(9), numerator=1, denominator=1),
    ]


@pytest.mark.parametrize("missing", ["marked", "licensed", "sourced"])
def test_an_item_counts_with_mark_licence_and_source_only(missing: str) -> None:
    lacking = replace(WHOLE, **{missing: False})  # type: ignore[arg-type]
    [span] = content_marked(CourseContent(COURSE, (edition(1, D, None, WHOLE, lacking),)), {})
    assert (span.numerator, span.denominator) == (1, 2)


def test_version_without_items_or_replaced_on_its_day_does_not_count() -> None:
    course = CourseContent(COURSE, (edition(1, D, None), edition(2, D, D, WHOLE)))
    assert content_marked(course, {}) == []


def incident(number: int, begun: date, days: int | None = 2, *, drill: bool = False) -> IncidentSpan:
    ended = None if days is None else begun + timedelta(days)
    return IncidentSpan(UUID(int=number), begun, ended, drill, severe=False)


def listed(*spans: IncidentSpan) -> IncidentList:
    return IncidentList(STARTS, ENDS, spans)


def test_incident_counts_from_its_first_day_to_the_end_of_the_plan() -> None:
    [span] = incidents(listed(incident(7, D)), {})
    assert (span.thing, span.since, span.until) == (f"incident:{UUID(int=7)}", D, ENDS)
    assert (span.numerator, span.denominator, span.country) == (1, 0, "")


def test_drill_and_incident_outside_the_plan_do_not_count() -> None:
    others = listed(incident(1, D, drill=True), incident(2, STARTS - timedelta(1)), incident(3, ENDS + timedelta(1)))
    assert incidents(others, {}) == []
    assert median_days(others, ENDS + timedelta(90)) is None


def test_median_time_is_of_incidents_ended_by_the_day() -> None:
    spans = listed(incident(1, D, 1), incident(2, D, 3), incident(3, D, 10), incident(4, D, None))
    assert median_days(spans, D) is None
    assert median_days(spans, D + timedelta(3)) == 2
    assert median_days(spans, D + timedelta(10)) == 3


def action(done: int | None, *, due: int = 10) -> ActionPoint:
    """Return an action that was agreed on D; days count from there."""
    done_on = None if done is None else D + timedelta(done)
    return ActionPoint(UUID(int=4), "IQ", D, D + timedelta(due), done_on)


@pytest.mark.parametrize(
    ("done", "since", "numerator"),
    [(0, 0, 1), (9, 9, 1), (10, 10, 1), (11, 10, 0), (300, 10, 0), (None, 10, 0)],
)
def test_action_counts_once_due_or_done_by_its_first_date(done: int | None, since: int, numerator: int) -> None:
    [span] = action_points_on_time(action(done), {})
    assert (span.since, span.until, span.numerator, span.denominator) == (D + timedelta(since), None, numerator, 1)
    assert (span.thing, span.country, span.person_id) == ("action", "IQ", None)


def test_action_due_on_the_day_of_the_meeting_counts_from_that_day() -> None:
    [span] = action_points_on_time(action(None, due=0), {})
    assert (span.since, span.numerator) == (D, 0)
