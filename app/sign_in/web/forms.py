"""Forms for pages of other packages: reauthentication, codes, passkeys, new passwords, names, aliases."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.identity.domain.contact import ALIAS_MAX, NAME_MAX
from app.kernel.invisible_characters import is_blank, is_name
from app.sign_in.domain import PASSPHRASE_MAX, PASSPHRASE_MIN
from app.sign_in.service import passwords
from app.web.forms import Form, trimmed


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


AT_MOST_200 = _("Enter at most 200 characters.")


def _require_visible(_form: Form, field: Any) -> None:
    if is_blank(field.data or ""):
        raise ValidationError(_("Enter the name."))


def _require_letters(_form: Form, field: Any) -> None:
    if not is_name(field.data or ""):
        raise ValidationError(_("Enter the name with letters."))


class PersonNameForm(Form):
    """A person's name, and how it is written in Latin letters."""

    name = StringField(
        _("Name as on certificates"),
        [
            InputRequired(_("Enter the name.")),
            Length(max=NAME_MAX, message=AT_MOST_200),
            _require_visible,
            _require_letters,
        ],
        filters=[trimmed],
    )
    latin_name = StringField(
        _("Name in Latin letters, if it uses other letters"),
        [Optional(), Length(max=NAME_MAX, message=AT_MOST_200), _require_visible, _require_letters],
        filters=[trimmed],
    )


class AliasForm(Form):
    """The alias of a person, by which colleagues know them."""

    alias = StringField(
        _("Alias"),
        [
            InputRequired(_("Enter an alias.")),
            Length(min=3, max=ALIAS_MAX, message=_("Enter 3 to 80 characters.")),
            _require_visible,
        ],
        filters=[trimmed],
    )


class OwnNameForm(PersonNameForm, AliasForm):
    """Name and alias of a new account, as its owner enters them."""


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
