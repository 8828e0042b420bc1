"""`/country/completion`, `/supervision/completion`: officers with their courses, and files; views are recorded."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.queries.versions import CourseRecord
from app.competence.events import OfficersSeen, SupervisedSeen
from app.coordination.forms import OfficerCompletionForm
from app.coordination.pages import officer_completion as pages
from app.coordination.pages.officer_completion import OfficersShown
from app.coordination.queries import completion as queries
from app.coordination.service import matrix
from app.coordination.views._blueprint import bp
from app.db.session import record, transaction
from app.kernel import clock
from app.kernel.errors import InputError
from app.learning.domain.completion import CompletionFlag, CompletionState
from app.learning.labels import shown
from app.learning.queries import completion as learning, lesson_counts, recorded_completions
from app.learning.shapes import OfficerCourses, OfficerCoursesFilter, OfficerCoursesPage
from app.plan import labels as plan_labels
from app.web.pages import render
from app.web.table_files import FILES, NONE, send_table

FILE_BATCH = 500  # officers read at once for a file


@bp.get("/country/completion", defaults=NONE)
@bp.get(f"/country/completion.{FILES}")
@requires(Action.SEE_COUNTRY_COMPLETION, of=own_scope)
def show_country_completion(form: str) -> ResponseReturnValue:
    """Show the officers of the own country with their states in courses, or send them as a file."""
    if form:
        return _file(form, None)
    filters, officers = _officers(None)
    officers = replace(officers, recorded=recorded_completions.count_of_country(actor().country))
    with transaction():
        record(OfficersSeen(country=actor().country, officer=None))
    crumb = (_("My country"), url_for("home.show_country"))
    return render(
        pages.page(officers, filters, reader=actor().id, endpoint="coordination.show_country_completion", crumb=crumb)
    )


@bp.get("/supervision/completion", defaults=NONE)
@bp.get(f"/supervision/completion.{FILES}")
@requires(Action.SEE_TEAM_COMPLETION, of=own_scope)
def show_team_completion(form: str) -> ResponseReturnValue:
    """Show the officers whom the actor supervises with their states in courses, or send them as a file."""
    user = actor()
    people = queries.supervised(user.id, clock.today())
    if form:
        return _file(form, people)
    filters, officers = _officers(people)
    with transaction():
        for row in officers.page.rows:
            record(SupervisedSeen(person_id=row.person_id, country=user.country))
    crumb = (_("My officers"), url_for("competence.show_supervised_officers"))
    return render(
        pages.page(officers, filters, reader=user.id, endpoint="coordination.show_team_completion", crumb=crumb)
    )


def _file(file_form: str, people: Collection[UUID] | None) -> ResponseReturnValue:
    """Send all officers of the filter; over 100 in a day need a second person. Raises InputError as `_officers`."""
    today, records = clock.today(), versions.course_records()
    form = _form(records)
    chosen = [course for course in records if course.code == form.course.data]
    rows, wanted = list[OfficerCourses](), _wanted(form, chosen, people)
    after: str | None = ""
    while after is not None:
        page = learning.officers(today, wanted, after=after, size=FILE_BATCH)
        rows += page.rows
        after = page.after
    with transaction():
        matrix.record_export(actor(), count=len(rows), form=file_form, real_now=clock.real_now())
    return send_table(file_form, "officers", pages.table(_shown(rows, records, chosen, today)))


def _officers(people: Collection[UUID] | None) -> tuple[OfficerCompletionForm, OfficersShown]:
    """Return the filter in the address and its officers. Raises InputError for unknown values."""
    today, records = clock.today(), versions.course_records()
    form = _form(records)
    chosen = [course for course in records if course.code == form.course.data]
    page = learning.officers(today, _wanted(form, chosen, people), after=form.after.data or "")
    return form, _shown(page.rows, records, chosen, today, total=page.total, after=page.after)


def _shown(
    rows: Sequence[OfficerCourses],
    records: Sequence[CourseRecord],
    chosen: Sequence[CourseRecord],
    today: date,
    *,
    total: int = 0,
    after: str | None = None,
) -> OfficersShown:
    """Return these officers with the chosen courses, or without a choice those that they have."""
    courses = chosen or pages.columns(rows, records, queries.required_in(actor().country, today))
    titles = {outline.course_id: outline.title(shown(outline)) for outline in catalogue.all_visible(actor())}
    lessons = lesson_counts.lessons_done([row.person_id for row in rows], [course.id for course in courses])
    page = OfficerCoursesPage(tuple(rows), total, after)
    return OfficersShown(page=page, courses=courses, titles=titles, lessons=lessons)


def _wanted(
    form: OfficerCompletionForm, courses: Collection[CourseRecord], people: Collection[UUID] | None
) -> OfficerCoursesFilter:
    return OfficerCoursesFilter(
        country=actor().country,
        people=people,
        courses=[course.id for course in courses],
        role=form.role.data or "",
        states=_states(form.state.data or ""),
    )


def _form(records: Collection[CourseRecord]) -> OfficerCompletionForm:
    form = OfficerCompletionForm(request.args)
    form.offer([(course.code, course.code) for course in records], plan_labels.roles())
    if not form.validate():
        raise InputError("This address asks for something that does not exist. Choose from the lists on the page.")
    return form


def _states(chosen: str) -> list[CompletionState | CompletionFlag]:
    """Return the state or flag of a filter, none for all."""
    kinds: list[CompletionState | CompletionFlag] = [*CompletionState, *CompletionFlag]
    return [kind for kind in kinds if kind.value == chosen]
