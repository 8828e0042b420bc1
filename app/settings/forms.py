"""Forms of /settings and /settings/sign-in: preferences, password, second factors, mail address, devices."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.identity.domain.contact import is_mail
from app.identity.domain.people import Appearance, MailRhythm
from app.kernel.invisible_characters import without_unseen
from app.sign_in.domain import PASSPHRASE_MAX, PASSPHRASE_MIN, Factor
from app.sign_in.forms.authentication import ProveForm
from app.web.forms import Form, OneOfField


class AgainForm(ProveForm):
    """The password, and a code if the account has a second factor."""

    code = StringField(_("Code"), [Length(max=64, message=_("Enter the code."))])

    def wants_code(self) -> bool:
        """Return whether the code is missing, and set the error."""
        if (self.code.data or "").strip():
            return False
        self.code.errors = [_("Enter the code.")]
        return True


class RemoveForm(Form):
    factor = OneOfField(pairs=[(factor, "") for factor in Factor])
    key = StringField(validators=[Length(max=36)])


class NewPasswordForm(ProveForm):
    """The new and the current password, which protects against strangers at an unlocked screen."""

    new = PasswordField(
        _("New password"),
        [
            InputRequired(_("Enter a new password.")),
            Length(min=PASSPHRASE_MIN, message=_("Enter at least 15 characters.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )


class DeviceForm(Form):
    device = StringField(validators=[InputRequired(), Length(max=36)])


class SettingsForm(Form):
    """Language of pages and lessons, appearance, contrast, data saver, country visibility, frequency of mails."""

    language = OneOfField(_("Language of the pages"))
    content_language = OneOfField(_("Language of lessons"))
    appearance = OneOfField(
        _("Appearance"),
        [(Appearance.DEVICE, _("As this device")), (Appearance.LIGHT, _("Light")), (Appearance.DARK, _("Dark"))],
    )
    more_contrast = BooleanField(_("More contrast"))
    data_saver = BooleanField(_("Save data: load pictures only when I ask"))
    shows_country = BooleanField(_("Officers of other countries may see which country I serve"))
    mail_rhythm = OneOfField(
        _("Mail"), [(MailRhythm.WEEKLY, _("Once a week, if there are open tasks")), (MailRhythm.NEVER, _("Never"))]
    )

    def offer(self, interface: Sequence[tuple[str, str]], content: Sequence[tuple[str, str]]) -> None:
        """Set the languages to choose from."""
        self.language.offer(interface)
        self.content_language.offer([("", _("The same as the pages")), *content])


def _a_mail(_form: Form, field: Any) -> None:
    if not is_mail(field.data or ""):
        raise ValidationError(_("Enter one mail address, such as name@service.example."))


def _plain(text: str | None) -> str | None:
    shown = without_unseen(text)
    return None if shown is None else shown.strip()


class NewAddressForm(Form):
    """The new mail address."""

    mail = StringField(_("New work e-mail"), [InputRequired(_("Enter the work e-mail.")), _a_mail], filters=[_plain])
