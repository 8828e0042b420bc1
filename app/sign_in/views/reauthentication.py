"""Ask for the password again before sensitive actions (after 10 minutes), as a session may have been left open."""

from collections.abc import Callable, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import PasswordField

from app.sign_in.forms.authentication import ReauthenticationForm
from app.sign_in.service.sessions import RateLimited, WrongCredentials
from app.sign_in.views import current_session
from app.web.errors import page


def require_password(
    form: ReauthenticationForm, again: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue | None:
    """Return the response to an invalid form or without a recent or valid password, else None."""
    lately, right = current_session.recently_authenticated(), form.validate()
    if not (form.proves(lately=lately) and right):
        return again()
    return None if lately else check_password(form.password, again)


def check_password(field: PasswordField, again: Callable[[], ResponseReturnValue]) -> ResponseReturnValue | None:
    """Check the password in a field; return the error response, or None if it is right."""
    result = current_session.reauthenticate(field.data or "")
    if isinstance(result, RateLimited):
        return page(429, seconds=result.seconds)
    if isinstance(result, WrongCredentials):
        field.errors = [_("The password is not right.")]
        return again()
    return None


def ask_password(
    done: str, whose: str, way: Sequence[tuple[str, str]], sent: Sequence[tuple[str, str]] = ()
) -> ResponseReturnValue | None:
    """Ask for the password on a separate page before the action of a button; return None if it is right or not needed.

    `way` has label and address of the pages that lead to the button, `sent` the fields that it sends.
    """
    form = ReauthenticationForm(request.form)

    def again() -> ResponseReturnValue:
        if "password" not in request.form:  # sent by the button, which has no password field
            form.password.errors = []
        steps = [(label, href, "") for label, href in way]
        shown = render_template(
            "sign_in/role_proof.html", whose=whose, done=done, action=request.path, form=form, way=steps, sent=sent
        )
        return shown, 422 if request.method == "POST" else 200

    return require_password(form, again)
