"""Views of `/people/<id>/access` for helpers: restore access, sign out, confirm an address, close."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access import people_rules
from app.access.guard import actor, requires
from app.access.people_rules import Helper
from app.access.policy import Action
from app.db.session import transaction
from app.identity import service
from app.kernel import clock
from app.recovery import queries
from app.recovery.domain import Account, IdentityCheck, can_help
from app.recovery.forms import CloseAccountForm, RestoreAccessForm
from app.recovery.pages.account_access import CloseAccountPage, ResetCodePage, account_access_page, confirm_address_page
from app.recovery.service import address_change, restore_access
from app.recovery.service.address_change import Confirmed
from app.recovery.service.restore_access import ResetRefusal
from app.recovery.views._blueprint import bp
from app.sign_in.service import second_factor
from app.sign_in.views import current_session, reauthentication
from app.web.pages import render

CONFIRMED = {
    Confirmed.WAITS: lazy_gettext("Confirmed. The address changes once the link in the new mailbox is opened, too."),
    Confirmed.DONE: lazy_gettext("Confirmed. The address is changed."),
    Confirmed.TAKEN: lazy_gettext("Nothing was changed: another account has this address."),
    None: lazy_gettext("There is no open change of address. The person can request one in the settings."),
}


@bp.get("/people/<uuid:person_id>/access")
@requires(Action.LET_BACK_IN, load=queries.account, applies_to=can_help)
def show_account_access(account: Account, person_id: UUID) -> ResponseReturnValue:
    """Show the ways to help a person with the account."""
    return _access(account, RestoreAccessForm(), 200)


@bp.post("/people/<uuid:person_id>/access")
@requires(Action.LET_BACK_IN, load=queries.account)
def restore_account(account: Account, person_id: UUID) -> ResponseReturnValue:
    """Issue a reset code, shown once; for an administrator, record the first of two requests."""
    form = RestoreAccessForm(request.form)
    refusal = reauthentication.require_password(form, lambda: _access(account, form, 422))
    if refusal is not None:
        return refusal
    how, now = IdentityCheck(form.how.data), clock.real_now()
    with transaction():
        locked = restore_access.lock_account(actor(), person_id)
        if locked.helper is Helper.TWO_ADMINISTRATORS:
            result = restore_access.approve_reset(person_id, current_user.id, how, now)
        else:
            result = restore_access.issue_reset_code(person_id, how, now)
    if not isinstance(result, ResetRefusal):
        return render(ResetCodePage(person_id=person_id, alias=locked.alias, code=result))
    if result is ResetRefusal.ASKED:
        flash(_("Your part is done. A second administrator has to agree within 72 hours."))
    return redirect(url_for("recovery.show_account_access", person_id=person_id))


@bp.post("/people/<uuid:person_id>/access/sessions")
@requires(Action.LET_BACK_IN, of=queries.account)
def end_sessions(person_id: UUID) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    with transaction():
        restore_access.lock_account(actor(), person_id)
        second_factor.end_sessions(person_id)
    flash(_("The person is signed out everywhere."))
    return redirect(url_for("recovery.show_account_access", person_id=person_id))


@bp.get("/people/<uuid:person_id>/access/address")
@requires(Action.LET_BACK_IN, load=queries.closable_account)
def ask_admin_address(account: Account, person_id: UUID) -> ResponseReturnValue:
    """Show the form that confirms a change of the mail address in place of the old mailbox."""
    return _address(account, RestoreAccessForm(), 200)


@bp.post("/people/<uuid:person_id>/access/address")
@requires(Action.LET_BACK_IN, load=queries.closable_account)
def confirm_admin_address(account: Account, person_id: UUID) -> ResponseReturnValue:
    """Confirm a change of the mail address in place of the old mailbox, which the person cannot open any more."""
    form = RestoreAccessForm(request.form)
    refusal = reauthentication.require_password(form, lambda: _address(account, form, 422))
    if refusal is not None:
        return refusal
    with transaction():
        _lock_closable(person_id)
        result = address_change.confirm_in_place(person_id, IdentityCheck(form.how.data), clock.real_now())
    flash(str(CONFIRMED[result]), "good" if result in {Confirmed.WAITS, Confirmed.DONE} else "warning")
    return redirect(url_for("recovery.show_account_access", person_id=person_id))


@bp.get("/people/<uuid:person_id>/access/closing")
@requires(Action.CLOSE_ACCOUNT, load=queries.closable_account)
def ask_close_account(account: Account, person_id: UUID) -> ResponseReturnValue:
    """Show the consequences of closing an account."""
    return _closing(account, CloseAccountForm(), 200)


@bp.post("/people/<uuid:person_id>/access/closing")
@requires(Action.CLOSE_ACCOUNT, load=queries.closable_account)
def close_account(account: Account, person_id: UUID) -> ResponseReturnValue:
    """Close an account."""
    form = CloseAccountForm(request.form)
    refusal = reauthentication.require_password(form, lambda: _closing(account, form, 422))
    if refusal is not None:
        return refusal
    with transaction():
        _lock_closable(person_id)
        service.deactivate(person_id, clock.today())
    flash(_("The account is closed. All its sessions have ended."))
    return redirect(url_for("directory.show_people"))


def _lock_closable(person_id: UUID) -> None:
    """Lock an account; raise NoResultFound if the actor may no longer close it."""
    if not people_rules.can_close(actor(), restore_access.lock_account(actor(), person_id)):
        raise NoResultFound


def _access(account: Account, form: RestoreAccessForm, status: int) -> Response:
    page = account_access_page(actor(), account, form, recently_authenticated=current_session.recently_authenticated())
    return make_response(render(page), status)


def _address(account: Account, form: RestoreAccessForm, status: int) -> Response:
    page = confirm_address_page(account, form, recently_authenticated=current_session.recently_authenticated())
    return make_response(render(page), status)


def _closing(account: Account, form: CloseAccountForm, status: int) -> Response:
    page = CloseAccountPage(
        person_id=account.person_id,
        alias=account.alias,
        form=form,
        recently_authenticated=current_session.recently_authenticated(),
    )
    return make_response(render(page), status)
