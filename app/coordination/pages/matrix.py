"""`/country/matrix`, `/supervision/matrix`: officers by alias with courses or competencies, and the file of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, assert_never
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries.versions import CourseRecord
from app.competence.domain import needs
from app.competence.labels import competencies as competence
from app.coordination.domain.matrix import MatrixOrder, SelectedOfficers, next_date
from app.coordination.forms import MatrixForm
from app.coordination.pages.matrix_words import ENDED, StatusCell, competency_cell, course_cell, overdue_text
from app.i18n import babel
from app.identity.queries.person_details import PersonName
from app.learning.domain.completion import CompletionFlag
from app.learning.queries.lesson_counts import LessonCount
from app.learning.shapes import CourseState, OfficerCourses, OfficerCoursesPage
from app.plan import labels as plan_labels
from app.web.pages import Page
from app.web.table_files import Row

Ends = Mapping[UUID, Mapping[str, date | None]]  # needs by person and competency, each with its last valid day


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixSite:
    """Where a matrix is: the start of the names of its views, its title, and the page above it.

    `nominates` while an event takes nominations of the officers.
    """

    name: str  # country, team
    title: str
    crumb: tuple[str, str]
    nominates: bool = False

    @property
    def show(self) -> str:
        """Return the endpoint of the matrix."""
        return f"coordination.show_{self.name}_matrix"

    def url(self, step: str, deed: str = "suggestion", **values: Any) -> str:
        """Return the address of a step of a bulk action: a suggestion, a reminder, an exemption or a check."""
        return url_for(f"coordination.{step}_{self.name}_{deed}", **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixColumns:
    """The columns: courses with their heads and lessons done by person and course, then competencies with heads.

    `names` stand below the aliases if the reader asked for them.
    """

    courses: Sequence[tuple[UUID, str]]
    competencies: Sequence[tuple[str, str]]
    lessons: Mapping[tuple[UUID, UUID], LessonCount] = field(default_factory=dict)
    names: Mapping[UUID, PersonName] = field(default_factory=dict)

    @property
    def heads(self) -> list[str]:
        """Return the heads of all columns."""
        return [head for _key, head in (*self.courses, *self.competencies)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """An officer; `href` is "" for the reader's own row, which cannot be selected."""

    id: str
    alias: str
    name: PersonName | None  # shown when the reader asks for names
    further: Sequence[str]
    href: str
    cells: Sequence[StatusCell]
    next_date: date | None
    overdue: int  # courses

    @property
    def summary(self) -> str:
        """Return what a phone shows of the row until it is opened."""
        return overdue_text(self.overdue)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPage(Page):
    """The officers of a filter by alias; `selections` says for whom a bulk action may be."""

    template: ClassVar[str] = "coordination/matrix.html"
    title: str
    crumb: tuple[str, str]
    lead: str
    form: MatrixForm
    heads: Sequence[str]
    rows: Sequence[MatrixRow]
    selections: Sequence[tuple[str, str]]
    hidden: Mapping[str, str]
    url: str
    suggest_url: str
    remind_url: str
    exempt_url: str
    check_url: str
    nominate_url: str  # "" for a supervisor, and while no event takes nominations
    first_href: str
    onward: str
    links: Mapping[str, str]
    is_filtered: bool


def course_columns(
    rows: Sequence[OfficerCourses], records: Sequence[CourseRecord], required: frozenset[UUID]
) -> list[CourseRecord]:
    """Return the courses of the columns: the required ones by code, then others that an officer of the rows has."""
    others = {course_id for row in rows for course_id, state in row.courses.items() if state.state is not None}
    first = [course for course in records if course.id in required]
    return first + [course for course in records if course.id in others - required]


def competency_columns(framework: Competencies, role: str, ends: Ends) -> list[tuple[str, str]]:
    """Return the competencies of a role, or without a role those that an officer of the rows needs."""
    wanted = needs.of_roles(framework, [role]).keys() if role else {name for asked in ends.values() for name in asked}
    return [(entry.id, competency_head(framework, entry.id)) for entry in framework.competencies if entry.id in wanted]


def competency_head(framework: Competencies, competency: str) -> str:
    """Return the id and title of a competency as the head of a column."""
    return f"{competency} {competence.title(framework, competency).text}"


