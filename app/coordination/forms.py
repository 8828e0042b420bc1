"""Forms of coordination: an action, its steps, another date, a note, filters of lists, a suggestion to several."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.coordination import labels
from app.coordination.domain.actions import NOTE_LIMIT, RESULT_LIMIT, TEXT_LIMIT
from app.coordination.domain.matrix import MatrixView
from app.web.forms import Form, OneOfField, trimmed

LONGEST_SUBMISSION = 64
LONGEST_ALIAS, REASON_LIMIT = 80, 200
ALL_STATES, LIVE_STATES = "all", "live"


class ActionForm(Form):
    """A new action: what, by whom, until when; the origin and the subject come with the address."""

    text = StringField(
        _("Action"),
        validators=[
            DataRequired(_("Describe the action.")),
            Length(max=TEXT_LIMIT, message=_("Write at most 150 characters.")),
        ],
    )
    owner = OneOfField(_("Owner"), invalid_choice_message=_("Choose an owner from the list."))
    due_on = DateField(_("Due on"), validators=[DataRequired(_("Enter the date by which it is to be done."))])
    subject = OneOfField(_("About"), default="", invalid_choice_message=_("Choose a subject from the list."))
    about_country = OneOfField(_("Country"), default="", invalid_choice_message=_("Choose a country from the list."))
    meeting_on = DateField(_("Agreed at the meeting of"), validators=[Optional()])
    origin = StringField(validators=[Length(max=LONGEST_SUBMISSION)])
    submission = StringField(validators=[Length(max=LONGEST_SUBMISSION)])


class StepForm(Form):
    """The result of an action, or the reason for dropping it."""

    explanation = TextAreaField(
        _("Result or reason"), validators=[Length(max=RESULT_LIMIT, message=_("Write at most 300 characters."))]
    )


class DueForm(Form):
    """Another date for an action."""

    due_on = DateField(_("New date"), validators=[DataRequired(_("Enter the new date."))])


class NoteForm(Form):
    """A note on an action."""

    text = TextAreaField(
        _("Note"),
        validators=[
            DataRequired(_("Write the note.")),
            Length(max=NOTE_LIMIT, message=_("Write at most 300 characters.")),
        ],
    )


class ActionFilterForm(Form):
    """The filter of the list of actions in the query string."""

    state = OneOfField(
        _("State"),
        default=LIVE_STATES,
        pairs=[
            (LIVE_STATES, _("Open and in progress")),
            (ALL_STATES, _("All")),
            *((state.value, text) for state, (text, _shape) in labels.STATES.items()),
        ],
    )
    office = OneOfField(
        _("Owner"),
        default="",
        pairs=[("", _("All")), *((office.value, text) for office, text in labels.OFFICES.items())],
    )
    country = OneOfField(_("Country"), default="")
    overdue = BooleanField(_("Overdue only"))


class MatrixForm(Form):
    """The filter of the matrix of officers in the query string."""

    show = OneOfField(
        _("Show"),
        default=MatrixView.COURSES.value,
        pairs=[(view.value, text) for view, text in labels.MATRIX_VIEWS.items()],
    )
    needs = OneOfField(_("Needs"), default="")
    role = OneOfField(_("Role"), default="")
    agency = OneOfField(_("Agency"), default="")
    state = OneOfField(_("State"), default="")
    after = StringField(default="", validators=[Length(max=LONGEST_ALIAS)])

    def chosen_values(self) -> dict[str, Any]:
        """Return the filter for an address, without defaults and page."""
        values = {name: self[name].data or "" for name in ("show", "needs", "role", "agency", "state")}
        return {name: value for name, value in values.items() if value and value != MatrixView.COURSES}


class SuggestionForm(Form):
    """A course for several officers, with a date and a reason."""

    today: date

    course = OneOfField(
        _("Course"),
        validators=[DataRequired(_("Choose a course from the list."))],
        invalid_choice_message=_("Choose a course from the list."),
    )
    due_on = DateField(_("By, if there is a day"), validators=[Optional()])
    reason = StringField(
        _("Reason (optional)"),
        validators=[Optional(), Length(max=REASON_LIMIT, message=_("Enter at most 200 characters."))],
        filters=[trimmed],
    )

    def validate_due_on(self, field: Any) -> None:
        """Reject a past day."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("Choose today or a later day."))
