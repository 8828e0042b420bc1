"""`/plan/edit`: targets by indicator, country and period; two coordinators agree, contact points note an opinion."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, Actor, CountryScope, allows
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.domain import targets as rules
from app.plan.domain.targets import NewTarget, TargetCell, TargetOpinion, TargetPeriod, TargetState
from app.plan.forms import TargetForm, TargetNoteForm, TargetsForm
from app.plan.pages import target as target_pages, targets as pages
from app.plan.pages.target import TargetForms, TargetHistory
from app.plan.queries import figures, published, targets
from app.plan.service import targets as service
from app.plan.shapes import TargetVersion
from app.plan.views._blueprint import bp
from app.web.pages import render


@dataclass(frozen=True, slots=True)
class LoadedCell:
    """A cell that the actor may open; `country` is the country that the policy looks at."""

    cell: TargetCell

    @property
    def country(self) -> str:
        """Return the country of the cell, "" for the community."""
        return self.cell.country


def visible_cell(actor: Actor, code: str, period: str, country: str) -> LoadedCell:
    """Return a cell of the plan within the actor's scope, or raise NoResultFound."""
    plan = catalogue.plan()
    if plan is None or country not in published.members(plan):
        raise NoResultFound
    if not allows(actor, Action.SEE_TARGET, CountryScope(country)):
        raise NoResultFound
    return LoadedCell(existing_cell(plan, code, period, country))


def visible_version(actor: Actor, target_id: UUID) -> TargetVersion:
    """Return a version of a target within the actor's scope, or raise NoResultFound; drafts are for coordinators."""
    version = targets.version(target_id)
    if not allows(actor, Action.SEE_TARGET, CountryScope(version.country)):
        raise NoResultFound
    if version.state is TargetState.DRAFT and not allows(actor, Action.SET_TARGET):
        raise NoResultFound
    return version


@bp.get("/plan/edit")
@requires(Action.SET_TARGET)
def show_targets() -> ResponseReturnValue:
    """Show the targets of an outcome or output in a year or quarter."""
    plan, form = loaded_plan(), TargetsForm(request.args)
    named = pages.results(plan)
    due = rules.periods(plan)
    if not named or not due:
        raise NoResultFound
    result = form.result.data if form.result.data in named else named[0]
    period = next((period for period in due if str(period) == form.period.data), _this_year(due))
    versions: dict[TargetCell, list[TargetVersion]] = {}
    for version in targets.versions([str(period)]):
        versions.setdefault(version.cell, []).append(version)
    return render(pages.targets_page(plan, result, period, versions, clock.today()))


@bp.get("/plan/edit/<indicator:code>/<period:period>")
@requires(Action.SET_TARGET)
def show_community_target(code: str, period: str) -> ResponseReturnValue:
    """Show the target of the community with its history."""
    return _target_page(_community_cell(code, period))


@bp.get("/plan/edit/<indicator:code>/<period:period>/<country:country>")
@requires(Action.SEE_TARGET, load=visible_cell)
def show_target(loaded: LoadedCell, code: str, period: str, country: str) -> ResponseReturnValue:
    """Show the target of a country with its history."""
    return _target_page(loaded.cell)


@bp.post("/plan/edit/<indicator:code>/<period:period>")
@requires(Action.SET_TARGET)
def save_community_target(code: str, period: str) -> ResponseReturnValue:
    """Draft or propose a target of the community."""
    return _save(_community_cell(code, period))


@bp.post("/plan/edit/<indicator:code>/<period:period>/<country:country>")
@requires(Action.SET_TARGET, load=visible_cell)
def save_target(loaded: LoadedCell, code: str, period: str, country: str) -> ResponseReturnValue:
    """Draft or propose a target of a country."""
    return _save(loaded.cell)


@bp.post("/plan/targets/<uuid:target_id>/propose")
@requires(Action.SET_TARGET, load=visible_version)
def propose_target(version: TargetVersion, target_id: UUID) -> ResponseReturnValue:
    """Propose the own draft."""
    return _change(
        version,
        lambda: service.propose_draft(target_id, by=actor().id, now=clock.now()),
        _("The target is proposed. It counts once a second coordinator agrees."),
    )


@bp.post("/plan/targets/<uuid:target_id>/agree")
@requires(Action.SET_TARGET, load=visible_version)
def agree_target(version: TargetVersion, target_id: UUID) -> ResponseReturnValue:
    """Agree to a proposed target as the second coordinator."""
    return _change(
        version,
        lambda: service.agree_target(target_id, by=actor().id, now=clock.now()),
        _("The target is agreed. All pages use it from its first day on."),
    )


