"""Form to admit an officer who lacks a requirement to an event with open enrolment."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form

LONGEST = 300


class AdmitOfficerForm(Form):
    """An officer by alias, and why the officer is admitted."""

    alias = StringField(
        _("Alias"), [DataRequired(_("Enter an alias.")), Length(max=80, message=_("Enter at most 80 characters."))]
    )
    reason = StringField(
        _("Why you admit this officer"),
        [
            DataRequired(_("Say why the officer is admitted.")),
            Length(max=LONGEST, message=_("Enter at most 300 characters.")),
        ],
        filters=[without_unseen],
    )
