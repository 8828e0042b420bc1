"""Form of the filter of the lists of sources and terms."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length, Optional

from app.web.forms import Form, trimmed


class ReferenceFilter(Form):
    """The text that an entry must contain."""

    q = StringField(_("Filter"), [Optional(), Length(max=200, message=_("Enter at most 200 characters."))], [trimmed])
