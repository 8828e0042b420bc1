"""`/country/matrix`, `/supervision/matrix`: officers with courses or competencies, and files; views are recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access.guard import actor, requires
from app.access.policy import Action, allows, own_scope
from app.access.visibility import IdentityField, OfficerVisibility, Viewer, visible_fields
from app.catalogue.queries import versions
from app.catalogue.queries.versions import CourseRecord
from app.competence.events import OfficersSeen, SupervisedSeen
from app.competence.labels import competencies as competence
from app.competence.queries import officers as competence_officers
from app.coordination.domain.matrix import MatrixView
from app.coordination.forms import MatrixForm
from app.coordination.pages import matrix as pages
from app.coordination.pages.matrix import MatrixColumns, MatrixSite
from app.coordination.pages.matrix_words import STATES, course_title
from app.coordination.queries import matrix as queries
from app.coordination.queries.matrix import MatrixFilter, MatrixScope
from app.coordination.service import matrix as service
from app.coordination.views._blueprint import bp
from app.db.session import record, transaction
from app.identity.events import IdentityViewed
from app.identity.queries import people as accounts, person_details
from app.kernel import clock
from app.kernel.errors import InputError
from app.learning.domain import Suggester
from app.learning.queries import lesson_counts
from app.learning.shapes import OfficerCourses
from app.web.pages import render
from app.web.table_files import FILES, NONE, send_table
from app.workshops.queries import country_nominations

FILE_BATCH = 500  # officers read at once for a file


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixReader:
    """The matrix of the current user: its officers, its place, and the capacity in which courses are suggested."""

    scope: MatrixScope
    site: MatrixSite
    suggests_as: Suggester

    @property
    def sees_names(self) -> bool:
        """Return whether the user may see the names of these officers."""
        viewer = Viewer.CONTACT_POINT if self.suggests_as is Suggester.CONTACT_POINT else Viewer.SUPERVISOR
        officer = OfficerVisibility(self.scope.country)
        return IdentityField.NAME in visible_fields(viewer, actor().country, officer)

    def record_view(self, people: Sequence[UUID], *, named: Sequence[UUID] = ()) -> None:
        """Record that the user views officers, and the names of some, before they are shown."""
        with transaction():
            for person_id in named:
                record(IdentityViewed(person_id=person_id))
            if self.suggests_as is Suggester.CONTACT_POINT:
                record(OfficersSeen(country=self.scope.country, officer=None))
                return
            for person_id in people:
                record(SupervisedSeen(person_id=person_id, country=self.scope.country))


def country_reader() -> MatrixReader:
    """Return the matrix of the user's country."""
    crumb = (_("My country"), url_for("home.show_country"))
    site = MatrixSite(name="country", title=_("Courses and competencies"), crumb=crumb)
    return MatrixReader(scope=queries.country_scope(actor()), site=site, suggests_as=Suggester.CONTACT_POINT)


def team_reader() -> MatrixReader:
    """Return the matrix of the officers whom the user supervises."""
    crumb = (_("My officers"), url_for("competence.show_supervised_officers"))
    site = MatrixSite(name="team", title=_("Courses and competencies"), crumb=crumb)
    return MatrixReader(scope=queries.team_scope(actor()), site=site, suggests_as=Suggester.SUPERVISOR)


@bp.get("/country/matrix", defaults=NONE)
@bp.get(f"/country/matrix.{FILES}")
@requires(Action.SEE_COUNTRY_MATRIX, of=own_scope)
def show_country_matrix(form: str) -> ResponseReturnValue:
    """Show the officers of the own country with their courses or competencies."""
    return _matrix(country_reader(), form)


@bp.get("/supervision/matrix", defaults=NONE)
@bp.get(f"/supervision/matrix.{FILES}")
@requires(Action.SEE_TEAM_MATRIX, of=own_scope)
def show_team_matrix(form: str) -> ResponseReturnValue:
    """Show the officers whom the user supervises with their courses or competencies."""
    return _matrix(team_reader(), form)


