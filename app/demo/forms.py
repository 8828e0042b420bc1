"""What the demonstration's bar may send."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.demo.site_folder import MOST_WEEKS
from app.web.forms import Form


class DateForm(Form):
    """How many weeks the date stands in the future; 0 is today."""

    weeks = IntegerField(validators=[InputRequired(), NumberRange(0, MOST_WEEKS)])


class LineForm(Form):
    """1: the line is down, 0: it is up."""

    offline = IntegerField(validators=[InputRequired(), NumberRange(0, 1)])
