"""Forms of signing in and of reauthentication."""

from collections.abc import Collection

from flask import Request
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.sign_in.domain import PASSPHRASE_MAX
from app.web.csrf import FIELD
from app.web.forms import Form
from app.web.layout import is_within

SAVED_PREFIX = "kept-"
# what proves somebody stands in no page: each field for a password, a code or a passkey's answer has one of these names
SECRET_FIELDS = frozenset({"password", "proof", "new", "code", "credential"})
# addresses below which `code` is the name of a figure or an event
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


class PasskeyForm(Form):
    """What a browser says of a passkey, as JSON."""

    credential = StringField(validators=[InputRequired(), Length(max=16_000)])
    shared = BooleanField()


class ProveForm(Form):
    password = PasswordField(
        _("Password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )


class LanguageForm(Form):
    to = StringField(validators=[InputRequired(), Length(max=12)])


def saved_fields(request: Request, by: str) -> list[tuple[str, str]]:
    """Return a form that arrived after its session had ended, as hidden fields for the sign-in page.

    A field may stand in it more than once: each tick of a list of boxes has its own. Passwords and codes are typed
    again: whoever finds the page open must not find them in it. Where nothing else was typed nothing is kept, nor on
    a shared computer, nor where nobody was signed in (`by` is ""): whoever comes next would find it.
    """
    out = SECRET_FIELDS - {"code"} if is_within(request.path, PATHS_WITH_PUBLIC_CODES) else SECRET_FIELDS
    sent = [(n, v) for n, v in request.form.items(multi=True) if n not in {FIELD, *out}]
    only_secrets = not sent and any(request.form.get(name) for name in out)
    if not by or only_secrets:
        return []
    return [("kept_to", request.path), ("kept_by", by), *((f"{SAVED_PREFIX}{name}", value) for name, value in sent)]


def saved_form(request: Request, readers: Collection[str]) -> tuple[str, list[tuple[str, str]]] | None:
    """Return where a kept form goes and its fields, or None when there is none, or it is another person's."""
    to = request.form.get("kept_to", "")
    if not to or request.form.get("kept_by") not in readers:
        return None
    return to, [(n[len(SAVED_PREFIX) :], v) for n, v in request.form.items(multi=True) if n.startswith(SAVED_PREFIX)]
