"""Form of a case: the choice of a move in a decision."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.web.forms import Form


class ChoiceForm(Form):
    """The step that the page showed, and the position on the page of the chosen move."""

    step = IntegerField(validators=[InputRequired(), NumberRange(1, 1000)])
    move = IntegerField(validators=[InputRequired(_("Choose what you do.")), NumberRange(0, 100)])
