"""Pages for who helps: letting somebody back in who was known again, signing them out, closing the account."""

from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access import people_rules
from app.access.guard import actor, requires, thing
from app.access.labels import ROLES
from app.access.people_rules import Helper
from app.access.policy import Action, Role
from app.db.session import transaction
from app.i18n.babel import joined
from app.identity import service
from app.kernel import clock
from app.recovery import queries
from app.recovery.domain import Account, How
from app.recovery.forms import CloseForm, LetInForm
from app.recovery.service import address_change, restore_access
from app.recovery.service.address_change import Confirmed
from app.recovery.service.restore_access import NotYet
from app.recovery.views._blueprint import bp
from app.sign_in.queries import factors
from app.sign_in.service import second_factor
from app.sign_in.web import current_session as door
from app.sign_in.web import reauthentication

CONFIRMED = {
    Confirmed.WAITS: lazy_gettext("Confirmed. The address changes once the link in the new mailbox is opened, too."),
    Confirmed.DONE: lazy_gettext("Confirmed. The address is changed."),
    Confirmed.TAKEN: lazy_gettext("Nothing was changed: another account has this address."),
    None: lazy_gettext("No change of address waits any more. The person asks for it in the settings."),
}


@bp.get("/people/<uuid:person_id>/access")
@requires(Action.LET_BACK_IN, of=queries.account)
def show_account_access(person_id: UUID) -> ResponseReturnValue:
    """Show how somebody gets back in."""
    return _page(thing(), LetInForm(), 200)


@bp.post("/people/<uuid:person_id>/access")
@requires(Action.LET_BACK_IN, of=queries.account)
def restore_account(person_id: UUID) -> ResponseReturnValue:
    """Make a code for somebody who was known again, shown this once; for an administrator it takes two."""
    account: Account = thing()
    form = LetInForm(request.form)
    if (refused := reauthentication.require_password(form, lambda: _page(account, form, 422))) is not None:
        return refused
    how, now = How(form.how.data), clock.real_now()
    with transaction():
        account = restore_access.hold(actor(), person_id)
        if account.helper is Helper.TWO_ADMINISTRATORS:
            made = restore_access.agree(person_id, current_user.id, how, now)
        else:
            made = restore_access.let_in(person_id, how, now)
    if not isinstance(made, NotYet):
        return render_template("recovery/access_code.html", it=_shown(account), code=made)
    if made is NotYet.ASKED:
        flash(_("Your part is done. A second administrator has to agree within 72 hours."))
    return redirect(url_for("recovery.show_account_access", person_id=person_id))


@bp.post("/people/<uuid:person_id>/access/sessions")
@requires(Action.LET_BACK_IN, of=queries.account)
def end_sessions(person_id: UUID) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    with transaction():
        restore_access.hold(actor(), person_id)
        second_factor.end_sessions(person_id)
    flash(_("The person is signed out everywhere."))
    return redirect(url_for("recovery.show_account_access", person_id=person_id))


@bp.get("/people/<uuid:person_id>/access/address")
@requires(Action.LET_BACK_IN, of=queries.closable)
def ask_admin_address(person_id: UUID) -> ResponseReturnValue:
    """Say what it is to confirm a change of the mail address in place of the old mailbox."""
    return _address(thing(), LetInForm(), 200)


@bp.post("/people/<uuid:person_id>/access/address")
@requires(Action.LET_BACK_IN, of=queries.closable)
def confirm_admin_address(person_id: UUID) -> ResponseReturnValue:
    """Confirm a change of the mail address in place of the old mailbox, which the person cannot open any more."""
    form = LetInForm(request.form)
    if (refused := reauthentication.require_password(form, lambda: _address(thing(), form, 422))) is not None:
        return refused
    with transaction():
        if not people_rules.can_close(actor(), restore_access.hold(actor(), person_id)):
            raise NoResultFound
        done = address_change.confirm_in_place(person_id, How(form.how.data), clock.real_now())
    flash(str(CONFIRMED[done]), "good" if done in {Confirmed.WAITS, Confirmed.DONE} else "warning")
    return redirect(url_for("recovery.show_account_access", person_id=person_id))


@bp.get("/people/<uuid:person_id>/access/closing")
@requires(Action.CLOSE_ACCOUNT, of=queries.closable)
def ask_close_account(person_id: UUID) -> ResponseReturnValue:
    """Say what follows when an account is closed."""
    return _closing(thing(), CloseForm(), 200)


@bp.post("/people/<uuid:person_id>/access/closing")
@requires(Action.CLOSE_ACCOUNT, of=queries.closable)
def close_account(person_id: UUID) -> ResponseReturnValue:
    """Close an account."""
    form = CloseForm(request.form)
    if (refused := reauthentication.require_password(form, lambda: _closing(thing(), form, 422))) is not None:
        return refused
    with transaction():
        if not people_rules.can_close(actor(), restore_access.hold(actor(), person_id)):
            raise NoResultFound
        service.deactivate(person_id, clock.today())
    flash(_("The account is closed. All its sessions have ended."))
    return redirect(url_for("directory.show_people"))


def _page(account: Account, form: LetInForm, status: int) -> Response:
    now = clock.real_now()
    pair = account.helper is Helper.TWO_ADMINISTRATORS
    wish = queries.wish(account.person_id, now) if pair else None
    shown = render_template(
        "recovery/access.html",
        it=_shown(account),
        form=form,
        proved=door.recently_authenticated(),
        places=len(factors.devices(account.person_id, now)),
        code_is_out=factors.has_open_reset_code(account.person_id, now),
        pair=pair,
        named=account.helper is Helper.CONTACT_POINT,
        too_few=pair and not queries.helpers(account.person_id, clock.today())[1],
        wish=wish,
        mine=wish is not None and wish.asked_by == current_user.id,
        closable=people_rules.can_close(actor(), account),
        moving=not pair and queries.waits_for_the_old_mailbox(account.person_id, now),
    )
    return make_response(shown, status)


def _address(account: Account, form: LetInForm, status: int) -> Response:
    shown = render_template(
        "recovery/access_address.html",
        it=_shown(account),
        form=form,
        proved=door.recently_authenticated(),
        waits=queries.waits_for_the_old_mailbox(account.person_id, clock.real_now()),
        named=account.helper is Helper.CONTACT_POINT,
    )
    return make_response(shown, status)


def _closing(account: Account, form: CloseForm, status: int) -> Response:
    shown = render_template(
        "recovery/access_closing.html", it=_shown(account), form=form, proved=door.recently_authenticated()
    )
    return make_response(shown, status)


def _shown(account: Account) -> dict[str, Any]:
    return {
        "id": account.person_id,
        "alias": account.alias,
        # who helps staff needs no country, and of who is under threat it is for the own contact point alone
        "country": account.country if account.helper is Helper.CONTACT_POINT else "",
        "roles": joined([str(ROLES[role]) for role in Role if role in account.roles]),
    }
