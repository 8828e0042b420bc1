"""Results of a course at /teaching/courses/<course>/results, and its tables as files."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from app.access.guard import requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue, versions
from app.db.session import transaction
from app.i18n.languages import current, direction
from app.kernel import clock
from app.studio.pages import case_results, result_filter, result_tables, results as pages
from app.studio.pages.header import header
from app.studio.queries import checked, results, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import exports
from app.studio.views._blueprint import bp
from app.web import table_files
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/results")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_results(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the results of the published course: lessons, questions, cases, countries."""
    head = header(workspace, checked.checked(workspace).folder, "studio.show_results")
    if workspace.version_id is None:
        return render(pages.UnpublishedPage(head=head))
    editions = versions.published(workspace.course_id)
    choice = result_filter.read(request.args, editions)
    now = clock.now()
    filters = result_filter.fields(choice, editions, now.date())
    return render(pages.results_page(head, results.course_results(editions, choice, now), filters))


@bp.get("/teaching/courses/<slug:course>/results/cases/<slug:case>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_case_results(workspace: Workspace, course: str, case: str) -> ResponseReturnValue:
    """Show how often each move of a case of the newest version was chosen."""
    if workspace.version_id is None:
        raise NoResultFound
    outline = catalogue.outline(workspace.version_id)
    if case not in outline.cases:
        raise NoResultFound
    text = catalogue.case(workspace.version_id, case, outline.facts.source_language)
    head = header(workspace, checked.checked(workspace).folder, "studio.show_results")
    counts = results.case_choices(outline, case)
    return render(case_results.page(head, course, text, outline.number, counts))


@bp.get("/teaching/courses/<slug:course>/results/lessons.<file:form>", defaults={"table": "lessons"})
@bp.get("/teaching/courses/<slug:course>/results/questions.<file:form>", defaults={"table": "questions"})
@bp.get("/teaching/courses/<slug:course>/results/cases.<file:form>", defaults={"table": "cases"})
@bp.get("/teaching/courses/<slug:course>/results/countries.<file:form>", defaults={"table": "countries"})
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def send_results(workspace: Workspace, course: str, table: str, form: str) -> ResponseReturnValue:
    """Send a table of the results as a CSV or XLSX file."""
    if workspace.version_id is None:
        raise NoResultFound
    editions = versions.published(workspace.course_id)
    choice = result_filter.read(request.args, editions)
    heads, rows = result_tables.table(table, results.course_results(editions, choice, clock.now()))
    with transaction():
        exports.record_results(workspace.course_id, table, form, clock.now())
    name = f"{workspace.slug}-{table}"
    if form == "csv":
        return table_files.send_csv(name, heads, rows)
    return table_files.send_sheet(name, heads, rows, right_to_left=direction(current()) == "rtl")
