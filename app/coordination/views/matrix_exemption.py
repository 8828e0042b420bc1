"""A course from which several officers of the matrix are exempt: choose and confirm, one transaction, undo."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.coordination.forms import ExemptionForm
from app.coordination.pages import matrix_exemption as pages, subjects
from app.coordination.queries import exemptions
from app.coordination.queries.exemptions import ExemptionBatch
from app.coordination.service import matrix_exemptions as service
from app.coordination.views._blueprint import bp
from app.coordination.views.matrix import MatrixReader, country_reader, filter_form, team_reader
from app.coordination.views.matrix_selection import fits, selected
from app.db.session import transaction
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, NewExemption, check_exemption
from app.web.pages import render


@bp.post("/country/matrix/exemption")
@requires(Action.SEE_COUNTRY_MATRIX, of=own_scope)
def prepare_country_exemption() -> ResponseReturnValue:
    """Show what an exemption of the selected officers of the own country does, before it is set."""
    return _prepare(country_reader())


@bp.post("/supervision/matrix/exemption")
@requires(Action.SEE_TEAM_MATRIX, of=own_scope)
def prepare_team_exemption() -> ResponseReturnValue:
    """Show what an exemption of the selected supervised officers does, before it is set."""
    return _prepare(team_reader())


@bp.post("/country/matrix/exemptions")
@requires(Action.SEE_COUNTRY_MATRIX, of=own_scope)
def create_country_exemption() -> ResponseReturnValue:
    """Exempt officers of the own country from a course; for more than 90 days a second person must agree."""
    return _create(country_reader())


@bp.post("/supervision/matrix/exemptions")
@requires(Action.SEE_TEAM_MATRIX, of=own_scope)
def create_team_exemption() -> ResponseReturnValue:
    """Exempt supervised officers from a course; for more than 90 days a second person must agree."""
    return _create(team_reader())


@bp.get("/country/matrix/exemptions/<uuid:exemption_id>")
@requires(Action.SEE_COUNTRY_MATRIX, load=exemptions.own_batch)
def show_country_exemption(batch: ExemptionBatch, exemption_id: UUID) -> ResponseReturnValue:
    """Show who was exempted from a course."""
    return _result(batch, country_reader())


@bp.get("/supervision/matrix/exemptions/<uuid:exemption_id>")
@requires(Action.SEE_TEAM_MATRIX, load=exemptions.own_batch)
def show_team_exemption(batch: ExemptionBatch, exemption_id: UUID) -> ResponseReturnValue:
    """Show who was exempted from a course."""
    return _result(batch, team_reader())


@bp.post("/country/matrix/exemptions/<uuid:exemption_id>/undo")
@requires(Action.SEE_COUNTRY_MATRIX, load=exemptions.own_batch)
def undo_country_exemption(batch: ExemptionBatch, exemption_id: UUID) -> ResponseReturnValue:
    """Undo the exemptions of a batch that no second person agreed to."""
    return _undo(batch, country_reader())


@bp.post("/supervision/matrix/exemptions/<uuid:exemption_id>/undo")
@requires(Action.SEE_TEAM_MATRIX, load=exemptions.own_batch)
def undo_team_exemption(batch: ExemptionBatch, exemption_id: UUID) -> ResponseReturnValue:
    """Undo the exemptions of a batch that no second person agreed to."""
    return _undo(batch, team_reader())


def _prepare(reader: MatrixReader) -> ResponseReturnValue:
    filters, officers, today = filter_form(request.form), selected(reader), clock.today()
    if not fits(officers):
        return redirect(url_for(reader.site.show, **filters.chosen_values()))
    reader.record_view([line.person_id for line in officers])
    form = _form()
    if "course" not in request.form:
        return render(pages.choice_page(officers, form, filters, reader.site, today=today))
    if (error := _error(form)) is not None:
        return render(pages.choice_page(officers, form, filters, reader.site, today=today, error=error)), 422
    misfits = exemptions.misfits([line.person_id for line in officers], UUID(form.course.data), actor(), today)
    course = next(str(title) for key, title in form.course.pairs if key == form.course.data)
    return render(
        pages.confirmation_page(officers, misfits, form, filters, course=course, site=reader.site, today=today)
    )


def _create(reader: MatrixReader) -> ResponseReturnValue:
    filters, officers, form = filter_form(request.form), selected(reader), _form()
    if (error := _error(form)) is not None or not fits(officers):
        page = pages.choice_page(officers, form, filters, reader.site, today=clock.today(), error=error or "")
        return render(page), 422
    with transaction():
        ids = service.exempt(officers, UUID(form.course.data), _new(form), by=actor(), now=clock.now())
    if not ids:
        flash(_("No officer was exempted: the list has changed."), "warning")
        return redirect(url_for(reader.site.show, **filters.chosen_values()))
    if len(ids) < len(officers):
        left_out = len(officers) - len(ids)
        flash(ngettext("%(num)s officer was left out.", "%(num)s officers were left out.", left_out), "warning")
    return redirect(reader.site.url("show", "exemption", exemption_id=ids[0]))


def _result(batch: ExemptionBatch, reader: MatrixReader) -> ResponseReturnValue:
    people = [line.person_id for line in batch.lines]
    reader.record_view(people)
    names = {key: name.text for key, name in subjects.courses(actor()).items()}
    aliases = sorted(accounts.names(people).values(), key=alias_key)
    course = names.get(str(batch.course_id), _("A course"))
    return render(pages.result_page(batch, aliases, course=course, site=reader.site))


def _undo(batch: ExemptionBatch, reader: MatrixReader) -> ResponseReturnValue:
    with transaction():
        count = service.take_back([line.id for line in batch.open_lines], clock.now())
    if count:
        flash(ngettext("%(num)s exemption was taken back.", "%(num)s exemptions were taken back.", count))
    else:
        flash(_("This was answered already."), "warning")
    return redirect(url_for(reader.site.show))


def _form() -> ExemptionForm:
    form = ExemptionForm(request.form)
    titles = [(key, name.text) for key, name in subjects.courses(actor()).items()]
    form.course.offer([("", _("Choose a course")), *titles])
    return form


def _error(form: ExemptionForm) -> str | None:
    """Return why the form cannot be used ("": its fields have the errors), or None if it can."""
    if not form.validate():
        return ""
    if not form.course.data:
        form.course.errors = [_("Choose a course from the list.")]
        return ""
    try:
        check_exemption(_new(form), clock.today())
    except DomainError as error:
        return error.translated(_)
    return None


def _new(form: ExemptionForm) -> NewExemption:
    return NewExemption(
        kind=ExemptionKind(form.kind.data),
        until=form.until.data,
        reason=ExemptionReason(form.reason.data),
        note=form.note.data or "",
    )
