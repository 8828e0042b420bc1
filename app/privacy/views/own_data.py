"""Views of the access log (also for the contact point), the export of own data and the erasure request."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.people_rules import is_another_person
from app.access.policy import Action
from app.audit import queries as trail
from app.audit.domain.chain import ChainEntry
from app.audit.queries import Stay
from app.db.session import transaction
from app.directory.queries import officers
from app.directory.queries.officers import OfficerPostings
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan
from app.intake.queries import imports as intake
from app.kernel import clock
from app.privacy.forms import LooksForm
from app.privacy.pages import access_log, archive
from app.privacy.pages.own_data import OwnDataPage
from app.privacy.queries import erasure_requests
from app.privacy.queries.erasure_requests import Decider
from app.privacy.service import archive as privacy_archive, erasure
from app.privacy.views._blueprint import bp
from app.rights.queries import supervision
from app.sign_in.forms.authentication import ReauthenticationForm
from app.sign_in.views import current_session as door, reauthentication
from app.web.pages import render

_ASKED = {
    Decider.CONTACT_POINT: lazy_gettext("Your contact point has been notified. They identify you first."),
    Decider.SECRETARIAT: lazy_gettext(
        "The secretariat has been notified. It names another contact point, who identifies you first."
    ),
    Decider.NONE: lazy_gettext("Your request is saved. No contact point is available to process it yet."),
}


@bp.get("/settings/who-looked")
@requires(Action.SEE_OWN_DATA)
def show_access_log() -> ResponseReturnValue:
    """Show the access log of the user's own record."""
    person_id, today = current_user.id, clock.today()
    form = LooksForm(request.args)
    before = _position(form)
    served = postings.postings([person_id]).get(person_id, [])
    entries = _entries(person_id, served, None, before)
    supervisors = [pair.alias for pair in supervision.supervisor_lines(person_id, today)]
    page = access_log.access_log_page(entries, actor(), today, supervisors=supervisors, is_first=before is None)
    return render(page), 422 if form.errors else 200


@bp.get("/people/<uuid:person_id>/who-looked")
@requires(Action.SEE_LOOKS, load=officers.officer, applies_to=is_another_person)
def show_officer_access_log(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Show the contact point the views of an officer, from the day on which the officer came to the country."""
    with transaction():  # recorded before anything is shown: a view that cannot be recorded is not shown
        erasure.record_access_log_view(person_id, officer.country)
    form = LooksForm(request.args)
    before = _position(form)
    country = actor().country
    served = [span for span in officer.postings if span.country == country]
    entries = _entries(person_id, served, access_log.stays(officer.postings, country), before)
    page = access_log.access_log_page(entries, actor(), clock.today(), officer=officer, is_first=before is None)
    return render(page), 422 if form.errors else 200


@bp.get("/settings/my-data")
@requires(Action.SEE_OWN_DATA)
def my_data() -> ResponseReturnValue:
    """Show the export of the own data and the erasure request."""
    return _page(ReauthenticationForm(), 200)


@bp.post("/settings/my-data")
@requires(Action.SEE_OWN_DATA, gives_file=True)
def export_data() -> ResponseReturnValue:
    """Send all data about the user as one file."""
    if (refusal := _refuse("data")) is not None:
        return refusal
    person_id = current_user.id
    with transaction():
        erasure.record_export(person_id)
    return archive.send(privacy_archive.write(person_id, archive.pages_of))


@bp.post("/settings/my-data/erasure")
@requires(Action.SEE_OWN_DATA)
def ask_erasure() -> ResponseReturnValue:
    """Create an erasure request."""
    if (refusal := _refuse("erasure")) is not None:
        return refusal
    with transaction():
        erasure.ask_erasure(current_user.id, clock.now())
    flash(str(_ASKED[erasure_requests.decider(current_user.id, clock.today())]))
    return redirect(url_for("privacy.my_data"))


@bp.post("/settings/my-data/erasure/withdrawal")
@requires(Action.SEE_OWN_DATA)
def cancel_erasure() -> ResponseReturnValue:
    """Withdraw the erasure request."""
    with transaction():
        erasure.take_back_erasure(current_user.id, clock.now())
    flash(_("Your request is withdrawn. No data are deleted."))
    return redirect(url_for("privacy.my_data"))


def _position(form: LooksForm) -> access_log.Position | None:
    """Return the position at which the list goes on; None for its beginning, or if the form has an error."""
    return access_log.read_position(form.before.data or "") if form.validate() else None


def _entries(
    person_id: UUID, served: Sequence[PostingSpan], stays: Sequence[Stay] | None, before: access_log.Position | None
) -> Sequence[ChainEntry]:
    """Return views of a person, one more than a page; `stays` limits them to the periods of a country."""
    lists = access_log.listed(served, intake.sheets_that_changed(person_id))
    return trail.views_of_person(
        person_id, lists, access_log.NAMES, stays=stays, before=before, size=access_log.PAGE + 1
    )


def _refuse(part: str) -> ResponseReturnValue | None:
    form = ReauthenticationForm(request.form)
    return reauthentication.require_password(form, lambda: _page(form, 422, part))


def _page(form: ReauthenticationForm, status: int, part: str = "") -> Response:
    """Return the page; `part` names the form with the error: "data" or "erasure"."""
    person_id = current_user.id
    error = next(iter(form.password.errors), "")
    decider = erasure_requests.decider(person_id, clock.today())
    page = OwnDataPage(
        is_reauthenticated=door.recently_authenticated(),
        errors=((part, error),) if error else (),
        export_error=error if part == "data" else "",
        erasure_error=error if part == "erasure" else "",
        asked_at=erasure_requests.erasure_asked_at(person_id),
        has_contact_point=decider is Decider.CONTACT_POINT,
    )
    return make_response(render(page), status)
