"""Forms of an officer: the language of a booking, the answers to three questions of interest, a reason to withdraw."""

from flask_babel import gettext, lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField
from app.workshops.domain.allocation import CountedAs
from app.workshops.domain.nominations import LanguageLevel, UseTime
from app.workshops.service.nominations import MOST_CHARACTERS, Interest
from app.workshops.shapes import OwnNomination

_TOO_LONG = _("Enter at most 300 characters.")
_CHOOSE = _("Choose an answer.")
LANGUAGE_QUESTION = _("How well do you know the working language?")
LANGUAGE_LEVELS = [
    (LanguageLevel.FLUENT, _("Fluent")),
    (LanguageLevel.WORKING, _("Enough for work")),
    (LanguageLevel.BASIC, _("Basic")),
    (LanguageLevel.NONE, _("Not at all")),
]


class BookingForm(Form):
    """The level of the working language of an event with open enrolment."""

    language_level = OneOfField(LANGUAGE_QUESTION, LANGUAGE_LEVELS, invalid_choice_message=_CHOOSE)


class InterestForm(Form):
    """Three questions, and the sex that the officer may tell."""

    use_time = OneOfField(
        _("When would you use it?"),
        [
            (UseTime.NOW, _("At once")),
            (UseTime.THIS_YEAR, _("Within a year")),
            (UseTime.LATER, _("Later")),
            (UseTime.NOT_SURE, _("Not sure")),
        ],
        invalid_choice_message=_CHOOSE,
    )
    language_level = OneOfField(LANGUAGE_QUESTION, LANGUAGE_LEVELS, invalid_choice_message=_CHOOSE)
    aim = TextAreaField(
        _("What do you want to do with it?"),
        [
            DataRequired(_("Write one or two sentences. Those who decide read them.")),
            Length(max=MOST_CHARACTERS, message=_TOO_LONG),
        ],
        filters=[without_unseen],
    )
    counted_as = OneOfField(
        _("Your sex, if you want to say it"),
        [
            (CountedAs.NOT_SAID, _("I do not say")),
            (CountedAs.WOMAN, _("Woman")),
            (CountedAs.MAN, _("Man")),
        ],
        invalid_choice_message=_CHOOSE,
    )

    @classmethod
    def of(cls, nomination: OwnNomination | None) -> "InterestForm":
        """Return the form with the answers of a nomination."""
        if nomination is None:
            return cls(counted_as=CountedAs.NOT_SAID)
        return cls(
            use_time=nomination.use_time,
            language_level=nomination.language_level,
            aim=nomination.aim,
            counted_as=nomination.counted_as or CountedAs.NOT_SAID,
        )

    def interest(self) -> Interest:
        """Return the answers."""
        return Interest(
            use_time=UseTime(self.use_time.data),
            language_level=LanguageLevel(self.language_level.data),
            aim=self.aim.data,
            counted_as=CountedAs(self.counted_as.data),
        )


class WithdrawalForm(Form):
    """The reason to withdraw; it is required after the last day to withdraw without a reason."""

    reason = StringField(
        _("Reason"), [Optional(), Length(max=MOST_CHARACTERS, message=_TOO_LONG)], filters=[without_unseen]
    )

    def fits(self, *, needs_reason: bool) -> bool:
        """Return whether the form is valid, and set the error otherwise."""
        if not self.validate():
            return False
        if needs_reason and not (self.reason.data or "").strip():
            self.reason.errors = [gettext("Say why. The last day to withdraw without a reason has passed.")]
            return False
        return True
