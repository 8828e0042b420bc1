"""Pages for contact points: where an officer serves, leaving, threat, erasure; the consequence comes first."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires, thing
from app.access.policy import Action
from app.db.session import transaction
from app.directory.service import postings
from app.directory.service.postings import NewPosting
from app.i18n.languages import current
from app.identity.queries import person_details
from app.kernel import clock
from app.ports import ports
from app.privacy.forms import EndForm, ErasureForm, LeavingForm, MoveForm, UncoverForm
from app.privacy.pages import posting as pages
from app.privacy.queries import erasure_requests
from app.privacy.queries.erasure_requests import Service
from app.privacy.service import erasure
from app.privacy.views._blueprint import bp
from app.sign_in.web import current_session as door
from app.sign_in.web import reauthentication
from app.sign_in.web.forms import ReauthenticationForm
from app.web.errors import page


@bp.get("/people/<uuid:person_id>/service")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.service)
def show_posting(person_id: UUID) -> ResponseReturnValue:
    """Show where an officer serves, served and will serve, and what can be changed."""
    return _page(_move_form(None), _leaving_form(None), 200)


@bp.get("/people/<uuid:person_id>/service/posting")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.service)
def confirm_move(person_id: UUID) -> ResponseReturnValue:
    """Say what follows from serving elsewhere, or in other roles."""
    if not request.args:  # nothing was chosen yet
        return _back(person_id)
    form = _move_form(request.args)
    if not form.validate() or not _has_role(form):
        return _page(form, _leaving_form(None), 422)
    new = _posting(form)
    said = pages.moving(_it(), new, erasure_requests.agency_names(_it().country), dict(_titles()))
    sent = [("agency", str(new.agency_id)), ("since", new.since.isoformat()), *(("roles", one) for one in new.roles)]
    return _ask(
        _("Change posting"), said, url_for("privacy.change_posting", person_id=person_id), sent, _("Move the officer")
    )


@bp.post("/people/<uuid:person_id>/service/posting")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.service)
def change_posting(person_id: UUID) -> ResponseReturnValue:
    """Let an officer serve elsewhere, or in other roles."""
    form = _move_form(request.form)
    if not form.validate() or not _has_role(form):
        return _page(form, _leaving_form(None), 422)
    with transaction():
        moved = postings.change_posting(person_id, _posting(form), today=clock.today())
    flash(_("The posting is changed.") if moved else _("Nothing changed: the officer already has this posting."))
    return _back(person_id)


@bp.get("/people/<uuid:person_id>/service/leaving")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.ending)
def confirm_leaving(person_id: UUID) -> ResponseReturnValue:
    """Say what follows from leaving."""
    form = _leaving_form(request.args)
    if not form.validate():
        return _page(_move_form(None), form, 422)
    return _ending(EndForm(last_day=form.last_day.data))


@bp.post("/people/<uuid:person_id>/service/leaving")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.ending)
def plan_departure(person_id: UUID) -> ResponseReturnValue:
    """End an officer's service, now or on a later day."""
    form = EndForm(request.form)
    form.today = clock.today()
    if not form.validate():
        return _page(_move_form(None), form, 422)
    if (refused := reauthentication.require_password(form, lambda: (_ending(form), 422))) is not None:
        return refused
    with transaction():
        postings.plan_departure(person_id, form.last_day.data, today=clock.today())
    flash(_("The last day of service is saved."))
    return _back(person_id)


@bp.post("/people/<uuid:person_id>/service/leaving/withdrawal")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.service)
def cancel_departure(person_id: UUID) -> ResponseReturnValue:
    """Take back that an officer leaves."""
    with transaction():
        postings.cancel_departure(person_id, today=clock.today())
    flash(_("The officer stays."))
    return _back(person_id)


@bp.get("/people/<uuid:person_id>/service/protection")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.service)
def confirm_protection(person_id: UUID) -> ResponseReturnValue:
    """Say what follows from being under threat, or no longer."""
    return _protection(UncoverForm())


@bp.post("/people/<uuid:person_id>/service/protection")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.service)
def protect(person_id: UUID) -> ResponseReturnValue:
    """Hide an officer who is under threat, or show one again: a form that says neither changes nothing.

    Anybody of the desk hides one, at once; to show one again is no deputy's, and takes the password.
    """
    form = UncoverForm(request.form)
    if not form.validate():
        return _protection(form), 422
    protected = form.protected.data == "yes"
    if not protected:
        if not person_details.decides(actor(), clock.today()):
            return page(403)
        if (refused := reauthentication.require_password(form, lambda: (_protection(form), 422))) is not None:
            return refused
    titles = [title for _role, title in _titles("en")]  # as in all suggested aliases
    with transaction():
        postings.protect(person_id, protected=protected, titles=titles, today=clock.today())
    flash(_("The officer is hidden.") if protected else _("The officer is shown again."))
    return _back(person_id)


@bp.get("/people/<uuid:person_id>/service/erasure")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.ending)
def confirm_erasure(person_id: UUID) -> ResponseReturnValue:
    """Say what follows from erasing somebody who asked for it."""
    return _erasure(ErasureForm(), 200)


