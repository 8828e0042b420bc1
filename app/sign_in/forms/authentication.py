"""Forms that authenticate a user: passwords, codes, passkeys, new passwords, reauthentication."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.sign_in.domain import PASSPHRASE_MAX, PASSPHRASE_MIN
from app.sign_in.service import passwords
from app.web.forms import Form


class CodeForm(Form):
    code = StringField(
        _("Code"),
        [InputRequired(_("Enter the code.")), Length(max=64, message=_("Enter the code."))],
    )


class OwnPasswordForm(Form):
    """A new password."""

    new = PasswordField(
        _("Password"),
        [
            InputRequired(_("Enter a new password.")),
            Length(min=PASSPHRASE_MIN, message=_("Enter at least 15 characters.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )

    def validate_new(self, field: Any) -> None:
        """Refuse a common password."""
        if passwords.is_common(field.data or ""):
            raise ValidationError(_("Many people use this password. Enter another one."))


class ReauthenticationForm(Form):
    """An action that asks for the password, unless the user has authenticated recently."""

    password = PasswordField(
        _("Your password"), [Optional(), Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters."))]
    )

    def proves(self, *, lately: bool) -> bool:
        """Return whether a required password is present, and set the error otherwise."""
        if lately or self.password.data:
            return True
        self.password.errors = [_("Enter your password.")]
        return False


class PasskeyForm(Form):
    """The response of a browser about a passkey, as JSON."""

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
