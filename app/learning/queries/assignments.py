"""Load the facts about officers and courses from which `domain.assignments` derives assignments."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby, product
from uuid import UUID

from sqlalchemy import Date, bindparam, func, select

from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import publications
from app.catalogue.queries.publications import Publication
from app.db.session import db
from app.identity.queries import officer_facts, postings, roles
from app.identity.queries.officer_facts import OfficerFacts
from app.identity.queries.postings import PostingSpan
from app.learning.domain import LIVE, SuggestionState
from app.learning.domain.assignments import (
    AskedCourse,
    AssignmentRecord,
    CourseDates,
    ExemptionDays,
    OfficerPosting,
    RecordedDays,
    RequirementRule,
)
from app.learning.domain.completion import DAY, AssignmentSource
from app.learning.domain.cycles import LearningDates
from app.learning.domain.requirements import ExemptionState, RequirementState
from app.learning.models import CourseSuggestion, Enrolment, LessonProgress
from app.learning.models.completion import CourseSeat, Exemption, Requirement
from app.learning.queries import recorded_completions
from app.learning.queries.stored_assignments import Key
from app.quizzes import queries as quizzes
from app.scenarios import queries as scenarios

ENGLISH = "en"  # counts as a language that every officer reads


@dataclass(slots=True)
class _Deeds:
    """The days of an officer in a course, while they are collected."""

    begun_on: date | None = None
    steps: set[date] = field(default_factory=set)
    completions: set[date] = field(default_factory=set)

    def pass_again(self, day: date) -> None:
        """Add the day of a passed test if the course was completed before."""
        if self.completions and day > min(self.completions):
            self.completions.add(day)

    def dates(self) -> LearningDates:
        return LearningDates(self.begun_on, tuple(sorted(self.steps)), tuple(sorted(self.completions)))


@dataclass(frozen=True, slots=True)
class _Sources:
    """What was loaded for some people: by course, or by person and course."""

    rules: Mapping[UUID, list[RequirementRule]]
    asked: Mapping[Key, list[AskedCourse]]
    exemptions: Mapping[Key, list[ExemptionDays]]
    learning: Mapping[Key, LearningDates]
    recorded: Mapping[Key, list[RecordedDays]]
    published: Mapping[UUID, list[Publication]]
    first_published: Mapping[str, date]


def records(
    people: Collection[UUID], courses: Collection[UUID] | None, stored: Iterable[Key], today: date
) -> dict[Key, AssignmentRecord]:
    """Return the facts about these people and courses (None: all that concern them).

    People without a posting are left out, except in `stored` pairs of person and course.
    """
    rules, asked = _rules(courses), _asked(people, courses)
    learning = _learning(people, courses)
    served = postings.postings(people)
    keys = {*asked, *learning, *stored} | set(product(served, rules))
    if not keys:
        return {}
    facts = officer_facts.facts_of(people)
    published = publications.publications({course_id for _, course_id in keys})
    sources = _Sources(
        rules=rules,
        asked=asked,
        exemptions=_exemptions(people, courses),
        learning=learning,
        recorded=recorded_completions.days(people, courses),
        published=published,
        first_published=publications.first_published(_needed(published)),
    )
    spans = {person_id: [_posting(span) for span in served.get(person_id, ())] for person_id in facts}
    practitioners = _practitioners(served, today)
    by_languages: dict[tuple[UUID, frozenset[str]], CourseDates] = {}
    return {
        key: _record(key, facts[key[0]], spans[key[0]], sources, by_languages, key[0] in practitioners)
        for key in sorted(keys)
    }


def _needed(published: Mapping[UUID, list[Publication]]) -> set[str]:
    """Return the codes of the courses that the newest versions need before."""
    return {code for versions in published.values() for code in versions[-1].prerequisites}


def _record(
    key: Key,
    facts: OfficerFacts,
    spans: list[OfficerPosting],
    sources: _Sources,
    by_languages: dict[tuple[UUID, frozenset[str]], CourseDates],
    is_practitioner: bool,
) -> AssignmentRecord:
    read = (key[1], facts.languages)
    if read not in by_languages:
        by_languages[read] = _course_dates(sources.published.get(key[1], []), sources.first_published, facts.languages)
    return AssignmentRecord(
        joined_on=facts.joined_on,
        postings=spans,
        course=by_languages[read],
        requirements=sources.rules.get(key[1], ()),
        asked=sources.asked.get(key, ()),
        exemptions=sources.exemptions.get(key, ()),
        learning=sources.learning.get(key, _NOTHING),
        recorded=sources.recorded.get(key, ()),
        protected=facts.protected,
        is_practitioner=is_practitioner,
    )


def _practitioners(served: Mapping[UUID, list[PostingSpan]], today: date) -> frozenset[UUID]:
    """Return the practitioners among the people with a posting without roles, and all others."""
    without = [person_id for person_id, spans in served.items() if any(not span.roles for span in spans)]
    return frozenset(served.keys() - set(without)) | (roles.practitioners(without, today) if without else frozenset())


def _posting(span: PostingSpan) -> OfficerPosting:
    return OfficerPosting(span.since, span.until, span.country, span.roles)


def _course_dates(
    versions: list[Publication], first_published: Mapping[str, date], languages: frozenset[str]
) -> CourseDates:
    if not versions:
        return CourseDates(None, None, None)
    published_on = min(version.published_on for version in versions)
    available_on = _available_on(versions, first_published)
    breaking = tuple(version.published_on for version in versions if _restarts(version))
    return CourseDates(published_on, available_on, _readable_on(versions, languages, available_on), breaking)


def _available_on(versions: list[Publication], first_published: Mapping[str, date]) -> date | None:
    """Return since when the course and those needed before are published, or None if one of them is not."""
    needed = versions[-1].prerequisites
    if not first_published.keys() >= set(needed):
        return None
    return max(min(version.published_on for version in versions), *(first_published[code] for code in needed), date.min)


def _readable_on(versions: list[Publication], languages: frozenset[str], available_on: date | None) -> date | None:
    readable = [version.published_on for version in versions if version.languages & (languages | {ENGLISH})]
    return max(min(readable), available_on) if readable and available_on is not None else None


def _restarts(version: Publication) -> bool:
    """Return whether a version starts a new cycle; only a test can be passed again."""
    return version.kind is VersionKind.BREAKING and version.has_test


def changes_assignments(earlier: Sequence[Publication], newest: Publication) -> bool:
    """Return whether a version after earlier ones changes an assignment: its cycle, courses needed, or languages."""
    languages = frozenset[str]().union(*(version.languages for version in earlier))
    same_needs = newest.prerequisites == earlier[-1].prerequisites
    return _restarts(newest) or not same_needs or not newest.languages <= languages


def rules_of(rows: Iterable[Requirement]) -> dict[UUID, list[RequirementRule]]:
    """Return the rules of requirements by course."""
    by_course: dict[UUID, list[RequirementRule]] = defaultdict(list)
    for row in rows:
        by_course[row.course_id].append(
            RequirementRule(
                row.id,
                row.role,
                tuple(row.countries.split()),
                row.starts,
                row.ends,
                row.assigned_from,
                row.due_on,
                row.due_days or 0,
                row.renew_months,
            )
        )
    return by_course


def _rules(courses: Collection[UUID] | None) -> dict[UUID, list[RequirementRule]]:
    if courses is None:
        return rules_of(db.session.scalars(_REQUIREMENTS))
    return rules_of(db.session.scalars(_REQUIREMENTS_OF_COURSES, {"courses": list(courses)}))


def _asked(people: Collection[UUID], courses: Collection[UUID] | None) -> dict[Key, list[AskedCourse]]:
    asked: dict[Key, list[AskedCourse]] = defaultdict(list)
    for key, request in chain(_suggestions(people), _seats(people)):
        if request is not None and (courses is None or key[1] in courses):
            asked[key].append(request)
    return dict(asked)


def _suggestions(people: Collection[UUID]) -> Iterator[tuple[Key, AskedCourse | None]]:
    for row in db.session.scalars(_SUGGESTIONS, {"people": list(people)}):
        yield (row.person_id, row.course_id), _suggested(row)


def _seats(people: Collection[UUID]) -> Iterator[tuple[Key, AskedCourse | None]]:
    for seat in db.session.scalars(_SEATS, {"people": list(people)}):
        if seat.until is None or seat.until >= seat.since:
            request = AskedCourse(AssignmentSource.EVENT, seat.id, "", seat.since, seat.until, seat.due_on)
            yield (seat.person_id, seat.course_id), request


def _suggested(row: CourseSuggestion) -> AskedCourse | None:
    """Return a suggestion with a date; None if it was withdrawn or set aside on the day it was made."""
    since = row.suggested_at.date()
    applies = row.state in LIVE or row.state is SuggestionState.DONE
    until = None if applies or row.changed_at is None else row.changed_at.date() - DAY
    if row.due_on is None or (until is not None and until < since):
        return None
    return AskedCourse(AssignmentSource.SUGGESTION, row.id, row.country, since, until, row.due_on)


def _exemptions(people: Collection[UUID], courses: Collection[UUID] | None) -> dict[Key, list[ExemptionDays]]:
    exemptions: dict[Key, list[ExemptionDays]] = defaultdict(list)
    for row in db.session.scalars(_EXEMPTIONS, {"people": list(people)}):
        if row.since is not None and (courses is None or row.course_id in courses):
            days = ExemptionDays(row.kind, row.country, row.since, row.until, row.ended_on)
            exemptions[row.person_id, row.course_id].append(days)
    return dict(exemptions)


def _learning(people: Collection[UUID], courses: Collection[UUID] | None) -> dict[Key, LearningDates]:
    """Return the days of enrolment, steps and completions of the courses that these people began."""
    values = {"people": list(people)}
    if courses is None:
        rows = db.session.execute(_LEARNING, values).all()
    else:
        rows = db.session.execute(_LEARNING_IN_COURSES, {**values, "courses": list(courses)}).all()
    deeds: dict[Key, _Deeds] = {}
    for key, lines in groupby(rows, key=lambda row: (row[0], row[1])):
        read = list(lines)
        steps = {line[4] for line in read if line[4] is not None}
        completed = {read[0].completed_at.date()} if read[0].completed_at is not None else set()
        deeds[key] = _Deeds(read[0].begun_at.date(), steps, completed)
    _add_tests_and_cases(deeds)
    return {key: deed.dates() for key, deed in deeds.items()}


def _add_tests_and_cases(deeds: Mapping[Key, _Deeds]) -> None:
    begun = {person_id for person_id, _ in deeds}
    if not begun:
        return
    for person_id, course_id, day in (*quizzes.days(begun), *scenarios.days(begun)):
        if (person_id, course_id) in deeds:
            deeds[person_id, course_id].steps.add(day)
    for person_id, course_id, day in quizzes.passed_days(begun):
        if (person_id, course_id) in deeds:
            deeds[person_id, course_id].pass_again(day)


_NOTHING = LearningDates()
# built once: the first step in a course sends them
_REQUIREMENTS = (
    select(Requirement).where(Requirement.state == RequirementState.AGREED).order_by(Requirement.starts, Requirement.id)
)
_REQUIREMENTS_OF_COURSES = _REQUIREMENTS.where(Requirement.course_id.in_(bindparam("courses")))
_SUGGESTIONS = (
    select(CourseSuggestion)
    .where(CourseSuggestion.person_id.in_(bindparam("people")), CourseSuggestion.due_on.is_not(None))
    .order_by(CourseSuggestion.suggested_at, CourseSuggestion.id)
)
_SEATS = (
    select(CourseSeat).where(CourseSeat.person_id.in_(bindparam("people"))).order_by(CourseSeat.since, CourseSeat.id)
)
_EXEMPTIONS = (
    select(Exemption)
    .where(
        Exemption.person_id.in_(bindparam("people")),
        Exemption.state.in_((ExemptionState.AGREED, ExemptionState.ENDED)),
    )
    .order_by(Exemption.since, Exemption.id)
)
_LEARNING = (
    select(
        Enrolment.person_id,
        Enrolment.course_id,
        Enrolment.begun_at,
        Enrolment.completed_at,
        func.date(LessonProgress.done_at, type_=Date),
    )
    .outerjoin(LessonProgress, LessonProgress.enrolment_id == Enrolment.id)
    .where(Enrolment.person_id.in_(bindparam("people")))
    .distinct()
    .order_by(Enrolment.person_id, Enrolment.course_id)
)
_LEARNING_IN_COURSES = _LEARNING.where(Enrolment.course_id.in_(bindparam("courses")))