def page(
    shown: OfficerCoursesPage,
    columns: MatrixColumns,
    ends: Ends,
    form: MatrixForm,
    *,
    site: MatrixSite,
    reader: UUID,
    today: date,
) -> MatrixPage:
    """Return the page of a filter."""
    chosen = form.chosen_values()
    after = form.after.data or ""
    rows = [_row(row, columns, ends.get(row.person_id, {}), reader, today) for row in shown.rows]
    return MatrixPage(
        title=site.title,
        crumb=site.crumb,
        lead=ngettext("%(num)s officer.", "%(num)s officers.", shown.total),
        form=form,
        heads=columns.heads,
        rows=_ordered(rows, MatrixOrder(form.order.data)),
        selections=_selections(len(shown.rows), shown.total),
        hidden=chosen | ({"after": after} if after else {}),
        url=url_for(site.show),
        suggest_url=site.url("prepare"),
        remind_url=site.url("prepare", "reminder"),
        exempt_url=site.url("prepare", "exemption"),
        check_url=site.url("prepare", "check"),
        nominate_url=site.url("prepare", "nomination") if site.nominates else "",
        first_href=url_for(site.show, **chosen) if after else "",
        onward=_onward(site, chosen, shown.after),
        links={name: url_for(site.show, form=name, **_of_file(chosen)) for name in ("csv", "xlsx")},
        is_filtered=bool(chosen.keys() - {"show", "order", "names"}),
    )


def _of_file(chosen: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the filter of a file, which has aliases only."""
    return {name: value for name, value in chosen.items() if name != "names"}


def _ordered(rows: Sequence[MatrixRow], order: MatrixOrder) -> Sequence[MatrixRow]:
    """Return the rows of a page in an order; rows that are equal in it stay by alias."""
    match order:
        case MatrixOrder.ALIAS:
            return rows
        case MatrixOrder.NEXT_DATE:
            return sorted(rows, key=lambda row: row.next_date or date.max)
        case MatrixOrder.OVERDUE:
            return sorted(rows, key=lambda row: row.overdue, reverse=True)
        case _:
            assert_never(order)


def table(rows: Sequence[OfficerCourses], columns: MatrixColumns, ends: Ends, today: date) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file: for each course or competency a column of states and one of dates."""
    heads = [_("Officer"), _("Agency"), _("Role")]
    for head in columns.heads:
        heads += [head, _("%(column)s: date", column=head)]
    return [*heads, _("Next date")], [_file_row(row, columns, ends.get(row.person_id, {}), today) for row in rows]


def _onward(site: MatrixSite, chosen: Mapping[str, Any], after: str | None) -> str:
    """Return the address of the next page, or ""."""
    return url_for(site.show, **chosen, after=after) if after else ""


def _file_row(row: OfficerCourses, columns: MatrixColumns, ends: Mapping[str, date | None], today: date) -> Row:
    cells = _cells(row, columns, ends, today)
    values = [value for cell in cells for value in (cell.word, cell.day)]
    return [row.alias, row.agency, _roles(row), *values, _next_date(row.courses, ends, today)]


def _row(
    row: OfficerCourses, columns: MatrixColumns, ends: Mapping[str, date | None], reader: UUID, today: date
) -> MatrixRow:
    return MatrixRow(
        id=str(row.person_id),
        alias=row.alias,
        name=columns.names.get(row.person_id),
        further=[row.agency, _roles(row)],
        href="" if row.person_id == reader else url_for("home.show_officer_learning", person_id=row.person_id),
        cells=_cells(row, columns, ends, today),
        next_date=_next_date(row.courses, ends, today),
        overdue=sum(CompletionFlag.OVERDUE in state.flags for state in row.courses.values()),
    )


def _cells(
    row: OfficerCourses, columns: MatrixColumns, ends: Mapping[str, date | None], today: date
) -> list[StatusCell]:
    return [
        *(
            course_cell(row.courses.get(course_id), columns.lessons.get((row.person_id, course_id)), today)
            for course_id, _head in columns.courses
        ),
        *(competency_cell(ends, competency, today) for competency, _head in columns.competencies),
    ]


def _next_date(courses: Mapping[UUID, CourseState], ends: Mapping[str, date | None], today: date) -> date | None:
    due = [
        state.due_on
        for state in courses.values()
        if state.state is not None and state.state not in ENDED and state.exempt_until is None
    ]
    return next_date([*due, *ends.values()], today)


def _roles(row: OfficerCourses) -> str:
    titles = plan_labels.roles()
    return babel.joined([titles.get(role, role) for role in row.roles])


def _selections(shown: int, total: int) -> list[tuple[str, str]]:
    selections = [(SelectedOfficers.TICKED.value, _("Ticked officers"))]
    if shown < total:
        selections.append(
            (SelectedOfficers.PAGE.value, ngettext("%(num)s on this page", "All %(num)s on this page", shown))
        )
    return [*selections, (SelectedOfficers.FOUND.value, ngettext("The %(num)s found", "All %(num)s found", total))]