@bp.post("/plan/targets/<uuid:target_id>/withdraw")
@requires(Action.SET_TARGET, load=visible_version)
def withdraw_target(version: TargetVersion, target_id: UUID) -> ResponseReturnValue:
    """Make the own proposed target a draft again."""
    return _change(
        version,
        lambda: service.withdraw_proposal(target_id, by=actor().id, now=clock.now()),
        _("The target is your draft again. It counts after you propose it and another coordinator agrees."),
    )


@bp.post("/plan/targets/<uuid:target_id>/note")
@requires(Action.NOTE_TARGET, load=visible_version)
def note_target(version: TargetVersion, target_id: UUID) -> ResponseReturnValue:
    """Add the opinion of the country's contact point on a target."""
    form = TargetNoteForm(request.form)
    if not form.validate():
        return _target_page(version.cell, note=form), 422
    opinion, text, submission = TargetOpinion(form.opinion.data), form.text.data, form.submission.data or ""
    return _change(
        version,
        lambda: service.note_target(
            target_id, opinion, text, by=actor().id, now=clock.now(), submission=submission
        ),
        _("Your opinion is saved with the target. Coordinators see it."),
    )  # fmt: skip


def loaded_plan() -> Plan:
    """Return the plan with the agreed targets of today, or raise NoResultFound."""
    plan = figures.plan_of()
    if plan is None or plan.head is None:
        raise NoResultFound
    return plan


def _community_cell(code: str, period: str) -> TargetCell:
    plan = catalogue.plan()
    if plan is None:
        raise NoResultFound
    return existing_cell(plan, code, period, "")


def existing_cell(plan: Plan, code: str, period: str, country: str) -> TargetCell:
    """Return a cell that may have a target, or raise NoResultFound."""
    indicator = next((indicator for indicator in plan.indicator if indicator.id == code), None)
    if indicator is None or period not in {str(due) for due in rules.periods(plan)}:
        raise NoResultFound
    if country and not rules.takes_countries(indicator):
        raise NoResultFound
    return TargetCell(code, country, period)


def _save(cell: TargetCell) -> ResponseReturnValue:
    form = TargetForm(request.form)
    if not form.validate():
        error = ("", _("Nothing was saved. Open the page again.")) if form.version.errors else ("", "")
        return _target_page(cell, form=form, error=error), 422
    new = NewTarget(
        cell=cell,
        value=form.value.data,
        second=form.second.data,
        reason=form.reason.data,
        valid_from=form.valid_from.data,
    )
    is_draft = request.form.get("step") == "draft"
    try:
        with transaction():
            service.propose_target(
                new,
                by=actor().id,
                now=clock.now(),
                is_draft=is_draft,
                shown_version=form.version.data,
                submission=form.submission.data or "",
            )
    except DomainError as error:
        return _target_page(cell, form=form, error=("value", error.translated(_))), 422
    flash(
        _("The draft is saved.")
        if is_draft
        else _("The target is proposed. It counts once a second coordinator agrees.")
    )
    return redirect(pages.cell_href(cell.code, cell.period, cell.country))


def _change(version: TargetVersion, change: Callable[[], object], message: str) -> ResponseReturnValue:
    """Carry out a change and return to the cell; show it with the error if the change is not allowed."""
    try:
        with transaction():
            change()
    except DomainError as error:
        return _target_page(version.cell, error=("", error.translated(_))), 422
    flash(message)
    return redirect(pages.cell_href(version.code, version.period, version.country))


def _target_page(
    cell: TargetCell,
    *,
    form: TargetForm | None = None,
    note: TargetNoteForm | None = None,
    error: tuple[str, str] = ("", ""),
) -> str:
    past = _history(cell)
    forms = TargetForms(target=form or TargetForm(), note=note or TargetNoteForm(), error=error, submission=uuid4().hex)
    return render(target_pages.target_page(loaded_plan(), cell, past, forms, actor=actor(), today=clock.today()))


def _history(cell: TargetCell) -> TargetHistory:
    """Return the versions of a cell; drafts are shown to coordinators only."""
    sees_drafts = allows(actor(), Action.SET_TARGET)
    versions = [
        version
        for version in targets.history_of(cell.code, cell.country, cell.period)
        if sees_drafts or version.agreed_by or version.state is TargetState.PROPOSED
    ]
    people = {version.set_by for version in versions} | {version.agreed_by for version in versions if version.agreed_by}
    return TargetHistory(
        versions=versions,
        notes=targets.notes([version.id for version in versions]),
        aliases=accounts.names(people),
    )


def _this_year(due: list[TargetPeriod]) -> TargetPeriod:
    """Return the year of today, or the nearest year of the plan."""
    years = [period for period in due if period.quarter is None]
    return min(years, key=lambda period: abs(period.year - clock.today().year))
