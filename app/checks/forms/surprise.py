"""Forms of surprise checks: the quarter in the address, the reason of an excuse."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.checks.domain.requests import REASON_LIMIT
from app.web.forms import Form, OneOfField, trimmed


class QuarterForm(Form):
    """The quarter of the draws; without one the newest."""

    quarter = OneOfField(_("Quarter"), default="", invalid_choice_message=_("Choose a quarter from the list."))


class ExcuseForm(Form):
    """The reason for which an officer is excused."""

    reason = StringField(
        _("Reason"),
        filters=[trimmed],
        validators=[
            DataRequired(_("Enter the reason.")),
            Length(max=REASON_LIMIT, message=_("Write at most 300 characters.")),
        ],
    )
