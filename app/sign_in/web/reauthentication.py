"""Asking for the password once more, before what a session that was left open must not do."""

from collections.abc import Callable, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import PasswordField

from app.sign_in.service.sessions import RateLimited, WrongCredentials
from app.sign_in.web import current_session as door
from app.sign_in.web.forms import ReauthenticationForm
from app.web.errors import page


def require_password(
    form: ReauthenticationForm, again: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue | None:
    """Return the answer to a form that does not hold, or whose sender gave the password neither lately nor now."""
    lately, right = door.recently_authenticated(), form.validate()
    if not (form.proves(lately=lately) and right):
        return again()
    return None if lately else check_password(form.password, again)


def check_password(field: PasswordField, again: Callable[[], ResponseReturnValue]) -> ResponseReturnValue | None:
    """Take the password that was typed into a field; return the answer where it is not right, None where it is."""
    found = door.reauthenticate(field.data or "")
    if isinstance(found, RateLimited):
        return page(429, seconds=found.seconds)
    if isinstance(found, WrongCredentials):
        field.errors = [_("The password is not right.")]
        return again()
    return None


def ask_password(
    done: str, whose: str, way: Sequence[tuple[str, str]], sent: Sequence[tuple[str, str]] = ()
) -> ResponseReturnValue | None:
    """Ask for the password on a page of its own, before what a single button does; None where it was given.

    `way` is words and addresses of the pages that lead to the button, `sent` what it sends.
    """
    form = ReauthenticationForm(request.form)

    def again() -> ResponseReturnValue:
        if "password" not in request.form:  # they came by the button, which has no field beside it
            form.password.errors = []
        steps = [(words, href, "") for words, href in way]
        shown = render_template(
            "sign_in/role_proof.html", whose=whose, done=done, action=request.path, form=form, way=steps, sent=sent
        )
        return shown, 422 if request.method == "POST" else 200

    return require_password(form, again)
