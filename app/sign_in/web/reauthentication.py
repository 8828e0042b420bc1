"""Asking for the password once more, before what a session that was left open must not do."""

from collections.abc import Callable, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import PasswordField

from app.sign_in.service.sessions import TooMany, Wrong
from app.sign_in.web import sessions as door
from app.sign_in.web.forms import ProvingForm
from app.web.errors import page


def refuse_unproved(form: ProvingForm, again: Callable[[], ResponseReturnValue]) -> ResponseReturnValue | None:
    """Return the answer to a form that does not hold, or whose sender gave the password neither lately nor now."""
    lately, right = door.proved(), form.validate()
    if not (form.proves(lately=lately) and right):
        return again()
    return None if lately else refuse_wrong(form.password, again)


def refuse_wrong(field: PasswordField, again: Callable[[], ResponseReturnValue]) -> ResponseReturnValue | None:
    """Take the password that was typed into a field; return the answer where it is not right, None where it is."""
    found = door.prove(field.data or "")
    if isinstance(found, TooMany):
        return page(429, seconds=found.seconds)
    if isinstance(found, Wrong):
        field.errors = [_("The password is not right.")]
        return again()
    return None


def ask_proof(
    done: str, whose: str, way: Sequence[tuple[str, str]], sent: Sequence[tuple[str, str]] = ()
) -> ResponseReturnValue | None:
    """Ask for the password on a page of its own, before what a single button does; None where it was given.

    `way` is words and addresses of the pages that lead to the button, `sent` what it sends.
    """
    form = ProvingForm(request.form)

    def again() -> ResponseReturnValue:
        if "password" not in request.form:  # they came by the button, which has no field beside it
            form.password.errors = []
        steps = [(words, href, "") for words, href in way]
        shown = render_template(
            "sign_in/role_proof.html", whose=whose, done=done, action=request.path, form=form, way=steps, sent=sent
        )
        return shown, 422 if request.method == "POST" else 200

    return refuse_unproved(form, again)
