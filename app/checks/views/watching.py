"""`/sittings/watching` for coordinators, `/people/<id>/watched` for contact points; each view is recorded."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.people_rules import serves_in_own_country
from app.access.policy import Action
from app.access.visibility import Viewer
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.pages import watching as pages
from app.checks.queries import watching as queries
from app.checks.service import watching as service
from app.checks.views._blueprint import bp
from app.competence.queries import officers
from app.competence.queries.officers import VisibleOfficer
from app.db.session import transaction
from app.i18n.languages import current, direction
from app.identity.queries import visible_identity
from app.kernel import clock
from app.web.pages import render


@bp.get("/sittings/watching")
@requires(Action.SEE_WATCHING)
def show_watching() -> ResponseReturnValue:
    """Show the results of watched checks by invigilator, between limits of chance."""
    now = clock.now()
    comparison = queries.comparison(now)
    shown = pages.shown_results(comparison)
    identities = visible_identity.visible_identities(
        actor(), [result.invigilator for result in shown], now.date(), Viewer.COORDINATOR
    )
    page = pages.watching_page(comparison, identities, mirrored=direction(current()) == "rtl")
    with transaction():
        service.record_results_view(len(shown), now)
    return render(page)


@bp.get("/people/<uuid:person_id>/watched")
@requires(Action.SEE_WATCHERS, load=officers.officer, applies_to=serves_in_own_country)
def show_watchers(visible: VisibleOfficer, person_id: UUID) -> ResponseReturnValue:
    """Show who watched the checks of an officer of the own country."""
    now = clock.now()
    lines = queries.lines_of([person_id]).get(person_id, [])
    watchers = {watcher for line in lines for watcher in line.watchers}
    page = pages.watchers_page(
        visible.officer.alias,
        lines,
        visible_identity.visible_identities(actor(), watchers, now.date(), Viewer.CONTACT_POINT),
        catalogue.competencies() or Competencies(),
        back=url_for("competence.show_officer", person_id=person_id),
    )
    with transaction():
        service.record_officer_view(person_id, visible.country, now)
    return render(page)
