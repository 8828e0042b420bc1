"""What a person may send while reading."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.web.forms import Form


class PlaceForm(Form):
    """The number of the element on top of the screen."""

    place = IntegerField(validators=[InputRequired(), NumberRange(0, 30_000)])


class CheckForm(Form):
    """A press on "Check my answer": its own key makes a second press the first one."""

    press = StringField(validators=[InputRequired(_("Open the lesson again, then answer.")), Length(min=8, max=32)])