def filter_form(values: MultiDict[str, str]) -> MatrixForm:
    """Return the filter in an address or a form. Raises InputError for unknown values."""
    form = MatrixForm(values)
    framework = queries.framework()
    everything = [("", _("All"))]
    names = [(entry.id, pages.competency_head(framework, entry.id)) for entry in framework.competencies]
    roles = competence.role_titles(framework, "")
    agencies = [(str(agency_id), name) for agency_id, _country, name in accounts.agencies(actor().country)]
    form.needs.offer([("", _("No matter which")), *names])
    form.role.offer([*everything, *((role.id, roles.get(role.id, role.id)) for role in framework.roles)])
    form.agency.offer([*everything, *agencies])
    form.state.offer([*everything, *((state.value, text) for state, (text, _shape) in STATES.items())])
    if not form.validate():
        raise InputError("This address asks for something that does not exist. Choose from the lists on the page.")
    return form


def filter_of(form: MatrixForm) -> MatrixFilter:
    """Return the filter of a valid form."""
    return MatrixFilter(
        needs=form.needs.data or "",
        role=form.role.data or "",
        agency_id=UUID(form.agency.data) if form.agency.data else None,
        states=[state for state in STATES if state.value == form.state.data],
    )


def _matrix(reader: MatrixReader, file_form: str) -> ResponseReturnValue:
    form, today = filter_form(request.args), clock.today()
    if file_form:
        return _file(reader, form, file_form, today)
    shown = queries.officers(reader.scope, filter_of(form), today, after=form.after.data or "")
    people = [row.person_id for row in shown.rows]
    named = [person_id for person_id in people if person_id != actor().id] if _asks_names(reader, form) else []
    reader.record_view(people, named=named)
    ends = _ends(shown.rows)
    columns = replace(_columns(shown.rows, form, ends, today), names=person_details.names(named))
    site = replace(reader.site, nominates=_can_nominate(reader))
    return render(pages.page(shown, columns, ends, form, site=site, reader=actor().id, today=today))


def _can_nominate(reader: MatrixReader) -> bool:
    """Return whether the user nominates for events, and an event takes nominations now."""
    if reader.suggests_as is not Suggester.CONTACT_POINT or not allows(actor(), Action.NOMINATE, own_scope(actor())):
        return False
    return country_nominations.is_open(reader.scope.country, clock.now())


def _asks_names(reader: MatrixReader, form: MatrixForm) -> bool:
    return bool(form.names.data) and reader.sees_names


def _file(reader: MatrixReader, form: MatrixForm, file_form: str, today: date) -> ResponseReturnValue:
    rows = _all_rows(reader.scope, filter_of(form), today)
    with transaction():
        service.record_export(actor(), count=len(rows), form=file_form, real_now=clock.real_now())
    ends = _ends(rows)
    return send_table(file_form, "matrix", pages.table(rows, _columns(rows, form, ends, today), ends, today))


def _all_rows(scope: MatrixScope, wanted: MatrixFilter, today: date) -> list[OfficerCourses]:
    rows: list[OfficerCourses] = []
    after: str | None = ""
    while after is not None:
        page = queries.officers(scope, wanted, today, after=after, size=FILE_BATCH)
        rows += page.rows
        after = page.after
    return rows


def _ends(rows: Sequence[OfficerCourses]) -> Mapping[UUID, Mapping[str, date | None]]:
    return competence_officers.ends(queries.framework(), {row.person_id: row.roles for row in rows})


def _columns(
    rows: Sequence[OfficerCourses], form: MatrixForm, ends: Mapping[UUID, Mapping[str, date | None]], today: date
) -> MatrixColumns:
    """Return the columns of the view, and that of the competency of the filter."""
    framework, needs = queries.framework(), form.needs.data
    if form.show.data == MatrixView.COMPETENCIES:
        return MatrixColumns(courses=[], competencies=pages.competency_columns(framework, form.role.data or "", ends))
    records = pages.course_columns(rows, versions.course_records(), queries.required_courses(actor().country, today))
    return MatrixColumns(
        courses=_titled(records),
        lessons=lesson_counts.lessons_done([row.person_id for row in rows], [course.id for course in records]),
        competencies=[(needs, pages.competency_head(framework, needs))] if needs else [],
    )


def _titled(records: Sequence[CourseRecord]) -> list[tuple[UUID, str]]:
    titles = {outline.course_id: course_title(outline, actor()) for outline in queries.courses_to_suggest()}
    return [(course.id, titles.get(course.id, course.code)) for course in records]
