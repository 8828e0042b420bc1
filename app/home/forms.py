"""What a person may look for, and claim."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length, Optional

from app.catalogue.domain.items import Level
from app.web.forms import Form, OneOfField


class SearchForm(Form):
    q = StringField(validators=[Optional(), Length(max=200, message=_("Enter at most 200 characters."))])


class ClaimForm(Form):
    """The level at which an earlier skill is claimed."""

    level = OneOfField(invalid_choice_message=_("Choose the level at which you could do it."))

    def offer(self, levels: Iterable[Level]) -> None:
        """Set the levels that the competency has."""
        self.level.offer((str(each), each) for each in levels)

    def chosen(self) -> Level:
        """Return the level."""
        return Level(self.level.data)
