"""`/reports/donor-lines`: the codes and wordings of donors with our indicators."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import requires
from app.access.policy import Action
from app.catalogue.domain.references.plan import Plan
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan import labels as plan_labels
from app.plan.queries import figures
from app.reports.domain.donors import NewDonorLine
from app.reports.forms import DonorLineForm
from app.reports.pages import schedules as pages
from app.reports.queries import donors
from app.reports.service import donors as service
from app.reports.shapes import DonorLineFacts
from app.reports.views._blueprint import bp
from app.web.pages import render


@bp.get("/reports/donor-lines")
@requires(Action.MAKE_REPORT)
def show_donor_lines() -> ResponseReturnValue:
    """Show the lines of donors, and the form for a new one."""
    return _page(_offered(DonorLineForm()))


@bp.post("/reports/donor-lines")
@requires(Action.MAKE_REPORT)
def create_donor_line() -> ResponseReturnValue:
    """Create a line of a donor."""
    form = _offered(DonorLineForm(request.form))
    if not form.validate():
        return _page(form), 422
    line = NewDonorLine(
        donor=form.donor.data, code=form.code.data, wording=form.wording.data, indicator=form.indicator.data
    )
    try:
        with transaction():
            service.create(line, indicators=_codes(figures.plan_of()), now=clock.now())
    except DomainError as error:
        return _page(form, error.translated(_)), 422
    flash(_("The line is saved."))
    return redirect(url_for("reports.show_donor_lines"))


@bp.post("/reports/donor-lines/<uuid:line_id>/delete")
@requires(Action.MAKE_REPORT, load=donors.visible)
def delete_donor_line(line: DonorLineFacts, line_id: UUID) -> ResponseReturnValue:
    """Delete a line of a donor."""
    with transaction():
        service.remove(line_id, indicator=line.indicator, now=clock.now())
    flash(_("The line is deleted. Earlier reports still have it."))
    return redirect(url_for("reports.show_donor_lines"))


def _codes(plan: Plan | None) -> list[str]:
    return [indicator.id for indicator in plan.indicator] if plan else []


def _offered(form: DonorLineForm) -> DonorLineForm:
    plan = figures.plan_of()
    titles = [(code, f"{code} {plan_labels.plan_title(plan, code).text}") for code in _codes(plan)] if plan else []
    form.indicator.offer(titles)
    return form


def _page(form: DonorLineForm, error: str = "") -> str:
    lines = donors.lines()
    return render(
        pages.DonorLinesPage(
            rows=[(line, url_for("reports.delete_donor_line", line_id=line.id)) for line in lines],
            form=form,
            error=error,
            url=url_for("reports.create_donor_line"),
            back=url_for("reports.show_reports"),
        )
    )
