"""Forms of coordination: an action, its steps, another date, a note, and the filter of the list."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.coordination import labels
from app.coordination.domain.actions import NOTE_LIMIT, RESULT_LIMIT, TEXT_LIMIT
from app.web.forms import Form, OneOfField

LONGEST_SUBMISSION = 64
ALL_STATES, LIVE_STATES, OVERDUE = "all", "live", "overdue"


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
            (OVERDUE, _("Overdue")),
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
