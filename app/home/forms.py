"""What a person may look for, and claim; what a contact point or a supervisor may suggest."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional, ValidationError

from app.catalogue.domain.items import Level
from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField


class SearchForm(Form):
    q = StringField(validators=[Optional(), Length(max=200, message=_("Enter at most 200 characters."))])


class TreatyForm(Form):
    """The country whose treaties are shown, and another one that it is compared with."""

    country = OneOfField(_("Country"), default="", invalid_choice_message=_("Choose a country from the list."))
    other = OneOfField(
        _("Together with"), name="with", default="", invalid_choice_message=_("Choose a country from the list.")
    )

    def offer(self, countries: Iterable[tuple[str, str]]) -> None:
        """Set the countries, by code with their names."""
        pairs = list(countries)
        self.country.offer([("", _("Choose a country")), *pairs])
        self.other.offer([("", _("No other country")), *pairs])


class ClaimForm(Form):
    """The level at which an earlier skill is claimed."""

    level = OneOfField(invalid_choice_message=_("Choose the level at which you could do it."))

    def offer(self, levels: Iterable[Level]) -> None:
        """Set the levels that the competency has."""
        self.level.offer((str(each), each) for each in levels)

    def chosen(self) -> Level:
        """Return the level."""
        return Level(self.level.data)


def _one_line(text: str | None) -> str:
    return " ".join((without_unseen(text) or "").split())


class SuggestForm(Form):
    """A course for an officer, by when, and why."""

    today: date

    course = OneOfField(_("Course"), invalid_choice_message=_("Choose a course from the list."))
    due_on = DateField(_("By, if there is a day"), [Optional()])
    reason = StringField(
        _("Reason, if you like"),
        [Optional(), Length(max=200, message=_("Enter at most 200 characters."))],
        filters=[_one_line],
    )

    def validate_due_on(self, field: Any) -> None:
        """Refuse a day that is over."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("Choose today or a later day."))
