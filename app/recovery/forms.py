"""Forms of `/sign-in/help` (request a link) and `/people/<id>/access` (restore access, close)."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from app.recovery.domain import IdentityCheck
from app.sign_in.forms.authentication import ReauthenticationForm
from app.web.forms import Form, OneOfField

WAYS: Sequence[tuple[str, object]] = (
    (IdentityCheck.KNOWN, _("I know this person and spoke with them face to face")),
    (IdentityCheck.SERVICE_CARD, _("I met the person and checked the service card")),
    (IdentityCheck.IDENTITY_DOCUMENT, _("I met the person and checked an identity document")),
)


class HelpForm(Form):
    """The account for which a link to a new password is requested."""

    name = StringField(
        _("Work e-mail or service number"),
        [
            InputRequired(_("Enter your work e-mail or service number.")),
            Length(max=200, message=_("Enter at most 200 characters.")),
        ],
    )


class RestoreAccessForm(ReauthenticationForm):
    """How a helper checked the identity of a person."""

    how = OneOfField(_("How did you check the identity?"), WAYS, invalid_choice_message=_("Choose how."))
    confirmed = BooleanField(
        _("I met this person myself today, and it is who this account belongs to."),
        [InputRequired(_("Confirm that you met the person. Access cannot be restored without it."))],
    )


class CloseAccountForm(ReauthenticationForm):
    """The confirmation of the consequences before an account is closed, and the password of the user."""

    sure = BooleanField(
        _("I have read what follows. Close this account."),
        [InputRequired(_("Tick the box if the account is to be closed."))],
    )
