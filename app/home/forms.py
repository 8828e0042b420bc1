"""Forms for the search, the treaties, a claim of earlier skill, and a suggestion."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import Length, Optional, ValidationError

from app.catalogue.domain.items import Level
from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField


class SearchForm(Form):
    q = StringField(validators=[Optional(), Length(max=200, message=_("Enter at most 200 characters."))])
    exact = BooleanField()  # the text is searched as it was typed


class TreatyForm(Form):
    """The country whose treaties are shown, and the country of the comparison."""

    country = OneOfField(_("Country"), default="", invalid_choice_message=_("Choose a country from the list."))
    other = OneOfField(
        _("Together with"), name="with", default="", invalid_choice_message=_("Choose a country from the list.")
    )

    def offer(self, countries: Iterable[tuple[str, str]]) -> None:
        """Set the countries, by code with their names."""
        pairs = list(countries)
        self.country.offer([("", _("Choose a country")), *pairs])
        self.other.offer([("", _("No other country")), *pairs])

    def countries(self) -> tuple[str, ...]:
        """Return the chosen countries: none, one, or two different ones."""
        if not self.country.data:
            return ()
        return tuple(dict.fromkeys(filter(None, (self.country.data, self.other.data))))


class ClaimForm(Form):
    """The level at which an earlier skill is claimed."""

    level = OneOfField(invalid_choice_message=_("Choose the level at which you could do it."))

    def offer(self, levels: Iterable[Level]) -> None:
        """Set the levels that the competency has."""
        self.level.offer((str(level), level) for level in levels)

    def chosen(self) -> Level:
        """Return the level."""
        return Level(self.level.data)


def _one_line(text: str | None) -> str:
    return " ".join((without_unseen(text) or "").split())


class SuggestForm(Form):
    """A course for an officer with a deadline and a reason."""

    today: date

    course = OneOfField(_("Course"), invalid_choice_message=_("Choose a course from the list."))
    due_on = DateField(_("By, if there is a day"), [Optional()])
    reason = StringField(
        _("Reason (optional)"),
        [Optional(), Length(max=200, message=_("Enter at most 200 characters."))],
        filters=[_one_line],
    )

    def validate_due_on(self, field: Any) -> None:
        """Reject a past day."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("Choose today or a later day."))
