"""Forms of a new case, and of playing a draft."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp

from app.web.forms import Form, trimmed

MOST_MOVES = 200


class NewCaseForm(Form):
    """A new case of a course."""

    title = StringField(
        _("Title"),
        [DataRequired(_("Enter a title.")), Length(max=200, message=_("Enter at most 200 characters."))],
        filters=[trimmed],
    )


class PlayForm(Form):
    """The moves chosen so far, as positions in the text, and the position on the page of the next one.

    `step` is sent by the page of a decision, so that a choice without a move is noticed.
    """

    moves = StringField(validators=[Regexp(rf"(\d{{1,3}}(\.\d{{1,3}}){{0,{MOST_MOVES - 1}}})?\Z")])
    move = IntegerField(validators=[Optional(), NumberRange(0, 100)])
    step = IntegerField(validators=[Optional(), NumberRange(1, MOST_MOVES)])

    def choices(self) -> tuple[int, ...]:
        """Return the moves chosen so far, in order."""
        text = self.moves.data or ""
        return tuple(int(index) for index in text.split(".")) if text else ()
