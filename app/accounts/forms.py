"""What a person may send about the own account."""

from collections.abc import Collection, Sequence

from flask import Request
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts.domain import PASSPHRASE_MAX, PASSPHRASE_MIN, Appearance, Factor, MailRhythm
from app.web.csrf import FIELD
from app.web.forms import Form, OneOfField

KEPT = "kept-"
# what proves somebody stands in no page: each field for a password, a code or a passkey's answer has one of these names
SECRET = frozenset({"password", "proof", "new", "code", "credential"})
# blueprints in which `code` is the name of a figure or an event, which opens nothing
NAMING = frozenset({"figures", "drafting"})


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


class CodeForm(Form):
    code = StringField(
        _("Code"),
        [InputRequired(_("Enter the code.")), Length(max=64, message=_("Enter the code."))],
    )


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


class AgainForm(ProveForm):
    """The password, and a code of whoever has a second step."""

    code = StringField(_("Code"), [Length(max=64, message=_("Enter the code."))])

    def wants_code(self) -> bool:
        """Say whether there is no code yet, and that it is missing."""
        if (self.code.data or "").strip():
            return False
        self.code.errors = [_("Enter the code.")]
        return True


class RemoveForm(Form):
    factor = OneOfField(pairs=[(factor, "") for factor in Factor])
    key = StringField(validators=[Length(max=36)])


class NewPasswordForm(ProveForm):
    """The password of now stands in it, too: whoever finds a screen open must not set another one."""

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


class LanguageForm(Form):
    to = StringField(validators=[InputRequired(), Length(max=12)])


class SettingsForm(Form):
    """Interface and content language, appearance, contrast, data-saver, rhythm of mails."""

    language = OneOfField(_("Language of the pages"))
    content_language = OneOfField(_("Language of lessons"))
    appearance = OneOfField(
        _("Appearance"),
        [
            (Appearance.DEVICE, _("As this device")),
            (Appearance.LIGHT, _("Light")),
            (Appearance.DARK, _("Dark")),
        ],
    )
    more_contrast = BooleanField(_("More contrast"))
    data_saver = BooleanField(_("Save data: load pictures only when I ask"))
    shows_country = BooleanField(_("Officers of other countries may see which country I serve"))
    mail_rhythm = OneOfField(
        _("Mail"),
        [(MailRhythm.WEEKLY, _("Once a week, if there are open tasks")), (MailRhythm.NEVER, _("Never"))],
    )

    def offer(self, interface: Sequence[tuple[str, str]], content: Sequence[tuple[str, str]]) -> None:
        """Set the languages to choose from."""
        self.language.offer(interface)
        self.content_language.offer([("", _("The same as the pages")), *content])


def kept_fields(request: Request, by: str) -> list[tuple[str, str]]:
    """Return a form that arrived after its session had ended, as hidden fields for the sign-in page.

    A field may stand in it more than once: each tick of a list of boxes has its own. Passwords and codes are typed
    again: whoever finds the page open must not find them in it. Where nothing else was typed nothing is kept, nor on
    a shared computer, nor where nobody was signed in (`by` is ""): whoever comes next would find it.
    """
    out = SECRET - {"code"} if request.blueprint in NAMING else SECRET
    sent = [(n, v) for n, v in request.form.items(multi=True) if n not in {FIELD, *out}]
    only_secrets = not sent and any(request.form.get(name) for name in out)
    if not by or only_secrets:
        return []
    return [("kept_to", request.path), ("kept_by", by), *((f"{KEPT}{name}", value) for name, value in sent)]


def kept_form(request: Request, readers: Collection[str]) -> tuple[str, list[tuple[str, str]]] | None:
    """Return where a kept form goes and its fields, or None when there is none, or it is another person's."""
    to = request.form.get("kept_to", "")
    if not to or request.form.get("kept_by") not in readers:
        return None
    return to, [(n[len(KEPT) :], v) for n, v in request.form.items(multi=True) if n.startswith(KEPT)]
