"""Load the input of `result_rules` and `content_rules`: attempts, cases, scores of assessors, content, incidents."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.queries.versions import ContentLine
from app.checks.queries import products
from app.learning.queries import progress as learning
from app.plan.domain.result_records import (
    AssessorScore,
    AttemptResult,
    ContentEdition,
    ContentItem,
    CourseAttempts,
    CourseContent,
    EventScores,
    FinishedCase,
    IncidentList,
    IncidentSpan,
    OfficerCases,
    OfficerResults,
)
from app.plan.domain.spans import PostingInterval, served_on
from app.quizzes.queries import results as quizzes
from app.quizzes.queries.results import ResultLine
from app.scenarios import queries as scenarios
from app.scenarios.queries import FinishedRun
from app.sign_in.domain import IncidentReason
from app.sign_in.queries import incidents as sign_in
from app.workshops.queries import participants

Postings = Mapping[UUID, tuple[PostingInterval, ...]]
ACADEMY = UUID("8f0a5f8e-6d1f-5c0e-9c5f-0d6f3b1f7a10")  # the one subject of incidents


def results(people: Collection[UUID], postings: Postings) -> Mapping[UUID, OfficerResults]:
    """Return the results of these people in tests, pre-tests and delayed questions, by course."""
    first_lessons = learning.first_lessons(people)
    lines: dict[tuple[UUID, UUID], list[ResultLine]] = {}
    for line in quizzes.results_of(people):
        lines.setdefault((line.person_id, line.course_id), []).append(line)
    courses: dict[UUID, list[CourseAttempts]] = {}
    for (person_id, course_id), attempts in lines.items():
        code = catalogue.outline(attempts[-1].version_id).code
        own = CourseAttempts(code, first_lessons.get((person_id, course_id)), tuple(map(_attempt, attempts)))
        courses.setdefault(person_id, []).append(own)
    return {
        person_id: OfficerResults(person_id, postings.get(person_id, ()), tuple(courses.get(person_id, ())))
        for person_id in people
    }


def _attempt(line: ResultLine) -> AttemptResult:
    retention = catalogue.outline(line.version_id).facts.retention
    return AttemptResult(
        version_id=line.version_id,
        purpose=line.purpose,
        started_at=line.started_at,
        ended_at=line.ended_at,
        handed_in=line.handed_in,
        score=line.score,
        passed=line.passed,
        items=line.items,
        questions=line.questions,
        months=retention.months if retention else 0,
    )


def cases(people: Collection[UUID], postings: Postings) -> Mapping[UUID, OfficerCases]:
    """Return the finished cases of these people, with the truth of the version that was played."""
    runs: dict[UUID, list[FinishedCase]] = {}
    for run in scenarios.finished_runs(people):
        runs.setdefault(run.person_id, []).append(_case(run))
    return {
        person_id: OfficerCases(person_id, postings.get(person_id, ()), tuple(runs.get(person_id, ())))
        for person_id in people
    }


def _case(run: FinishedRun) -> FinishedCase:
    outline = catalogue.outline(run.version_id)
    scenario = catalogue.case(run.version_id, run.name, outline.facts.source_language).scenario
    return FinishedCase(
        outline.code, run.name, scenario.truth, run.number, run.finished_at, run.misses, run.false_alarms
    )


def scores(workshop_id: UUID, served: Callable[[Collection[UUID]], Postings]) -> EventScores:
    """Return the scores of an event whose competency has a rubric; `served` reads the postings of people."""
    lines = participants.scores_of_event(workshop_id)
    postings = served({line.person_id for line in lines}) if lines else {}
    marks = {key: _mark(*key) for key in {(line.competency, line.level) for line in lines}}
    return EventScores(
        tuple(
            AssessorScore(
                booking_id=line.booking_id,
                person_id=line.person_id,
                competency=line.competency,
                level=str(line.level),
                assessor_id=line.assessor_id,
                number=line.number,
                scored_at=line.scored_at,
                score=line.score,
                pass_mark=pass_mark,
                served=served_on(postings.get(line.person_id, ()), line.scored_at.date()),
            )
            for line in lines
            if (pass_mark := marks[line.competency, line.level]) is not None
        )
    )


def product_scores(product_id: UUID, served: Callable[[Collection[UUID]], Postings]) -> EventScores:
    """Return the scores of a desk task by two assessors; a product is a result of its own, as a booking is."""
    lines = products.scores_of_products([product_id])
    postings = served({line.person_id for line in lines}) if lines else {}
    return EventScores(
        tuple(
            AssessorScore(
                booking_id=line.product_id,
                person_id=line.person_id,
                competency=line.competency,
                level=str(line.level),
                assessor_id=line.assessor_id,
                number=1,
                scored_at=line.submitted_at,
                score=line.ratio,
                pass_mark=pass_mark,
                served=served_on(postings.get(line.person_id, ()), line.submitted_at.date()),
            )
            for line in lines
            if (pass_mark := _mark(line.competency, line.level)) is not None
        )
    )


def _mark(competency: str, level: Level) -> float | None:
    rubrics = catalogue.rubrics()
    rubric = rubrics.get(competency, level) if rubrics else None
    return None if rubric is None else rubric.mark


def contents(courses: Collection[UUID]) -> Mapping[UUID, CourseContent]:
    """Return the published versions of these courses with their items."""
    return {
        course_id: CourseContent(
            course_id,
            tuple(
                ContentEdition(
                    number=edition.outline.number,
                    published=edition.published_on,
                    replaced=replaced,
                    items=tuple(map(_item, versions.content_of(edition.outline.version_id))),
                )
                for edition, replaced in zip(
                    published, [*(edition.published_on for edition in published[1:]), None], strict=True
                )
            ),
        )
        for course_id, published in versions.editions(courses).items()
    }


def _item(line: ContentLine) -> ContentItem:
    # the sensitivity mark is that of the course, without which no course is taken over
    return ContentItem(f"{line.kind}:{line.name}", marked=True, licensed=line.licensed, sourced=line.sourced)


def incident_list() -> IncidentList:
    """Return all incidents with the period of the plan; without a plan, none of them counts."""
    plan = catalogue.plan()
    head = plan.head if plan else None
    starts, ends = (head.period.starts, head.period.ends) if head else (date.max, date.max)
    spans = [
        IncidentSpan(
            id=line.id,
            begun=line.begun_at.date(),
            ended=_day(line.ended_at),
            drill=line.reason is IncidentReason.DRILL,
            severe=line.reason is IncidentReason.LEAK,
        )
        for line in sign_in.all_incidents()
    ]
    return IncidentList(starts, ends, tuple(spans))


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()
