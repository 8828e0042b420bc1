"""`/country/completion`, `/supervision/completion`: officers by alias with their states in courses, no answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.queries.versions import CourseRecord
from app.coordination import labels
from app.coordination.forms import OfficerCompletionForm
from app.coordination.pages.matrix_words import overdue_text
from app.i18n import babel
from app.learning.domain.completion import CompletionFlag, CompletionState
from app.learning.queries.lesson_counts import LessonCount
from app.learning.shapes import CourseState, OfficerCourses, OfficerCoursesPage
from app.plan import labels as plan_labels
from app.web.pages import Page
from app.web.table_files import Row, Value

ENDED = frozenset({CompletionState.COMPLETED_ON_TIME, CompletionState.COMPLETED_LATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCell:
    """The state of an officer in a course: a word with its shape, and lines below; no word without an assignment."""

    status: tuple[str, str] | None
    details: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerCompletionRow:
    """An officer with the states in the courses of the table; `href` is "" for the reader's own row."""

    alias: str
    further: Sequence[str]
    href: str
    cells: Sequence[StateCell]
    overdue: int  # courses

    @property
    def summary(self) -> str:
        """Return what a phone shows of the row until it is opened."""
        return overdue_text(self.overdue)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerCompletionPage(Page):
    """The officers of a country or of a supervisor by alias, with their states in courses."""

    template: ClassVar[str] = "coordination/officer_completion.html"
    lead: str
    form: OfficerCompletionForm
    courses: Sequence[str]
    rows: Sequence[OfficerCompletionRow]
    url: str
    first_href: str
    onward: str
    is_filtered: bool
    crumb: tuple[str, str]
    past_href: str  # "" unless the reader may record completions elsewhere
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersShown:
    """A page of officers, the courses of its columns, their titles, and the lessons done by person and course.

    `recorded` is the number of completions elsewhere, None if the reader may not record them.
    """

    page: OfficerCoursesPage
    courses: Sequence[CourseRecord]
    titles: Mapping[UUID, str]
    lessons: Mapping[tuple[UUID, UUID], LessonCount]
    recorded: int | None = None


def page(
    shown: OfficersShown, form: OfficerCompletionForm, *, reader: UUID, endpoint: str, crumb: tuple[str, str]
) -> OfficerCompletionPage:
    """Return the page of a filter."""
    chosen = {name: form[name].data for name in ("course", "state", "role") if form[name].data}
    after = shown.page.after
    return OfficerCompletionPage(
        lead=_lead(shown, is_filtered=bool(chosen)),
        form=form,
        courses=_course_heads(shown),
        rows=[_row(row, shown, reader) for row in shown.page.rows],
        url=url_for(endpoint),
        first_href=url_for(endpoint, **chosen) if form.after.data else "",
        onward=url_for(endpoint, **chosen, after=after) if after else "",
        is_filtered=bool(chosen),
        crumb=crumb,
        past_href="" if shown.recorded is None else url_for("plan.show_past_completions"),
        links={name: url_for(endpoint, form=name, **chosen) for name in ("csv", "xlsx")},
    )


def _course_heads(shown: OfficersShown) -> list[str]:
    return [f"{course.code} {shown.titles.get(course.id, '')}".strip() for course in shown.courses]


def _lead(shown: OfficersShown, *, is_filtered: bool) -> str:
    officers = ngettext("%(num)s officer.", "%(num)s officers.", shown.page.total)
    if is_filtered or not shown.recorded:  # recorded completions are counted for the country as a whole
        return officers
    recorded = ngettext("+ %(num)s recorded completion.", "+ %(num)s recorded completions.", shown.recorded)
    return f"{officers} {recorded}"


