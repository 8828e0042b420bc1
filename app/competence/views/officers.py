"""`/country/officers` (officers of the own country by alias, needs by name), and `/country/claims`."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.people_rules import serves_in_own_country
from app.access.policy import Action, allows, own_scope
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.events import OfficersSeen
from app.competence.forms import DecisionForm, NeedForm, OfficersForm
from app.competence.pages import officers as pages
from app.competence.queries import competencies, officers
from app.competence.queries.officers import Decidable, VisibleOfficer
from app.competence.service import claims as competence_claims, needs
from app.competence.views._blueprint import bp
from app.db.session import record, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.web import paging
from app.web.pages import render


@bp.get("/country/officers")
@requires(Action.SEE_OFFICERS, of=own_scope)
def show_officers() -> ResponseReturnValue:
    """Show the officers of the own country, filtered by the address."""
    form = OfficersForm(request.args)
    framework, today = _framework(), clock.today()
    form.offer(pages.roles(framework))
    is_valid = form.validate()
    sought = form if is_valid else OfficersForm()
    _record_view()
    listed = officers.officers(
        actor().country,
        today,
        framework,
        role=sought.role.data or "",
        narrowed=sought.narrowed(),
        after=sought.after.data or "",
    )
    counts = officers.tallies(listed[: officers.PAGE], today, framework)
    return render(pages.officers_page(listed, counts, framework, form)), 200 if is_valid else 422


@bp.get("/country/officers/<uuid:person_id>")
@requires(Action.SEE_OFFICERS, load=officers.officer, applies_to=serves_in_own_country)
def show_officer(visible: VisibleOfficer, person_id: UUID) -> ResponseReturnValue:
    """Show the needs and competencies of an officer: states and dates, no answers, no times."""
    framework = _framework()
    return _officer(visible, _need_form(framework), framework)


@bp.post("/country/officers/<uuid:person_id>/needs")
@requires(Action.NAME_NEED, load=officers.officer)
def add_need(visible: VisibleOfficer, person_id: UUID) -> ResponseReturnValue:
    """Require a competency of an officer by name."""
    framework = _framework()
    form = _need_form(framework)
    if not form.validate() or not form.fits(framework):
        return _officer(visible, form, framework), 422
    competency, level = form.competency.data, Level(form.level.data)
    with transaction():
        needs.name_need(person_id, competency, level, by=current_user.id, now=clock.now())
    flash(_("Assigned by name. The officer sees it on the own path."))
    return redirect(url_for("competence.show_officer", person_id=person_id))


@bp.post("/country/officers/<uuid:person_id>/needs/<competency:competency>/drop")
@requires(Action.NAME_NEED, of=officers.officer)
def delete_need(person_id: UUID, competency: str) -> ResponseReturnValue:
    """Remove a competency that an officer needs by name."""
    with transaction():
        needs.drop_need(person_id, competency, clock.now())
    flash(_("No longer required by name. The requirements of the role stay."))
    return redirect(url_for("competence.show_officer", person_id=person_id))


@bp.get("/country/claims")
@requires(Action.DECIDE_CLAIM, of=own_scope)
def claims() -> ResponseReturnValue:
    """Show the claims of earlier skill that wait in the own country."""
    return _claims()


@bp.post("/country/claims/<uuid:claim_id>/decision")
@requires(Action.DECIDE_CLAIM, load=officers.decidable)
def decide_claim(decidable: Decidable, claim_id: UUID) -> ResponseReturnValue:
    """Endorse or decline a claim."""
    form = DecisionForm(request.form)
    if not form.validate() or not form.says_why():
        return _claims(claim_id, form), 422
    with transaction():
        competence_claims.decide_claim(
            decidable.claim.id,
            by=current_user.id,
            endorse=form.endorses(),
            reason=(form.reason.data or "").strip(),
            now=clock.now(),
        )
    flash(_("Endorsed. The officer sees it today.") if form.endorses() else _("Not now. The officer sees the reason."))
    return redirect(url_for("competence.claims", page=request.args.get("page", type=int)))


def _record_view(officer: UUID | None = None) -> None:
    """Record that the actor views the officers of the own country, before they are shown."""
    with transaction():
        record(OfficersSeen(country=actor().country, officer=officer))


def _framework() -> Competencies:
    return catalogue.competencies() or Competencies()


def _need_form(framework: Competencies) -> NeedForm:
    form = NeedForm(request.form)
    form.offer(pages.competencies(framework))
    return form


def _officer(visible: VisibleOfficer, form: NeedForm, framework: Competencies) -> str:
    _record_view(visible.person_id)
    statuses = competencies.path(visible.person_id, visible.officer.roles, clock.today())
    return render(pages.officer_page(visible, statuses, framework, form))


def _claims(rejected: UUID | None = None, form: DecisionForm | None = None) -> str:
    today = clock.today()
    page = paging.requested_page(officers.count_waiting(actor(), today), officers.PAGE)
    lines = officers.waiting(actor(), today, offset=page.offset, size=page.size)
    return render(
        pages.claims_page(
            lines,
            accounts.names([line.person_id for line in lines]),
            _framework(),
            page=page,
            form=form or DecisionForm(),
            rejected=rejected,
            sees_officers=allows(actor(), Action.SEE_OFFICERS, own_scope(actor())),
        )
    )
