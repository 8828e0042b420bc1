"""The form of the first administrator of a site, at `/welcome/administrator`."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.i18n.languages import country_name
from app.identity.domain.contact import is_mail
from app.operations.domain import MEMBERS
from app.sign_in.forms.authentication import OwnPasswordForm
from app.sign_in.forms.names import AT_MOST_200, OwnNameForm
from app.web.forms import OneOfField


class AdministratorForm(OwnNameForm, OwnPasswordForm):
    """Name, mail address, password, country and agency of the first administrator."""

    mail = StringField(_("Work e-mail"), [InputRequired(_("Enter the work e-mail."))])
    country = OneOfField(
        _("Country"),
        validators=[DataRequired(_("Choose a country from the list."))],
        invalid_choice_message=_("Choose a country from the list."),
    )
    agency = StringField(
        _("Agency"), [InputRequired(_("Enter the name of the agency.")), Length(max=200, message=AT_MOST_200)]
    )

    def offer(self) -> None:
        """Set the countries to choose from."""
        named = sorted((country_name(code), code) for code in MEMBERS)
        self.country.offer([("", _("Choose")), *((code, name) for name, code in named)])

    def validate_mail(self, field: Any) -> None:
        """Reject a text that is not a mail address."""
        if not is_mail((field.data or "").strip()):
            raise ValidationError(_("Enter one mail address, such as name@service.example."))
