"""What people may send about a way back in: who lost it, who helps, and who wants another mail address."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.accounts.domain import PASSPHRASE_MAX
from app.accounts.invitation_rules import is_mail
from app.accounts.recovery_rules import How
from app.kernel.signs import without_unseen
from app.web.forms import Form, OneOfField

WAYS: Sequence[tuple[str, object]] = (
    (How.KNOWN, _("I know this person and spoke with them face to face")),
    (How.SERVICE_CARD, _("I met the person and checked the service card")),
    (How.IDENTITY_DOCUMENT, _("I met the person and checked an identity document")),
)


def _a_mail(_form: Form, field: Any) -> None:
    if not is_mail(field.data or ""):
        raise ValidationError(_("Enter one mail address, such as name@service.example."))


def _plain(text: str | None) -> str | None:
    shown = without_unseen(text)
    return None if shown is None else shown.strip()


class HelpForm(Form):
    """Who wants a link to a new password."""

    name = StringField(
        _("Work e-mail or service number"),
        [
            InputRequired(_("Enter your work e-mail or service number.")),
            Length(max=200, message=_("Enter at most 200 characters.")),
        ],
    )


class ProvingForm(Form):
    """A step that takes the password of whoever takes it, unless they gave it lately."""

    password = PasswordField(
        _("Your password"), [Optional(), Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters."))]
    )

    def proves(self, *, lately: bool) -> bool:
        """Check that there is a password where one is needed, and note the mistake otherwise."""
        if lately or self.password.data:
            return True
        self.password.errors = [_("Enter your password.")]
        return False


class LetInForm(ProvingForm):
    """How a helper knew somebody again."""

    how = OneOfField(_("How did you know the person again?"), WAYS, invalid_choice_message=_("Choose how."))
    confirmed = BooleanField(
        _("I met this person myself today, and it is who this account belongs to."),
        [InputRequired(_("Confirm that you met the person. Without that nobody is let in."))],
    )


class CloseForm(ProvingForm):
    """That somebody has read what follows."""

    sure = BooleanField(
        _("I have read what follows. Close this account."),
        [InputRequired(_("Tick the box if the account is to be closed."))],
    )


class NewAddressForm(Form):
    """The address that somebody wants."""

    mail = StringField(_("New work e-mail"), [InputRequired(_("Enter the work e-mail.")), _a_mail], filters=[_plain])
