"""Page model of `/record`: competencies, certificates, finished courses and cases, courses under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain.statuses import VerificationStatus, status
from app.competence.labels import competencies as competence_competencies
from app.competence.shapes import PeriodSpan
from app.home.pages import titles
from app.home.pages.start import progress
from app.home.pages.titles import TitledLine, Translations
from app.learning import domain
from app.learning.queries.progress import EndedCompletion
from app.learning.shapes import CourseStatus
from app.web.pages import Page
from app.workshops.shapes import WorkshopLine


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCompetency(TitledLine):
    """A competency that is or was verified."""

    level: str
    span: PeriodSpan
    state: VerificationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedCourse(TitledLine):
    """A finished course with the minutes spent in its lessons; `result` is that of its test, "" without one."""

    minutes: int
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecordPage(Page):
    """The own record, the newest first; `minutes` are those of all finished courses, `tests` counts passed tests."""

    template: ClassVar[str] = "home/record.html"
    verified: Sequence[HeldCompetency]
    lapsed: Sequence[HeldCompetency]
    certificates: Sequence[TitledLine]
    courses: Sequence[FinishedCourse]
    ended: Sequence[TitledLine]
    under_way: Sequence[TitledLine]
    minutes: int
    cases: Sequence[TitledLine]
    tests: int
    desk_tasks_url: str
    certificates_url: str


def record_page(
    begun: Sequence[CourseStatus],
    ended: Sequence[EndedCompletion],
    competencies: Sequence[HeldCompetency],
    certificates: Sequence[TitledLine],
) -> OwnRecordPage:
    """Return the record page for the courses, the ended completions, the competencies and the certificates."""
    courses = [
        _finished(course, course.enrolment.completed_at)
        for course in begun
        if course.enrolment and course.enrolment.completed_at
    ]
    return OwnRecordPage(
        verified=[line for line in competencies if line.state is not VerificationStatus.LAPSED],
        lapsed=[line for line in competencies if line.state is VerificationStatus.LAPSED],
        certificates=certificates,
        courses=courses,
        ended=_ended(ended),
        under_way=_under_way(begun),
        minutes=sum(course.minutes for course in courses),
        cases=_cases(begun),
        tests=sum(course.test.passed for course in begun if course.test is not None),
        desk_tasks_url=url_for("checks.show_check_results"),
        certificates_url=url_for("credentials.show_own"),
    )


def competencies(spans: Sequence[PeriodSpan], framework: Competencies | None, today: date) -> list[HeldCompetency]:
    """Return the competencies of a person with their dates."""
    if framework is None:
        return []
    return [
        HeldCompetency(
            title=competence_competencies.title(framework, span.competency),
            href=url_for("home.competency", competency=span.competency),
            level=competence_competencies.level(span.level),
            span=span,
            state=status(True, span.until, today),
        )
        for span in spans
    ]


def certificates(lines: Sequence[WorkshopLine], translations: Translations) -> list[TitledLine]:
    """Return the certificates of attendance, the newest first."""
    return [
        TitledLine(
            title=titles.workshop_title(line.id, line.code, translations),
            href=url_for("workshops.certificate", workshop_id=line.id),
            sub=titles.days_and_place(line),
        )
        for line in lines
    ]


def _finished(course: CourseStatus, completed_at: datetime) -> FinishedCourse:
    result = ""
    if course.test is not None and course.test.shown is not None:
        result = _("Passed, %(percent)s %%", percent=round(course.test.shown * 100))
    return FinishedCourse(
        title=titles.course_title(course.outline),
        href=url_for("learning.course", course=course.outline.slug),
        day=completed_at,
        minutes=domain.minutes_spent(course.asks, course.standing),
        result=result,
    )


def _ended(completions: Sequence[EndedCompletion]) -> list[TitledLine]:
    return [
        TitledLine(
            title=titles.course_title(completion.outline),
            href=url_for("learning.course", course=completion.outline.slug),
            day=completion.completed_at,
        )
        for completion in completions
    ]


def _under_way(begun: Sequence[CourseStatus]) -> list[TitledLine]:
    return [
        titles.course_line(titles.course_title(course.outline), course, sub=progress(course))
        for course in begun
        if course.enrolment is None or course.enrolment.completed_at is None
    ]


def _cases(begun: Sequence[CourseStatus]) -> list[TitledLine]:
    return [
        TitledLine(
            title=titles.case_title(course.outline, name),
            href=url_for("scenarios.debrief", playthrough=case.ended_id),
            day=case.finished_at,
        )
        for course in begun
        for name, case in course.cases.items()
        if case.finished_at is not None and name in course.outline.cases
    ]
