"""What a contact point may decide for the country."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from app.accounts.domain import PASSPHRASE_MAX, AgencyKind
from app.kernel.signs import is_blank, without_unseen
from app.web.forms import Form, OneOfField

MONTHS = _("Enter a number of months, from 0 to 120.")
KINDS = [
    (AgencyKind.BORDER, _("Border")),
    (AgencyKind.POLICE, _("Police")),
    (AgencyKind.PROSECUTION, _("Prosecution")),
    (AgencyKind.LABOUR, _("Labour")),
    (AgencyKind.MIGRATION, _("Migration")),
    (AgencyKind.OTHER, _("Other")),
]


def _name(text: str | None) -> str | None:
    shown = without_unseen(text)
    return None if shown is None or is_blank(shown) else " ".join(shown.split())


class SignInRulesForm(Form):
    """How officers of the country sign in."""

    second_factor = BooleanField(_("Officers need a second factor to sign in"))
    printed_codes = BooleanField(_("A printed list of codes may be the second factor"))


class WithoutSecondStepForm(Form):
    """The password of who lets officers sign in by password alone."""

    password = PasswordField(
        _("Your password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )


class HelpContactForm(Form):
    """Where officers find help after a hard text; plain words."""

    text = TextAreaField(
        _("Where officers find help"), validators=[Length(max=500, message=_("Enter at most 500 characters."))]
    )


class NamesForm(Form):
    """How long names are kept after somebody left."""

    months = StringField(_("Months"), [InputRequired(MONTHS), Regexp(r"(\d|[1-9]\d|1[01]\d|120)\Z", message=MONTHS)])


class AgencyNameForm(Form):
    """How a service is called."""

    name = StringField(
        _("Name of the agency"),
        [
            DataRequired(_("Enter the name of the agency.")),
            Length(max=200, message=_("Enter at most 200 characters.")),
        ],
        filters=[_name],
    )


class AgencyForm(AgencyNameForm):
    """A new service."""

    kind = OneOfField(_("Kind"), KINDS, invalid_choice_message=_("Choose a kind from the list."))
