"""Forms of certificates: why one ends, and the number of one to revoke."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from app.credentials.domain.certificates import NUMBER_LENGTH, REASON_LIMIT
from app.web.forms import Form, trimmed


class EndForm(Form):
    """The reason why a certificate is replaced or revoked; the holder reads it."""

    reason = StringField(
        _("Reason"),
        [Length(max=REASON_LIMIT, message=_("Enter at most 300 characters."))],
        filters=[trimmed],
    )

    def validate_reason(self, field: Any) -> None:
        """Reject an empty reason."""
        if not field.data:
            raise ValidationError(_("Enter the reason. It is stored with the certificate."))


class NumberForm(Form):
    """The printed number of a certificate."""

    number = StringField(
        _("Number of the certificate"),
        [Length(max=NUMBER_LENGTH, message=_("Enter the number as printed, such as 2027-12345678."))],
        filters=[trimmed],
    )
