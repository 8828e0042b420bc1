"""`/plan/countries/<country>/needs`: how many officers a country wants to reach; a second person agrees."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, Actor, CountryScope, allows
from app.catalogue.queries import courses as catalogue
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.domain.planned_needs import NewPlannedNeed
from app.plan.forms import PlannedNeedForm
from app.plan.pages import planned_needs as pages
from app.plan.queries import planned_needs, published
from app.plan.service import planned_needs as service
from app.plan.shapes import PlannedNeedVersion
from app.plan.views._blueprint import bp
from app.web.pages import render


def needing_country(actor: Actor, country: str) -> CountryScope:
    """Return a member country within the actor's scope, or raise NoResultFound."""
    plan, scope = catalogue.plan(), CountryScope(country)
    if plan is None or country not in published.members(plan) or not allows(actor, Action.SEE_PLANNED_NEEDS, scope):
        raise NoResultFound
    return scope


def visible_need(actor: Actor, need_id: UUID) -> PlannedNeedVersion:
    """Return a version of a planned need within the actor's scope, or raise NoResultFound."""
    version = planned_needs.version(need_id)
    if not allows(actor, Action.SEE_PLANNED_NEEDS, CountryScope(version.country)):
        raise NoResultFound
    return version


@bp.get("/plan/countries/<country:country>/needs")
@requires(Action.SEE_PLANNED_NEEDS, load=needing_country)
def show_needs(scope: CountryScope, country: str) -> ResponseReturnValue:
    """Show the planned needs of a country by role, with their history."""
    return _page(country)


@bp.post("/plan/countries/<country:country>/needs")
@requires(Action.ENTER_PLANNED_NEED, load=needing_country)
def enter_need(scope: CountryScope, country: str) -> ResponseReturnValue:
    """Propose a planned need of the own country."""
    form = pages.offered(PlannedNeedForm(request.form))
    if not form.validate():
        return _page(country, form), 422
    new = NewPlannedNeed(
        country=country, role=form.role.data, value=form.value.data, day=form.day.data, source=form.source.data
    )
    shown = pages.shown_version(request.form.get("versions", ""), new.role)
    try:
        with transaction():
            service.propose_need(
                new, by=actor().id, now=clock.now(), shown_version=shown, submission=form.submission.data or ""
            )
    except DomainError as error:
        return _page(country, form, ("value", error.translated(_))), 422
    flash(_("The planned need is saved. It counts once a second person agrees."))
    return redirect(url_for("plan.show_needs", country=country))


@bp.post("/plan/needs/<uuid:need_id>/agree")
@requires(Action.AGREE_PLANNED_NEED, load=visible_need)
def agree_need(version: PlannedNeedVersion, need_id: UUID) -> ResponseReturnValue:
    """Agree to a planned need as the second person."""
    try:
        with transaction():
            service.agree_need(need_id, by=actor(), now=clock.now())
    except DomainError as error:
        return _page(version.country, error=("", error.translated(_))), 422
    flash(_("The planned need is agreed. Pages of the plan show it from today on."))
    return redirect(url_for("plan.show_needs", country=version.country))


def _page(country: str, form: PlannedNeedForm | None = None, error: tuple[str, str] = ("", "")) -> str:
    versions = planned_needs.versions(country)
    people = {version.set_by for version in versions} | {version.agreed_by for version in versions if version.agreed_by}
    aliases = accounts.names(people) if actor().country == country else {}
    return render(
        pages.needs_page(
            country,
            versions,
            aliases,
            pages.offered(form or PlannedNeedForm(day=clock.today())),
            actor=actor(),
            error=error,
            today=clock.today(),
        )
    )
