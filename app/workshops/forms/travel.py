"""Forms of a participant's visa and travel dates, of needs, and of an invitation letter."""

from flask_babel import lazy_gettext as _, lazy_pgettext
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, Length, Optional

from app.i18n.languages import language
from app.web.forms import Form, OneOfField, SomeOfField, trimmed
from app.workshops.domain.needs import AccessNeed, Diet, DietAndAccess, needs_of
from app.workshops.domain.travel import Travel, Visa

NOT_ANSWERED = "unknown"
LETTER_LANGUAGES = ("en", "fr", "ar")
MOST_NAME = 120  # characters
DIET = {
    Diet.VEGETARIAN: _("Vegetarian"),
    Diet.VEGAN: _("Vegan"),
    Diet.HALAL: _("Halal"),
    Diet.KOSHER: _("Kosher"),
    Diet.NO_GLUTEN: _("No gluten"),
    Diet.NO_MILK: _("No milk"),
    Diet.NO_NUTS: _("No nuts"),
    Diet.ASK_ME: lazy_pgettext("diet", "Something else: ask me"),
}
ACCESS = {
    AccessNeed.STEP_FREE: _("No steps"),
    AccessNeed.HEARING: _("Help with hearing"),
    AccessNeed.SIGHT: _("Help with seeing"),
    AccessNeed.QUIET_ROOM: _("A quiet room"),
    AccessNeed.BREAKS: _("Extra breaks"),
    AccessNeed.ASK_ME: lazy_pgettext("access", "Something else: ask me"),
}
_DAY = [Optional()]


class TravelForm(Form):
    """Visa and travel dates; every date may be empty."""

    visa = OneOfField(
        _("Visa for the host country"),
        [
            (NOT_ANSWERED, _("Not known yet")),
            (Visa.NEEDED.value, _("Needed")),
            (Visa.NOT_NEEDED.value, _("Not needed")),
        ],
        invalid_choice_message=_("Choose an answer."),
    )
    visa_asked_on = DateField(_("Visa requested on"), _DAY)
    visa_received_on = DateField(_("Visa received on"), _DAY)
    arrives_on = DateField(_("Arrival"), _DAY)
    departs_on = DateField(_("Departure"), _DAY)

    @classmethod
    def of(cls, travel: Travel) -> "TravelForm":
        """Return the form with saved dates."""
        return cls(
            visa=travel.visa.value if travel.visa else NOT_ANSWERED,
            visa_asked_on=travel.visa_asked_on,
            visa_received_on=travel.visa_received_on,
            arrives_on=travel.arrives_on,
            departs_on=travel.departs_on,
        )

    def travel(self) -> Travel:
        """Return the submitted dates."""
        return Travel(
            visa=None if self.visa.data == NOT_ANSWERED else Visa(self.visa.data),
            visa_asked_on=self.visa_asked_on.data,
            visa_received_on=self.visa_received_on.data,
            arrives_on=self.arrives_on.data,
            departs_on=self.departs_on.data,
        )


class NeedsForm(Form):
    """Diet and access needs; none is an answer as well."""

    diet = SomeOfField(_("Diet"), choices=[])
    access = SomeOfField(_("Access"), choices=[])

    def offer(self) -> None:
        """Set the needs to choose from."""
        self.diet.offer([(value.value, label) for value, label in DIET.items()])
        self.access.offer([(value.value, label) for value, label in ACCESS.items()])

    def needs(self) -> DietAndAccess:
        """Return the submitted needs."""
        return needs_of(self.diet.data or (), self.access.data or ())


class LetterForm(Form):
    """The name of a participant, for one letter, and its language."""

    name = StringField(
        _("Name as in the passport"),
        [
            DataRequired(_("Enter the name.")),
            Length(max=MOST_NAME, message=_("Enter at most 120 characters.")),
        ],
        filters=[trimmed],
    )
    language = OneOfField(
        _("Language of the letter"),
        [(code, language(code).name) for code in LETTER_LANGUAGES],
        invalid_choice_message=_("Choose a language."),
    )
