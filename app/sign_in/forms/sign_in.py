"""Forms of `/sign-in`, and the fields of a form that was submitted after the end of its session."""

from collections.abc import Collection

from flask import Request
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.sign_in.domain import PASSPHRASE_MAX
from app.web.forms import Form
from app.web.http.csrf import FIELD
from app.web.layout import is_within

SAVED_PREFIX = "kept-"
# names of all fields for a password, a code or the response of a passkey: their values are in no page
SECRET_FIELDS = frozenset({"password", "proof", "new", "code", "credential"})
# paths below which `code` is the code of a figure or an event
PATHS_WITH_PUBLIC_CODES = ("/plan/figures", "/teaching/workshops")


class SignInForm(Form):
    name = StringField(
        _("Work e-mail or service number"),
        [
            InputRequired(_("Enter your work e-mail or service number.")),
            Length(max=200, message=_("Enter at most 200 characters.")),
        ],
    )
    password = PasswordField(
        _("Password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )
    shared = BooleanField(_("This is a shared computer"))


class LanguageForm(Form):
    to = StringField(validators=[InputRequired(), Length(max=12)])


def saved_fields(request: Request, by: str) -> list[tuple[str, str]]:
    """Return a form that arrived after the end of its session, as hidden fields for the sign-in page.

    A field may occur more than once, as checkboxes do. Passwords and codes are never in the page: the user types them
    again. Nothing is saved if nothing else was typed, on a shared computer, or if no user was signed in (`by` is ""):
    the next user of the browser would find it.
    """
    secret = SECRET_FIELDS - {"code"} if is_within(request.path, PATHS_WITH_PUBLIC_CODES) else SECRET_FIELDS
    sent = [(n, v) for n, v in request.form.items(multi=True) if n not in {FIELD, *secret}]
    if not by or (not sent and any(map(request.form.get, secret))):
        return []
    return [("kept_to", request.path), ("kept_by", by), *((f"{SAVED_PREFIX}{name}", value) for name, value in sent)]


def saved_form(request: Request, readers: Collection[str]) -> tuple[str, list[tuple[str, str]]] | None:
    """Return the address and the fields of a saved form, or None if there is none or it belongs to another person."""
    to = request.form.get("kept_to", "")
    if not to or request.form.get("kept_by") not in readers:
        return None
    prefix = len(SAVED_PREFIX)
    return to, [(n[prefix:], v) for n, v in request.form.items(multi=True) if n.startswith(SAVED_PREFIX)]
