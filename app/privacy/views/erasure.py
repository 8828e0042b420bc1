"""Views of `/people/<id>/service/erasure`, where the contact point erases an officer who asked for it."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.directory.queries import officers
from app.directory.queries.officers import OfficerPostings
from app.identity.queries import person_details
from app.kernel import clock
from app.privacy.forms import ErasureForm
from app.privacy.pages.own_data import ErasurePage, consequences
from app.privacy.queries import erasure_requests
from app.privacy.service import erasure
from app.privacy.views._blueprint import bp
from app.sign_in.views import current_session, reauthentication
from app.web.errors import page
from app.web.pages import render


@bp.get("/people/<uuid:person_id>/service/erasure")
@requires(Action.CHANGE_SERVICE, load=officers.officer_to_end, applies_to=erasure_requests.has_request)
def confirm_erasure(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Show the consequences of erasing an officer who asked for it."""
    return _erasure(officer, ErasureForm(), 200)


@bp.post("/people/<uuid:person_id>/service/erasure")
@requires(Action.CHANGE_SERVICE, load=officers.officer_to_end)
def erase_account(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Erase an officer who asked for it and was identified; a deputy may not, since it cannot be undone."""
    if not person_details.decides(actor(), clock.today()):
        return page(403)
    form = ErasureForm(request.form)
    if not form.validate():
        return _erasure(officer, form, 422)
    response = reauthentication.require_password(form, lambda: _erasure(officer, form, 422))
    if response is not None:
        return response
    with transaction():
        done = erasure.erase_account(person_id, clock.now())
    if not done:
        flash(_("Nothing was erased: the officer has withdrawn the request."), "warning")
        return _back(person_id)
    flash(_("The person is erased."))
    return redirect(url_for("directory.show_people"))


def _erasure(officer: OfficerPostings, form: ErasureForm, status: int) -> ResponseReturnValue:
    if not erasure_requests.has_request(actor(), officer):
        flash(_("An account is erased only at the person's request. This officer has not made one."), "warning")
        return _back(officer.person_id)
    page_model = ErasurePage(
        officer=officer,
        consequences=consequences(officer.alias),
        form=form,
        recently_authenticated=current_session.recently_authenticated(),
        decides=person_details.decides(actor(), clock.today()),
    )
    return render(page_model), status


def _back(person_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("directory.show_posting", person_id=person_id))
