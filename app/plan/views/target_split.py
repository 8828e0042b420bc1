"""`/plan/edit/<code>/<period>/split`: propose the targets of all countries from their need."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.references.plan import Indicator, Plan
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.domain import targets as rules
from app.plan.domain.readers import FigureReader
from app.plan.domain.targets import NewTarget, TargetCell
from app.plan.forms import SplitForm
from app.plan.pages import target_split as pages, targets as listing
from app.plan.pages.target_split import Split
from app.plan.queries import need_texts, planned_needs
from app.plan.service import targets as service
from app.plan.views._blueprint import bp
from app.plan.views.targets import existing_cell, loaded_plan
from app.web.pages import render


@bp.get("/plan/edit/<indicator:code>/<period:period>/split")
@requires(Action.SET_TARGET)
def show_split(code: str, period: str) -> ResponseReturnValue:
    """Show the community's target split among the countries by their need."""
    plan, indicator = _splittable(code, period)
    return _page(plan, indicator, period, _split(plan, indicator, period), SplitForm())


@bp.post("/plan/edit/<indicator:code>/<period:period>/split")
@requires(Action.SET_TARGET)
def propose_split(code: str, period: str) -> ResponseReturnValue:
    """Propose the parts as the targets of the countries."""
    plan, indicator = _splittable(code, period)
    proposed, form = _split(plan, indicator, period), SplitForm(request.form)
    if not form.validate():
        return _page(plan, indicator, period, proposed, form), 422
    if form.shown.data != proposed.digest:
        error = _("The needs changed after you opened this page. Look at the parts again.")
        return _page(plan, indicator, period, proposed, form, error), 422
    new = [
        NewTarget(cell=TargetCell(code, country, period), value=part, reason=form.reason.data)
        for country, part in proposed.parts.items()
    ]
    try:
        with transaction():
            service.propose_targets(new, by=actor().id, now=clock.now(), submission=proposed.digest)
    except DomainError as error:
        return _page(plan, indicator, period, proposed, form, error.translated(_)), 422
    flash(_("The targets are proposed. Each counts once a second coordinator agrees."))
    return redirect(url_for("plan.show_targets", result=indicator.result, period=period))


def _splittable(code: str, period: str) -> tuple[Plan, Indicator]:
    """Return the plan and an indicator whose target may be split, or raise NoResultFound."""
    plan = loaded_plan()
    existing_cell(plan, code, period, "")
    indicator = next(indicator for indicator in plan.indicator if indicator.id == code)
    if not listing.can_split(indicator):
        raise NoResultFound
    return plan, indicator


def _split(plan: Plan, indicator: Indicator, period: str) -> Split:
    today = clock.today()
    serving = need_texts.serving_on(today, FigureReader.COORDINATOR)
    return pages.split(plan, indicator, rules.period_of(period), planned_needs.agreed_needs(today), serving)


def _page(plan: Plan, indicator: Indicator, period: str, proposed: Split, form: SplitForm, error: str = "") -> str:
    return render(pages.split_page(plan, indicator, rules.period_of(period), proposed, form, error=error))
