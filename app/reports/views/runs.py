"""`/reports`: the list, the form for a new report, a report with its state, content and files."""

from datetime import date
from uuid import UUID, uuid4

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.db.session import transaction
from app.i18n.languages import current
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.queries import figures
from app.reports.domain import document as documents
from app.reports.domain.forms import MEDIA_TYPES, ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.forms import FORM_PAIRS, CountrySheetForm, NewReportForm
from app.reports.pages import choices, runs as pages
from app.reports.queries import donors, runs
from app.reports.service import runs as service
from app.reports.shapes import RunLine
from app.reports.views._blueprint import bp
from app.web import paging
from app.web.pages import render
from app.workshops.queries import workshops

PAGE = 50


@bp.get("/reports")
@requires(Action.SEE_REPORTS)
def show_reports() -> ResponseReturnValue:
    """Show the reports that the user may open, the newest first."""
    page = paging.requested_page(runs.count(actor()), PAGE)
    lines = runs.lines(actor(), offset=page.offset, size=PAGE)
    return render(pages.reports_page(lines, actor(), page.links("reports.show_reports")))


@bp.get("/reports/new")
@requires(Action.MAKE_REPORT)
def new_report() -> ResponseReturnValue:
    """Show the form for a report."""
    return _form(_offered(NewReportForm(request.args)))


@bp.post("/reports/new")
@requires(Action.MAKE_REPORT)
def request_report() -> ResponseReturnValue:
    """Queue a report."""
    form = _offered(NewReportForm(request.form))
    if not form.validate():
        return _form(form), 422
    kind = ReportKind(form.kind.data)
    new = _request(form, kind, form.subject, _country_of(kind, form.subject), is_exact=False)
    return _queue(form, new)


@bp.get("/reports/country-sheet")
@requires(Action.MAKE_COUNTRY_SHEET, of=own_scope)
def new_country_sheet() -> ResponseReturnValue:
    """Show the form for the sheet of the own country."""
    return _form(_offered_sheet(CountrySheetForm(request.args)))


@bp.post("/reports/country-sheet")
@requires(Action.MAKE_COUNTRY_SHEET, of=own_scope)
def request_country_sheet() -> ResponseReturnValue:
    """Queue the sheet of the own country, with exact numbers."""
    form = _offered_sheet(CountrySheetForm(request.form))
    if not form.validate():
        return _form(form), 422
    country = actor().country
    return _queue(form, _request(form, ReportKind.COUNTRY, country, country, is_exact=True))


@bp.get("/reports/<uuid:run_id>")
@requires(Action.READ_REPORT, load=runs.visible)
def show_report(run: RunLine, run_id: UUID) -> ResponseReturnValue:
    """Show the state of a report, and its content and files once it is ready."""
    content = runs.frozen(run_id) if run.is_ready else None
    document = documents.decode(content) if content is not None else None
    return render(pages.report_page(run, runs.files(run_id) if run.is_ready else [], document))


@bp.get("/reports/<uuid:run_id>/export/<string:form>")
@requires(Action.READ_REPORT, load=runs.visible)
def download_file(run: RunLine, run_id: UUID, form: str) -> ResponseReturnValue:
    """Send a file of a finished report as a download, and record it."""
    if form not in list(ReportFormat) or not run.is_ready:
        abort(404)
    chosen = ReportFormat(form)
    content = runs.file(run_id, chosen)
    with transaction():
        service.record_download(run, chosen, clock.now())
    response = Response(content, content_type=MEDIA_TYPES[chosen])
    name = f"report-{run.kind.value}-{run.period_end}-{run.language}.{chosen.value}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _queue(form: CountrySheetForm, new: ReportRequest) -> ResponseReturnValue:
    try:
        with transaction():
            run_id = service.request(new, by=actor().id, now=clock.now(), submission=form.submission.data or "")
    except DomainError as error:
        return _form(form, error.translated(_)), 422
    flash(_("The report is in the queue. You get a notice when it is ready."))
    return redirect(url_for("reports.show_report", run_id=run_id))


def _request(form: CountrySheetForm, kind: ReportKind, subject: str, country: str, *, is_exact: bool) -> ReportRequest:
    return ReportRequest(
        kind=kind,
        period_end=date.fromisoformat(form.period.data),
        compared_end=date.fromisoformat(form.compared.data) if form.compared.data else None,
        language=form.language.data,
        forms=frozenset(ReportFormat(value) for value in form.forms.data or ()),
        subject=subject,
        country=country,
        is_exact=is_exact,
    )


def _country_of(kind: ReportKind, subject: str) -> str:
    """Return the country that a report concerns: of a country sheet, or the host of a workshop."""
    if kind is ReportKind.COUNTRY:
        return subject
    if kind is not ReportKind.WORKSHOP or not subject:
        return ""
    try:
        return workshops.visible(actor(), UUID(subject)).host_country
    except NoResultFound:
        return ""


def _form(form: CountrySheetForm, error: str = "") -> str:
    is_sheet = not isinstance(form, NewReportForm)
    return render(
        pages.NewReportPage(
            form=form,
            full_form=form if isinstance(form, NewReportForm) else None,
            own_country=actor().country if is_sheet else "",
            texts_href="" if is_sheet else url_for("reports.show_texts"),
            error=error,
            submission=uuid4().hex,
            back=url_for("reports.show_reports"),
        )
    )


def _offered(form: NewReportForm) -> NewReportForm:
    _offered_sheet(form)
    form.country.offer(choices.with_none(choices.countries(figures.plan_of())))
    form.workshop.offer(choices.with_none(choices.workshops()))
    form.donor.offer(choices.with_none(choices.donors(donors.donors())))
    return form


def _offered_sheet(form: CountrySheetForm) -> CountrySheetForm:
    quarters = choices.quarters(clock.today())
    form.period.offer(quarters)
    form.compared.offer(choices.with_none(quarters))
    form.language.offer(choices.languages())
    form.language.data = form.language.data or current()
    form.forms.offer(FORM_PAIRS)
    return form