def table(shown: OfficersShown) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file: a row for each officer and course, with states, dates and lessons."""
    heads = [
        _("Officer"), _("Agency"), _("Role"), _("Course"), _("State"), _("Overdue"), _("Due on"), _("Completed on"),
        _("Lessons done"), _("Lessons"), _("Source"),
    ]  # fmt: skip
    rows = [row for officer in shown.page.rows for row in _file_rows(officer, shown)]
    return heads, rows


def _file_rows(officer: OfficerCourses, shown: OfficersShown) -> list[Row]:
    titles = plan_labels.roles()
    name = [officer.alias, officer.agency, babel.joined([titles.get(role, role) for role in officer.roles])]
    return [
        [*name, course.code, *_file_cells(state, shown.lessons.get((officer.person_id, course.id)))]
        for course in shown.courses
        if (state := officer.courses.get(course.id)) is not None and state.state is not None
    ]


def _file_cells(state: CourseState, lessons: LessonCount | None) -> list[Value]:
    is_overdue = CompletionFlag.OVERDUE in state.flags
    return [
        "" if state.state is None else str(labels.COMPLETION_STATES[state.state][0]),
        str(labels.COMPLETION_FLAGS[CompletionFlag.OVERDUE][0]) if is_overdue else "",
        state.due_on,
        state.completed_on,
        None if lessons is None else lessons.done,
        None if lessons is None else lessons.of,
        str(labels.ASSIGNMENT_SOURCES[state.source]),
    ]


def columns(
    rows: Sequence[OfficerCourses], records: Sequence[CourseRecord], required: frozenset[UUID]
) -> list[CourseRecord]:
    """Return the courses of the columns: the required ones by code, then others that an officer of the page has."""
    states = [state for row in rows for state in row.courses.values()]
    assigned = {state.course_id for state in states if state.assigned_on is not None}
    return sorted(
        (course for course in records if course.id in required | assigned), key=lambda course: course.id not in required
    )


def _row(row: OfficerCourses, shown: OfficersShown, reader: UUID) -> OfficerCompletionRow:
    titles = plan_labels.roles()
    return OfficerCompletionRow(
        alias=row.alias,
        further=[row.agency, babel.joined([titles.get(role, role) for role in row.roles])],
        href="" if row.person_id == reader else url_for("home.show_officer_learning", person_id=row.person_id),
        cells=[
            _cell(row.courses.get(course.id), shown.lessons.get((row.person_id, course.id))) for course in shown.courses
        ],
        overdue=sum(CompletionFlag.OVERDUE in state.flags for state in row.courses.values()),
    )


def _cell(state: CourseState | None, lessons: LessonCount | None) -> StateCell:
    if state is None or state.state is None:
        return StateCell(status=None, details=[])
    flag = next((flag for flag in labels.COMPLETION_FLAGS if flag in state.flags), None)
    text, shape = labels.COMPLETION_STATES[state.state] if flag is None else labels.COMPLETION_FLAGS[flag]
    lines = [] if flag is None else [str(labels.COMPLETION_STATES[state.state][0])]
    return StateCell(status=(str(text), shape), details=[*lines, *_details(state, lessons)])


def _details(state: CourseState, lessons: LessonCount | None) -> list[str]:
    """Return date, lessons and source of a course, each in a line."""
    lines = [_date_line(state)]
    if lessons is not None and state.state not in ENDED:
        lines.append(_("%(n)s of %(of)s lessons", n=lessons.done, of=lessons.of))
    if state.state is not CompletionState.BY_CHOICE:
        lines.append(str(labels.ASSIGNMENT_SOURCES[state.source]))
    return [line for line in lines if line]


def _date_line(state: CourseState) -> str:
    """Return the day of completion, the end of the exemption or the due date, "" without any."""
    if state.completed_on is not None:
        day = babel.words(state.completed_on)
        return _("Recorded, completed on %(day)s", day=day) if state.recorded else _("Completed on %(day)s", day=day)
    if state.exempt_until is not None:
        return _("Until %(day)s", day=babel.words(state.exempt_until))
    return "" if state.due_on is None else _("Due on %(day)s", day=babel.words(state.due_on))
