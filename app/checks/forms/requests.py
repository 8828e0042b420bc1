"""Form of the answer to officers who ask for a check."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from app.checks.domain.requests import REASON_LIMIT
from app.web.forms import Form, trimmed


class DeclineForm(Form):
    """The reason why requests are declined; the officers read it."""

    reason = StringField(
        _("Reason"),
        [Length(max=REASON_LIMIT, message=_("Enter at most 300 characters."))],
        filters=[trimmed],
    )

    def validate_reason(self, field: Any) -> None:
        """Reject an empty reason."""
        if not field.data:
            raise ValidationError(_("Enter the reason. The officers read it."))
