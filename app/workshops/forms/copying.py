"""Form to copy an event: the code and the first day of the new one."""

from flask_babel import gettext, lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Regexp

from app.web.forms import Form
from app.workshops.domain import drafts, times


class CopyForm(Form):
    """The code and the first day of a copy."""

    code = StringField(
        _("Code"),
        [
            InputRequired(_("Enter a code.")),
            Regexp(drafts.CODE, message=_("Use 2 to 20 capital letters, figures and hyphens, such as WS-2027-02.")),
        ],
    )
    first_day = DateField(_("First day"), [InputRequired(_("Enter the first day."))])

    def fits(self) -> bool:
        """Check that the event can take place on the day, and add an error if not."""
        if times.is_possible(self.first_day.data):
            return True
        self.first_day.errors = [gettext("Enter the first day.")]
        return False
