"""Forms of certificates: why one ends, and the number of one to revoke."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length

from app.credentials.domain.certificates import NUMBER_LENGTH
from app.web.forms import Form, ReasonForm, trimmed


class EndForm(ReasonForm):
    """The reason why a certificate is replaced or revoked; the holder reads it."""

    missing = _("Enter the reason. It is stored with the certificate.")


class NumberForm(Form):
    """The printed number of a certificate."""

    number = StringField(
        _("Number of the certificate"),
        [Length(max=NUMBER_LENGTH, message=_("Enter the number as printed, such as 2027-12345678."))],
        filters=[trimmed],
    )
