"""Load the input of `domain.rules` from its packages: catalogue, learning, competence, workshops, actions."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Date, func, select

from app.catalogue.domain.courses import Reviewer
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.queries.versions import Edition as Published
from app.checks.queries import products, watching
from app.competence.queries import competencies as competence
from app.db.session import db
from app.identity.queries import postings as accounts
from app.identity.queries.postings import PostingSpan
from app.learning.queries import learning_days, progress as learning
from app.learning.queries.progress import EnrolmentLine
from app.plan.domain.observations import ObservationState
from app.plan.domain.records import (
    OF_EVENTS,
    PEOPLE,
    ActionPoint,
    Active,
    ApprovedFigure,
    CompetencyPeriod,
    CourseEdition,
    Enrolled,
    Happened,
    Learner,
    Module,
    OfficerRecord,
    RecordSource,
    SessionAttendance,
    Sessions,
    WatchedDay,
)
from app.plan.domain.result_records import EventScores
from app.plan.domain.spans import FOREVER, PostingInterval, served_on
from app.plan.models import Observation
from app.plan.queries import event_sources, result_sources
from app.ports import ports
from app.workshops.queries import attendance, workshops

Postings = Mapping[UUID, tuple[PostingInterval, ...]]
PAGE = 500


def served(people: Collection[UUID]) -> Postings:
    """Return the postings of these people."""
    return {person_id: _served(spans) for person_id, spans in accounts.postings(people).items()}


def lock_person(person_id: UUID) -> Postings:
    """Lock the row of a person, before other locks as in other packages, and return the postings."""
    return {person_id: _served(accounts.lock(person_id))}


def records_of(
    source: RecordSource, subjects: Collection[UUID], postings: Postings | None = None
) -> Mapping[UUID, Any]:
    """Return the records of these subjects by id; `postings` of people are read if they are not passed."""
    if source in PEOPLE:
        return _of_people(source, subjects, postings)
    return _OTHERS[source](subjects)


def _of_people(source: RecordSource, people: Collection[UUID], postings: Postings | None) -> Mapping[UUID, Any]:
    return _PEOPLE[source](people, served(people) if postings is None else postings)


def pages(source: RecordSource) -> Iterator[list[UUID]]:
    """Yield all subjects of a source in pages of 500, one query for each page."""
    read = _page_reader(source)
    after = None
    while page := read(after, PAGE):
        yield page
        after = page[-1]


def _page_reader(source: RecordSource) -> Callable[[UUID | None, int], list[UUID]]:
    """Return the function that reads a page of the subjects of a source: those after an id, at most so many."""
    if source in PEOPLE:
        return accounts.posting_page
    if source is RecordSource.ACTIONS:
        return ports().meeting_action_ids
    return partial(_page, _SUBJECTS[source]())


def _observations() -> list[UUID]:
    return list(db.session.scalars(select(Observation.id).order_by(Observation.id)))


_SUBJECTS: Mapping[RecordSource, Callable[[], list[UUID]]] = {
    RecordSource.COURSE: versions.course_ids,
    RecordSource.CONTENT: versions.course_ids,
    RecordSource.INCIDENTS: lambda: [result_sources.ACADEMY],
    **dict.fromkeys(OF_EVENTS, workshops.ids),
    RecordSource.ASSESSMENTS: lambda: [*workshops.ids(), *products.double_marked()],
    RecordSource.OBSERVATION: _observations,
}


def is_module(published: Published | UUID) -> bool:
    """Return whether a version teaches competencies: a guide and a collection of desk tasks do not count."""
    outline = catalogue.outline(published) if isinstance(published, UUID) else published.outline
    return bool(outline.facts.competencies) and not outline.facts.collection


def _page(ids: list[UUID], after: UUID | None, size: int) -> list[UUID]:
    start = 0 if after is None else ids.index(after) + 1
    return ids[start : start + size]


def _served(spans: Collection[PostingSpan]) -> tuple[PostingInterval, ...]:
    return tuple(
        PostingInterval(
            span.country, str(span.agency_kind), span.roles, span.since, FOREVER if span.until is None else span.until
        )
        for span in spans
    )


def _learners(people: Collection[UUID], postings: Postings) -> Mapping[UUID, Learner]:
    begun = learning.enrolments(people)
    return {
        person_id: Learner(
            person_id, postings.get(person_id, ()), tuple(_enrolled(line) for line in begun.get(person_id, ()))
        )
        for person_id in people
    }


def _enrolled(line: EnrolmentLine) -> Enrolled:
    return Enrolled(line.id, is_module(line.version_id), line.begun_on, line.completed_on)


def _active(people: Collection[UUID], postings: Postings) -> Mapping[UUID, Active]:
    deeds = learning_days.learning_days(people)
    return {
        person_id: Active(
            person_id, postings.get(person_id, ()), tuple(sorted({deed.day for deed in deeds.get(person_id, ())}))
        )
        for person_id in people
    }


def _officers(people: Collection[UUID], postings: Postings) -> Mapping[UUID, OfficerRecord]:
    periods, required, watched = competence.periods(people), required_levels(), watching.watched_days(people)
    return {
        person_id: OfficerRecord(
            person_id,
            postings.get(person_id, ()),
            tuple(
                CompetencyPeriod(span.competency, span.level, span.since, span.until)
                for span in periods.get(person_id, ())
            ),
            required,
            tuple(
                WatchedDay(line.piece.competency, line.piece.level, line.piece.day, line.own_chain_alone)
                for line in watched.get(person_id, ())
            ),
        )
        for person_id in people
    }


def required_levels() -> Mapping[str, Mapping[str, Level]]:
    """Return the levels that each role of the framework requires, by competency."""
    framework = catalogue.competencies()
    return {} if framework is None else {role.id: framework.required_of(role.id) for role in framework.roles}


_PEOPLE: Mapping[RecordSource, Callable[[Collection[UUID], Postings], Mapping[UUID, Any]]] = {
    RecordSource.ENROLMENTS: _learners,
    RecordSource.ACTIVITY: _active,
    RecordSource.STANDING: _officers,
    RecordSource.RESULTS: result_sources.results,
    RecordSource.CASES: result_sources.cases,
}


def _modules(courses: Collection[UUID]) -> Mapping[UUID, Module]:
    modules = {}
    for course_id, published in versions.editions(courses).items():
        following = [*(edition.published_on for edition in published[1:]), None]
        modules[course_id] = Module(
            course_id,
            tuple(
                CourseEdition(
                    number=edition.outline.number,
                    published=edition.published_on,
                    replaced=replaced,
                    checked=edition.outline.facts.checked_on,
                    languages=edition.read | _source_language(edition),
                )
                for edition, replaced in zip(published, following, strict=True)
                if is_module(edition)
            ),
        )
    return modules


def _source_language(published: Published) -> frozenset[str]:
    """Return the language the course was written in, if a practitioner has read the course."""
    facts = published.outline.facts
    read = any(review.by is Reviewer.PRACTITIONER for review in facts.reviews)
    return frozenset({facts.source_language} if read else ())


def _event(workshop_id: UUID) -> Happened:
    line = workshops.event_for_plan(workshop_id)
    return Happened(str(line.kind), line.host_country, line.closed_on)


def _sessions(workshop_id: UUID) -> Sessions:
    lines = attendance.sessions_attended(workshop_id)
    postings = served({line.person_id for line in lines})
    return Sessions(
        tuple(
            SessionAttendance(
                session_id=line.session_id,
                day=line.session_day,
                person_id=line.person_id,
                came=line.attended,
                served=served_on(postings.get(line.person_id, ()), line.session_day),
            )
            for line in lines
        ),
    )


def _reported(observations: Collection[UUID]) -> Mapping[UUID, ApprovedFigure]:
    order = (Observation.day, Observation.approved_at, Observation.id)
    same = (Observation.code, Observation.country)
    followed = func.lead(Observation.day, type_=Date).over(partition_by=same, order_by=order)
    approved = (
        select(Observation.id, Observation.code, Observation.country, Observation.day, Observation.value, followed)
        .where(Observation.state == ObservationState.APPROVED)
        .subquery()
    )
    rows = db.session.execute(select(approved).where(approved.c.id.in_(observations)))
    return {row[0]: ApprovedFigure(*row) for row in rows}


def agreed_actions(actions: Collection[UUID]) -> Mapping[UUID, ActionPoint]:
    """Return the actions agreed at meetings, of these ids."""
    return {
        action.id: ActionPoint(action.id, action.country, action.meeting_on, action.first_due_on, action.done_on)
        for action in ports().meeting_actions(actions)
    }


def _each(read: Callable[[UUID], Any]) -> Callable[[Collection[UUID]], Mapping[UUID, Any]]:
    """Return a function that reads the record of each subject."""
    return lambda subjects: {subject: read(subject) for subject in subjects}


def assessments(subjects: Collection[UUID]) -> Mapping[UUID, EventScores]:
    """Return the scores of events, and of desk tasks that two assessors marked."""
    of_events = {subject: result_sources.scores(subject, served) for subject in subjects}
    return {
        subject: scored if scored.scores else result_sources.product_scores(subject, served)
        for subject, scored in of_events.items()
    }


_OTHERS: Mapping[RecordSource, Callable[[Collection[UUID]], Mapping[UUID, Any]]] = {
    RecordSource.COURSE: _modules,
    RecordSource.EVENT: _each(_event),
    RecordSource.ATTENDANCE: _each(_sessions),
    RecordSource.OBSERVATION: _reported,
    RecordSource.ASSESSMENTS: assessments,
    RecordSource.CONTENT: result_sources.contents,
    RecordSource.ACTIONS: agreed_actions,
    RecordSource.EVALUATIONS: _each(event_sources.evaluation),
    RecordSource.FOLLOW_UPS: _each(lambda subject: event_sources.follow_up(subject, served)),
    RecordSource.COMMITMENTS: _each(lambda subject: event_sources.commitments(subject, served)),
    RecordSource.SEATS: _each(lambda subject: event_sources.seats(subject, served)),
    RecordSource.INCIDENTS: _each(lambda _subject: result_sources.incident_list()),
}
