"""Forms of sittings: the code, a new sitting, people by alias, notes, added minutes."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.checks.domain.sittings import MOST_ADDED_MINUTES, NOTE_LIMIT, PLACE_LIMIT
from app.identity.domain.contact import ALIAS_MAX
from app.web.forms import Form, OneOfField, SomeOfField

LONGEST_SUBMISSION, LONGEST_CODE = 64, 40
LONGEST_ALIASES = 4000
GROUP, OFFICER = "group", "officer"


class SittingCodeForm(Form):
    """The code of a sitting."""

    code = StringField(
        _("Code"),
        validators=[
            DataRequired(_("Enter the code.")),
            Length(max=LONGEST_CODE, message=_("Enter the code of 8 letters and figures.")),
        ],
    )


class SittingForm(Form):
    """A new sitting: what is checked, for whom, when and where."""

    aims = SomeOfField(
        _("What is checked"),
        default=[],
        validators=[DataRequired(_("Choose at least one competency."))],
        invalid_choice_message=_("Choose competencies from the list."),
    )
    kind = OneOfField(
        _("Who is checked"), default=GROUP, pairs=[(GROUP, _("A group in a room")), (OFFICER, _("One officer"))]
    )
    agency = OneOfField(_("Agency"), default="", invalid_choice_message=_("Choose an agency from the list."))
    officers = TextAreaField(_("Officers"), validators=[Length(max=LONGEST_ALIASES)])
    day = DateField(_("Day"), validators=[DataRequired(_("Enter the day."))])
    at = TimeField(_("Time"), validators=[DataRequired(_("Enter the time, such as 09:00."))])
    location = StringField(_("Place"), validators=[Length(max=PLACE_LIMIT, message=_("Write at most 120 characters."))])
    surprise = BooleanField(_("Surprise check"))
    submission = StringField(validators=[Length(max=LONGEST_SUBMISSION)])

    def planned_for(self, zone: str) -> datetime:
        """Return the time of the sitting, entered in a time zone."""
        day: date = self.day.data
        at: time = self.at.data
        return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)

    def aliases(self) -> list[str]:
        """Return the aliases, one a line or with commas between."""
        lines = (self.officers.data or "").replace(",", "\n").splitlines()
        return list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))


class InvigilatorForm(Form):
    """A second invigilator."""

    alias = StringField(_("Alias"), validators=[DataRequired(_("Enter the alias.")), Length(max=ALIAS_MAX)])


class MoreOfficersForm(Form):
    """Further officers of a sitting."""

    officers = TextAreaField(
        _("Officers"), validators=[DataRequired(_("Enter an alias.")), Length(max=LONGEST_ALIASES)]
    )

    def aliases(self) -> list[str]:
        """Return the aliases, one a line or with commas between."""
        lines = (self.officers.data or "").replace(",", "\n").splitlines()
        return list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))


class SittingNoteForm(Form):
    """A note or a reason."""

    note = TextAreaField(_("Note"), validators=[Length(max=NOTE_LIMIT, message=_("Write at most 600 characters."))])


class MinutesForm(Form):
    """Minutes that an invigilator adds for one officer, with the reason."""

    minutes = IntegerField(
        _("Minutes"),
        validators=[
            DataRequired(_("Enter the minutes.")),
            NumberRange(1, MOST_ADDED_MINUTES, message=_("Add 1 to 30 minutes.")),
        ],
    )
    reason = StringField(
        _("Reason"), validators=[Optional(), Length(max=120, message=_("Write at most 120 characters."))]
    )
