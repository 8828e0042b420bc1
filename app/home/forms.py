"""What a person may look for."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length, Optional

from app.web.forms import Form


class SearchForm(Form):
    q = StringField(validators=[Optional(), Length(max=200, message=_("Enter at most 200 characters."))])
