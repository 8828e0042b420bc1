"""Pages for everybody about the own data: who looked at them, all of them in one file, being erased."""

from datetime import UTC, datetime, time

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.accounts import roster
from app.accounts import sign_in as door
from app.accounts.service import TooMany, Wrong
from app.audit import queries as trail
from app.audit.queries import Lists
from app.db.session import transaction
from app.kernel import clock
from app.privacy import queries, service, writing
from app.privacy.forms import LooksForm, OwnDataForm
from app.privacy.pages import archive, looks
from app.web.errors import page

bp = Blueprint("privacy", __name__, template_folder="templates", url_prefix="/settings")


@bp.get("/who-looked")
@requires(Action.SEE_OWN_DATA)
def who_looked() -> ResponseReturnValue:
    """Show who looked at the reader's name and record."""
    form = LooksForm(request.args)
    right = form.validate()
    before = looks.read_place(form.before.data or "") if right else None
    person_id, today = current_user.id, clock.today()
    served = roster.postings([person_id]).get(person_id, [])
    since = min((span.since for span in served), default=today)
    begun = datetime.combine(since, time(), UTC)
    lists = Lists(actor().country, begun, {span.agency_id for span in served})
    found = trail.looks(person_id, lists, looks.NAMES, before=before, size=looks.PAGE + 1)
    first = url_for(".who_looked") if before else ""
    shown = render_template("privacy/looks.html", first=first, **looks.listing(found, actor(), today))
    return shown, 200 if right else 422


@bp.get("/my-data")
@requires(Action.SEE_OWN_DATA)
def my_data() -> ResponseReturnValue:
    """Show how to take the own data along, and how to be erased."""
    return _page(OwnDataForm(), 200)


@bp.post("/my-data")
@requires(Action.SEE_OWN_DATA, gives_file=True)
def take_data() -> ResponseReturnValue:
    """Send everything that is held of the reader as one file."""
    if (refused := _refuse("data")) is not None:
        return refused
    person_id = current_user.id
    with transaction():
        service.note_taken(person_id)
    return archive.send(writing.write(person_id, archive.pages_of))


@bp.post("/my-data/erasure")
@requires(Action.SEE_OWN_DATA)
def ask_erasure() -> ResponseReturnValue:
    """Ask to be erased."""
    if (refused := _refuse("erasure")) is not None:
        return refused
    with transaction():
        service.ask_erasure(current_user.id, clock.now())
    flash(_("Your contact point has been told. They identify you first."))
    return redirect(url_for(".my_data"))


@bp.post("/my-data/erasure/withdrawal")
@requires(Action.SEE_OWN_DATA)
def take_back_erasure() -> ResponseReturnValue:
    """Take back that one asks to be erased."""
    with transaction():
        service.take_back_erasure(current_user.id, clock.now())
    flash(_("Taken back. Nothing is erased."))
    return redirect(url_for(".my_data"))


def _refuse(wrong: str) -> Response | None:
    """Return the answer to who has not given the password lately and does not give it right now."""
    form = OwnDataForm(request.form)
    if not form.validate():
        return _page(form, 422, wrong)
    if door.proved():
        return None
    answer = door.prove(form.password.data or "")
    if isinstance(answer, TooMany):
        return page(429, seconds=answer.seconds)
    if isinstance(answer, Wrong):
        form.password.errors = [_("The password is not right.")]
        return _page(form, 422, wrong)
    return None


def _page(form: OwnDataForm, status: int, wrong: str = "") -> Response:
    asked_at = queries.erasure_asked_at(current_user.id)
    shown = render_template("privacy/own_data.html", form=form, proved=door.proved(), asked_at=asked_at, wrong=wrong)
    return make_response(shown, status)
