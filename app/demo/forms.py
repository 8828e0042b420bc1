"""Forms of the demonstration bar: weeks by which the date is moved, and whether the connection is cut."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.demo.demo_folder import MOST_WEEKS
from app.web.forms import Form


class DateForm(Form):
    """The number of weeks by which the date is moved into the future; 0 is today."""

    weeks = IntegerField(validators=[InputRequired(), NumberRange(0, MOST_WEEKS)])


class LineForm(Form):
    """Whether the connection for saved answers is cut: 1 or 0."""

    offline = IntegerField(validators=[InputRequired(), NumberRange(0, 1)])
