"""A course for several officers of the matrix: choose and confirm, suggest in one transaction, undo."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.catalogue.shapes import Outline
from app.coordination.domain.matrix import MOST_AT_ONCE
from app.coordination.forms import SuggestionForm
from app.coordination.pages import matrix_suggestion as pages
from app.coordination.pages.matrix_words import course_title
from app.coordination.queries import matrix as queries
from app.coordination.queries.matrix import SuggestionBatch
from app.coordination.service import matrix as service
from app.coordination.service.matrix import BulkSuggestion
from app.coordination.views._blueprint import bp
from app.coordination.views.matrix import MatrixReader, country_reader, filter_form, team_reader
from app.coordination.views.matrix_selection import fits, selected
from app.db.session import transaction
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people as accounts
from app.kernel import clock
from app.web.pages import render


@bp.post("/country/matrix/suggestion")
@requires(Action.SUGGEST_IN_COUNTRY, of=own_scope)
def prepare_country_suggestion() -> ResponseReturnValue:
    """Show what a suggestion to the selected officers of the own country does, before it is made."""
    return _prepare(country_reader())


@bp.post("/supervision/matrix/suggestion")
@requires(Action.SUGGEST_IN_TEAM, of=own_scope)
def prepare_team_suggestion() -> ResponseReturnValue:
    """Show what a suggestion to the selected supervised officers does, before it is made."""
    return _prepare(team_reader())


@bp.post("/country/matrix/suggestions")
@requires(Action.SUGGEST_IN_COUNTRY, of=own_scope)
def create_country_suggestion() -> ResponseReturnValue:
    """Suggest a course to officers of the own country."""
    return _create(country_reader())


@bp.post("/supervision/matrix/suggestions")
@requires(Action.SUGGEST_IN_TEAM, of=own_scope)
def create_team_suggestion() -> ResponseReturnValue:
    """Suggest a course to supervised officers."""
    return _create(team_reader())


@bp.get("/country/matrix/suggestions/<uuid:suggestion_id>")
@requires(Action.SUGGEST_IN_COUNTRY, load=queries.own_batch)
def show_country_suggestion(batch: SuggestionBatch, suggestion_id: UUID) -> ResponseReturnValue:
    """Show to whom a course was suggested."""
    return _result(batch, country_reader())


@bp.get("/supervision/matrix/suggestions/<uuid:suggestion_id>")
@requires(Action.SUGGEST_IN_TEAM, load=queries.own_batch)
def show_team_suggestion(batch: SuggestionBatch, suggestion_id: UUID) -> ResponseReturnValue:
    """Show to whom a course was suggested."""
    return _result(batch, team_reader())


@bp.post("/country/matrix/suggestions/<uuid:suggestion_id>/undo")
@requires(Action.SUGGEST_IN_COUNTRY, load=queries.own_batch)
def undo_country_suggestion(batch: SuggestionBatch, suggestion_id: UUID) -> ResponseReturnValue:
    """Take the untouched suggestions of a batch back."""
    return _undo(batch, country_reader())


@bp.post("/supervision/matrix/suggestions/<uuid:suggestion_id>/undo")
@requires(Action.SUGGEST_IN_TEAM, load=queries.own_batch)
def undo_team_suggestion(batch: SuggestionBatch, suggestion_id: UUID) -> ResponseReturnValue:
    """Take the untouched suggestions of a batch back."""
    return _undo(batch, team_reader())


def _prepare(reader: MatrixReader) -> ResponseReturnValue:
    filters, officers = filter_form(request.form), selected(reader)
    if not fits(officers):
        return redirect(url_for(reader.site.show, **filters.chosen_values()))
    reader.record_view([line.person_id for line in officers])
    form, courses = _form()
    if "course" not in request.form:
        return render(pages.choice_page(officers, form, filters, reader.site))
    if not form.validate():
        return render(pages.choice_page(officers, form, filters, reader.site)), 422
    chosen = courses[form.course.data]
    misfits = queries.misfits([line.person_id for line in officers], chosen, actor().id, clock.today())
    title = course_title(chosen, actor())
    return render(pages.confirmation_page(officers, misfits, form, filters, course=title, site=reader.site))


def _create(reader: MatrixReader) -> ResponseReturnValue:
    filters, officers = filter_form(request.form), selected(reader)
    form, courses = _form()
    if not form.validate() or not 0 < len(officers) <= MOST_AT_ONCE:
        return render(pages.choice_page(officers, form, filters, reader.site)), 422
    new = BulkSuggestion(
        current=courses[form.course.data],
        by=actor(),
        suggested_as=reader.suggests_as,
        reason=form.reason.data or "",
        due_on=form.due_on.data,
    )
    with transaction():
        suggestion_id, count = service.suggest(officers, new, clock.now())
    if suggestion_id is None:
        flash(_("This course is already suggested or finished."), "warning")
        return redirect(url_for(reader.site.show, **filters.chosen_values()))
    if count < len(officers):
        left_out = len(officers) - count
        flash(ngettext("%(num)s officer was left out.", "%(num)s officers were left out.", left_out), "warning")
    return redirect(reader.site.url("show", suggestion_id=suggestion_id))


def _result(batch: SuggestionBatch, reader: MatrixReader) -> ResponseReturnValue:
    people = [line.person_id for line in batch.lines]
    reader.record_view(people)
    titles = {outline.course_id: course_title(outline, actor()) for outline in queries.courses_to_suggest()}
    return render(
        pages.result_page(
            batch,
            sorted(accounts.names(people).values(), key=alias_key),
            course=titles.get(batch.course_id, _("A course")),
            site=reader.site,
        )
    )


def _undo(batch: SuggestionBatch, reader: MatrixReader) -> ResponseReturnValue:
    with transaction():
        count = service.take_back([line.id for line in batch.lines if line.is_untouched], clock.now())
    if count:
        flash(ngettext("%(num)s suggestion was taken back.", "%(num)s suggestions were taken back.", count))
    else:
        flash(_("This was answered already."), "warning")
    return redirect(url_for(reader.site.show))


def _form() -> tuple[SuggestionForm, dict[str, Outline]]:
    """Return the form of a suggestion, and the courses that it offers by the values that it sends."""
    form = SuggestionForm(request.form)
    form.today = clock.today()
    courses = {str(outline.course_id): outline for outline in queries.courses_to_suggest()}
    titles = [(key, course_title(outline, actor())) for key, outline in courses.items()]
    form.course.offer([("", _("Choose a course")), *titles])
    return form, courses