@bp.post("/people/<uuid:person_id>/service/erasure")
@requires(Action.CHANGE_SERVICE, of=erasure_requests.ending)
def erase_account(person_id: UUID) -> ResponseReturnValue:
    """Erase somebody who asked for it and was identified; what nothing brings back is no deputy's to do."""
    if not person_details.decides(actor(), clock.today()):
        return page(403)
    form = ErasureForm(request.form)
    if not form.validate():
        return _erasure(form, 422)
    if (refused := reauthentication.require_password(form, lambda: _erasure(form, 422))) is not None:
        return refused
    with transaction():
        done = erasure.erase_account(person_id, clock.now())
    if not done:
        flash(_("Nothing was erased: the officer does not ask for it any more."), "warning")
        return _back(person_id)
    flash(_("The person is erased."))
    return redirect(url_for("directory.show_people"))


def _it() -> Service:
    found: Service = thing()
    return found


def _titles(code: str = "") -> list[tuple[str, str]]:
    """Return the roles of the framework with their titles in this language or the reader's; a room above knows them."""
    return list(ports().posting_titles(code or current()))


def _move_form(sent: Any) -> MoveForm:
    """Return the form of a posting as it was sent, or as the officer serves today."""
    it, today = _it(), clock.today()
    here = it.on(today)
    as_it_is = {"agency": str(here.agency_id), "roles": list(here.roles), "since": today}
    # what is carried out is what was sent, never what a field would stand at
    form = MoveForm(sent, **({} if sent is request.form else as_it_is))
    form.today = today
    titles = _titles() if here.roles or it.practises else []
    # a role that the framework no longer has is theirs until somebody takes it away
    older = [(role, role) for role in here.roles if role not in dict(titles)]
    form.offer(erasure_requests.agency_names(it.country).items(), [*titles, *older])
    return form


def _leaving_form(sent: Any) -> LeavingForm:
    form = LeavingForm(sent, last_day=None if sent is request.form else clock.today())
    form.today = clock.today()
    return form


def _has_role(form: MoveForm) -> bool:
    if form.roles.pairs and not form.roles.data:
        form.roles.errors = [_("Choose at least one.")]
        return False
    return True


def _posting(form: MoveForm) -> NewPosting:
    """Return the posting that a checked form asks for: under the first role an officer counts, so it stays first."""
    since: date = form.since.data
    chosen, before = list(form.roles.data or ()), _it().on(since).roles
    kept = [role for role in before if role in chosen]
    roles = (*kept, *(role for role in chosen if role not in kept))
    return NewPosting(UUID(form.agency.data), roles, since)


def _page(move: MoveForm, leave: LeavingForm, status: int) -> ResponseReturnValue:
    it = _it()
    with transaction():
        erasure.record_view(it.person_id, it.country)
    shown = pages.page(it, erasure_requests.agency_names(it.country), dict(_titles()), clock.today())
    return render_template("privacy/service.html", it=shown, move=move, leave=leave, today=clock.today()), status


def _ask(
    title: str,
    said: list[str],
    action: str,
    sent: list[tuple[str, str]],
    done: str,
    *,
    proving: ReauthenticationForm | None = None,
    decides: bool = True,
) -> str:
    it = _it()
    return render_template(
        "privacy/consequence.html",
        person_id=it.person_id,
        alias=it.alias,
        title=title,
        said=said,
        action=action,
        sent=sent,
        done=done,
        proving=proving,
        decides=decides,
        proved=door.recently_authenticated(),
    )


def _ending(form: EndForm) -> str:
    last_day: date = form.last_day.data
    said = pages.leaving(_it(), last_day, clock.today())
    action, sent = url_for("privacy.plan_departure", person_id=_it().person_id), [("last_day", last_day.isoformat())]
    return _ask(_("Leaving"), said, action, sent, _("End the service"), proving=form)


def _protection(form: UncoverForm) -> str:
    protected = not _it().protected
    title = _("Under threat") if protected else _("No longer under threat")
    said = pages.protecting(_it(), protected=protected)
    done = _("Hide the officer") if protected else _("Show the officer again")
    action = url_for("privacy.protect", person_id=_it().person_id)
    sent = [("protected", "yes" if protected else "no")]
    decides = protected or person_details.decides(actor(), clock.today())
    return _ask(title, said, action, sent, done, proving=None if protected else form, decides=decides)


def _erasure(form: ErasureForm, status: int) -> ResponseReturnValue:
    it = _it()
    if it.erasure_asked_at is None:
        flash(_("An account is erased only at the person's request. This officer has not made one."), "warning")
        return _back(it.person_id)
    return render_template(
        "privacy/erasure.html",
        person_id=it.person_id,
        alias=it.alias,
        said=pages.erasing(it),
        form=form,
        proved=door.recently_authenticated(),
        decides=person_details.decides(actor(), clock.today()),
    ), status


def _back(person_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("privacy.show_posting", person_id=person_id))
