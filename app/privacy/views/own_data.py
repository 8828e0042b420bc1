"""Pages about own data: who looked at them (for the own contact point, too), all in one file, being erased."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from app.access.guard import actor, requires, thing
from app.access.policy import Action
from app.audit import queries as trail
from app.audit.domain.chain import ChainEntry
from app.db.session import transaction
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan
from app.intake.queries import imports as intake
from app.kernel import clock
from app.privacy.forms import LooksForm
from app.privacy.pages import access_log, archive
from app.privacy.queries import erasure_requests
from app.privacy.queries.erasure_requests import Decider, Service
from app.privacy.service import archive as privacy_archive
from app.privacy.service import erasure
from app.privacy.views._blueprint import bp
from app.rights.queries import supervision
from app.sign_in.web import current_session as door
from app.sign_in.web import reauthentication
from app.sign_in.web.forms import ReauthenticationForm

_ASKED = {
    Decider.CONTACT_POINT: lazy_gettext("Your contact point has been notified. They identify you first."),
    Decider.SECRETARIAT: lazy_gettext(
        "The secretariat has been notified. It names another contact point, who identifies you first."
    ),
    Decider.NOBODY: lazy_gettext("Your request is saved. No contact point is available to process it yet."),
}


@bp.get("/settings/who-looked")
@requires(Action.SEE_OWN_DATA)
def show_access_log() -> ResponseReturnValue:
    """Show who looked at the reader's name and record."""
    person_id = current_user.id
    return _looks(person_id, postings.postings([person_id]).get(person_id, []), None)


@bp.get("/people/<uuid:person_id>/who-looked")
@requires(Action.SEE_LOOKS, of=erasure_requests.service)
def show_officer_access_log(person_id: UUID) -> ResponseReturnValue:
    """Show the contact point who looked at an officer since the officer serves in the country."""
    it: Service = thing()
    with transaction():  # before anything is shown: what cannot be written is not read, either
        erasure.record_access_log_view(person_id, it.country)
    return _looks(person_id, it.postings, it.alias)


@bp.get("/settings/my-data")
@requires(Action.SEE_OWN_DATA)
def my_data() -> ResponseReturnValue:
    """Show how to take the own data along, and how to be erased."""
    return _page(ReauthenticationForm(), 200)


@bp.post("/settings/my-data")
@requires(Action.SEE_OWN_DATA, gives_file=True)
def export_data() -> ResponseReturnValue:
    """Send everything that is held of the reader as one file."""
    if (refused := _refuse("data")) is not None:
        return refused
    person_id = current_user.id
    with transaction():
        erasure.record_export(person_id)
    return archive.send(privacy_archive.write(person_id, archive.pages_of))


@bp.post("/settings/my-data/erasure")
@requires(Action.SEE_OWN_DATA)
def ask_erasure() -> ResponseReturnValue:
    """Ask to be erased."""
    if (refused := _refuse("erasure")) is not None:
        return refused
    with transaction():
        erasure.ask_erasure(current_user.id, clock.now())
    flash(str(_ASKED[erasure_requests.decider(current_user.id, clock.today())]))
    return redirect(url_for("privacy.my_data"))


@bp.post("/settings/my-data/erasure/withdrawal")
@requires(Action.SEE_OWN_DATA)
def cancel_erasure() -> ResponseReturnValue:
    """Take back that one asks to be erased."""
    with transaction():
        erasure.take_back_erasure(current_user.id, clock.now())
    flash(_("Taken back. Nothing is erased."))
    return redirect(url_for("privacy.my_data"))


def _looks(person_id: UUID, served: Sequence[PostingSpan], alias: str | None) -> ResponseReturnValue:
    """Show who looked at the reader or, with an alias, at an officer: what another country looked at is not told."""
    form, today = LooksForm(request.args), clock.today()
    right = form.validate()
    before = access_log.read_place(form.before.data or "") if right else None
    of = None if alias is None else person_id
    stays = None if of is None else access_log.stays(served, actor().country)
    here = served if of is None else [span for span in served if span.country == actor().country]
    listed = access_log.listed(here, intake.sheets_that_changed(person_id))
    found: Sequence[ChainEntry] = trail.looks(
        person_id, listed, access_log.NAMES, stays=stays, before=before, size=access_log.PAGE + 1
    )
    first = access_log.address(of) if before else ""
    shown = access_log.listing(found, actor(), today, of)
    above = [pair.alias for pair in supervision.above(person_id, today)] if of is None else []
    page_of = render_template(
        "privacy/looks.html", first=first, person_id=person_id, alias=alias or "", supervisors=above, **shown
    )
    return page_of, 200 if right else 422


def _refuse(wrong: str) -> ResponseReturnValue | None:
    form = ReauthenticationForm(request.form)
    return reauthentication.require_password(form, lambda: _page(form, 422, wrong))


def _page(form: ReauthenticationForm, status: int, wrong: str = "") -> Response:
    asked_at = erasure_requests.erasure_asked_at(current_user.id)
    decider = erasure_requests.decider(current_user.id, clock.today())
    shown = render_template(
        "privacy/own_data.html",
        form=form,
        proved=door.recently_authenticated(),
        asked_at=asked_at,
        decider=decider,
        wrong=wrong,
    )
    return make_response(shown, status)
