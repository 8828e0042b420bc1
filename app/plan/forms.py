"""Forms of the plan: filters in the query string, notes, figures entered by hand, targets, planned needs."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, DateField, FileField, FloatField, IntegerField, StringField, TextAreaField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from app.plan.domain.targets import TargetOpinion
from app.plan.domain.value_sheets import ValueKind
from app.web.forms import Form, OneOfField

FIRST_DAY = date(2000, 1, 1)
LONGEST_NOTE, LONGEST_REASON, LONGEST_MARK = 1000, 300, 64
_NAME = r"[a-z_]{0,40}"


def _sentences(label: LazyString, missing: LazyString) -> Any:
    """Return a field for a reason; `missing` is the error without one."""
    return TextAreaField(label, validators=_required(missing))


def _line(label: LazyString, missing: LazyString) -> Any:
    """Return a field for a source in one line; `missing` is the error without one."""
    return StringField(label, validators=_required(missing))


def _required(missing: LazyString) -> list[DataRequired | Length]:
    return [DataRequired(missing), Length(max=LONGEST_REASON, message=_("Write at most 300 signs."))]


class AskedForm(Form):
    """The query string of the plan's pages: day, filters, and the record after which a list continues."""

    on = DateField(_("As of"), validators=[Optional()])
    country = StringField(validators=[Optional(), Regexp(r"[A-Z]{2}\Z")])
    agency_kind = StringField(validators=[Optional(), Regexp(_NAME + r"\Z")])
    role = StringField(validators=[Optional(), Regexp(_NAME + r"\Z")])
    watched = StringField(validators=[Optional(), AnyOf(["own_chain"])])
    compare = BooleanField()
    after = IntegerField(validators=[Optional(), NumberRange(0, 2**62)])
    today: date

    def validate_on(self, field: DateField) -> None:
        """Reject days in the future, and days before 2000."""
        if field.data and not FIRST_DAY <= field.data <= self.today:
            raise ValidationError(str(_("Choose today or a day before.")))


class WhatIfForm(Form):
    """The query string of the what-if page: indicator and day, and an action to add to those of `do`."""

    code = StringField(validators=[Length(max=20)])
    on = DateField(validators=[Optional()])
    kind = StringField(validators=[Length(max=20)])
    activity = StringField(validators=[Length(max=20)])
    number = StringField(validators=[Length(max=10)])
    day = StringField(validators=[Length(max=10)])


class NoteForm(Form):
    """A note on an outcome or output."""

    text = TextAreaField(
        _("Note"),
        validators=[
            DataRequired(_("Write the note.")),
            Length(max=LONGEST_NOTE, message=_("Write at most 1,000 signs.")),
        ],
    )
    submission = StringField(validators=[Length(max=LONGEST_MARK)])


class FigureForm(Form):
    """A figure entered by hand, with where it comes from."""

    code = OneOfField(
        _("Indicator"),
        validators=[DataRequired(_("Choose an indicator from the list."))],
        invalid_choice_message=_("Choose an indicator from the list."),
    )
    country = OneOfField(_("Country"), default="", invalid_choice_message=_("Choose a country from the list."))
    day = DateField(_("True of the day"), validators=[DataRequired(_("Enter the day that the figure is true of."))])
    value = FloatField(_("Figure"), validators=[InputRequired(_("Enter the figure as a number, such as 12."))])
    source = _line(_("Source"), _("Enter where the figure comes from."))

    explanation = StringField(
        _("Reason for the large change"),
        validators=[Length(max=LONGEST_REASON, message=_("Write at most 300 signs."))],
    )
    submission = StringField(validators=[Length(max=LONGEST_MARK)])
    checked = StringField(validators=[Length(max=LONGEST_MARK)])  # the values that the sender saw checked
    rules: Sequence[tuple[str, str]] = ()  # what may be entered, by indicator

    def offer(self, codes: Iterable[tuple[str, object]], countries: Iterable[tuple[str, object]]) -> None:
        """Set the indicators and countries to choose from."""
        self.code.offer(codes)
        self.country.offer(countries)


class TargetsForm(Form):
    """The query string of the targets: an outcome or output, and a year or quarter."""

    result = StringField(_("Outcome or output"), validators=[Length(max=20)])
    period = StringField(_("Year or quarter"), validators=[Length(max=7)])


class TargetForm(Form):
    """A version of a target."""

    value = FloatField(_("Target"), validators=[InputRequired(_("Enter the target as a number, such as 12."))])
    second = FloatField(_("Second value"), validators=[Optional()])
    valid_from = DateField(_("Valid from"), validators=[Optional()])
    reason = _sentences(_("Reason"), _("Enter the reason of the target."))
    version = IntegerField(validators=[InputRequired(), NumberRange(0, 2**31)])
    submission = StringField(validators=[Length(max=LONGEST_MARK)])


class TargetNoteForm(Form):
    """The opinion of a contact point on a target."""

    opinion = OneOfField(
        _("Opinion"),
        [(TargetOpinion.AGREEMENT, _("I agree")), (TargetOpinion.OBJECTION, _("I object"))],
        invalid_choice_message=_("Choose whether you agree."),
    )
    text = _sentences(_("In a sentence"), _("Write a sentence."))
    submission = StringField(validators=[Length(max=LONGEST_MARK)])


class SplitForm(Form):
    """Targets of all countries, split by need."""

    reason = _sentences(_("Reason"), _("Enter the reason of the targets."))
    shown = StringField(validators=[Length(max=LONGEST_MARK)])  # identifies the parts on the page


class PlannedNeedForm(Form):
    """How many officers the own country wants to reach."""

    role = OneOfField(_("Role"), invalid_choice_message=_("Choose a role from the list."))
    value = IntegerField(
        _("Officers to reach in the plan period"),
        validators=[InputRequired(_("Enter a whole number, such as 120."))],
    )
    day = DateField(_("Day of the source"), validators=[DataRequired(_("Enter the day of the source."))])
    source = _line(_("Source"), _("Enter where the number comes from."))
    submission = StringField(validators=[Length(max=LONGEST_MARK)])


class ReturnForm(Form):
    """The reason for returning a figure to its author."""

    reason = _sentences(_("Reason"), _("Describe what to change."))


class FileForm(Form):
    """The document behind a figure."""

    document = FileField(_("Document (PDF, at most 5 MB)"))


class ShownRowsForm(Form):
    """The filter of the rows of a checked sheet of values, from the address."""

    show = OneOfField(
        _("Rows"),
        [
            ("", _("All rows")),
            (ValueKind.WRONG, _("Wrong")),
            (ValueKind.NEW, _("New")),
            (ValueKind.CHANGED, _("Changed")),
            (ValueKind.SAME, _("Same")),
        ],
        default="",
    )
