"""Forms of `/people/<id>/service/erasure` and of the pages of the access log."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Optional, Regexp

from app.sign_in.forms.authentication import ReauthenticationForm
from app.web.forms import Form


class ErasureForm(ReauthenticationForm):
    """Confirmation that the contact point identified the person before the erasure, and the password."""

    identified = BooleanField(
        _("I have identified this person, face to face or by a call"), [InputRequired(_("Tick the box first."))]
    )


class LooksForm(Form):
    """The query parameter of the access log: the position of the last row of the previous page."""

    before = StringField(validators=[Optional(), Regexp(r"\d{1,16}-\d{1,18}\Z")])
